from catalog.importers.headings import read_table
from catalog.importers.word import read_word

from .files import document, saved_document

HEADING = ["序号", "技术名称", "适用范围"]


def test_table_continued_on_the_next_page_is_joined_without_its_repeated_heading():
    doc = document([HEADING, ["1", "甲", "化工"]], [HEADING, ["2", "乙", "纺织"]], captions=["表1 推荐技术"])
    sheets = read_word(saved_document(doc))
    assert [sheet.name for sheet in sheets] == ["表1 推荐技术"]
    assert [row.cells for row in sheets[0].rows] == [HEADING, ["1", "甲", "化工"], ["2", "乙", "纺织"]]
    assert [row.number for row in sheets[0].rows] == [1, 2, 4]


def test_tables_with_captions_stay_apart():
    doc = document([HEADING, ["1", "甲", "化工"]], [HEADING, ["1", "乙", "纺织"]], captions=["表1", "表2"])
    assert [sheet.name for sheet in read_word(saved_document(doc))] == ["表1", "表2"]


def test_merged_word_cells_are_filled():
    doc = document([HEADING, ["1", "甲", "化工"], ["2", "", "纺织"], ["3", "乙", ""]])
    table = doc.tables[0]
    table.cell(1, 1).merge(table.cell(2, 1))
    table.cell(3, 1).merge(table.cell(3, 2))
    sheet = read_word(saved_document(doc))[0]
    assert [row.cells for row in sheet.rows[1:]] == [
        ["1", "甲", "化工"],
        ["2", "甲", "纺织"],
        ["3", "乙", "乙"],
    ]
    assert read_table(sheet, "technologies").repeated == {(3, 1)}
