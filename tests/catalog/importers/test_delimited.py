import pytest

from catalog.importers.delimited import read_delimited
from catalog.importers.problems import FileProblem

from .files import text_file

ROWS = [["技术名称", "投资额"], ["余热回收，一体式", "1,200万元"]]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16"])
def test_encodings_of_chinese_programs_are_read(encoding):
    sheet = read_delimited(text_file('技术名称,投资额\r\n余热回收，一体式,"1,200万元"\r\n', encoding))[0]
    assert [row.cells for row in sheet.rows] == ROWS


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_other_separators_are_recognised(delimiter):
    text = f"技术名称{delimiter}投资额\n余热回收，一体式{delimiter}1,200万元\n"
    assert [row.cells for row in read_delimited(text_file(text))[0].rows] == ROWS


def test_single_column_and_blank_lines_are_read():
    rows = read_delimited(text_file("title\n\n甲\n,\n乙\n"))[0].rows
    assert [(row.number, row.cells) for row in rows] == [(1, ["title"]), (3, ["甲"]), (5, ["乙"])]


def test_cell_with_line_end_stays_one_cell():
    rows = read_delimited(text_file('id,content\n1,"第一行\n第二行"\n'))[0].rows
    assert rows[1].cells == ["1", "第一行\n第二行"]


def test_unknown_encoding_is_refused():
    with pytest.raises(FileProblem, match="文字编码"):
        read_delimited(text_file("é", "latin-1"))
