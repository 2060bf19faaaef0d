import pytest

from catalog.importers.headings import column_letter, read_table, unit_of
from catalog.importers.xlsx import read_workbook

from .files import workbook


def table_of(rows, *, merges=(), kind="technologies", **options):
    return read_table(read_workbook(workbook(("表", rows), merges=merges))[0], kind, **options)


def test_heading_below_title_rows_is_found():
    table = table_of(
        [["附件1 推荐技术目录（2024年）", None, None], ["填报单位：某局", None, None], ["序号", "技术名称", "适用范围"], [1, "甲", "化工"]],
        merges=["A1:C1"],
    )  # fmt: skip
    assert table.heading_row == 3
    assert [column.heading for column in table.columns] == ["序号", "技术名称", "适用范围"]
    assert [row.number for row in table.rows] == [4]


def test_two_line_heading_is_joined():
    table = table_of(
        [
            ["序号", "技术名称", "典型案例", None],
            [None, None, "应用单位", "投资额（万元）"],
            [1, "甲", "某厂", 350],
        ],
        merges=["A1:A2", "B1:B2", "C1:D1"],
    )
    assert [column.heading for column in table.columns] == [
        "序号",
        "技术名称",
        "典型案例 / 应用单位",
        "典型案例 / 投资额（万元）",
    ]
    assert (table.heading_lines, table.columns[3].unit, len(table.rows)) == (2, "万元", 1)


def test_two_line_heading_without_vertical_merges_is_joined():
    table = table_of(
        [["技术名称", "经济性", None], [None, "投资额（万元）", "回收期"], ["甲", 5, "3年"]], merges=["B1:C1"]
    )
    assert [column.heading for column in table.columns][1:] == ["经济性 / 投资额（万元）", "经济性 / 回收期"]


def test_first_data_row_is_not_taken_for_a_second_heading_line():
    table = table_of([["技术名称", "适用范围", "备注"], ["余热回收技术", "化工", None], ["乙", "纺织", "x"]])
    assert (table.heading_lines, len(table.rows)) == (1, 2)


def test_repeated_headings_sections_and_remarks_are_left_out():
    heading = ["序号", "技术名称", "适用范围"]
    table = table_of(
        [
            heading, ["一、锅炉类", None, None], [1, "甲", "化工"], heading, ["二、电机类", None, None], [2, "乙", "纺织"],
            ["合计", 2, None], ["注：以上为公示稿", None, None],
        ],
        merges=["A2:C2"],
    )  # fmt: skip
    assert [row.number for row in table.rows] == [3, 6]
    assert [reason for _row, reason in table.skipped] == ["section", "heading", "section", "remark", "remark"]


def test_ordinary_titles_are_not_taken_for_remarks():
    titles = ["注塑机伺服改造", "示例化工余热利用", "说明书数字化", "合计量表改造"]
    assert len(table_of([["技术名称"], *[[title] for title in titles]]).rows) == 4
    assert table_of([["技术名称", "适用范围"], ["示例：某技术", "化工"], ["注：略", None]]).rows == []


def test_heading_row_named_by_the_user_is_taken():
    table = table_of(
        [["技术名称", "适用范围"], ["编号", "说明"], ["甲", "乙"]], heading_row=2, heading_lines=1
    )
    assert [column.heading for column in table.columns] == ["编号", "说明"]


@pytest.mark.parametrize(
    ("heading", "unit"),
    [
        ("投资额(万元)", "万元"),
        ("投资额（单位：万元）", "万元"),
        ("投资额/万元", "万元"),
        ("节能量（tce/a）", "tce/a"),
        ("推广比例（％）", "%"),
        ("年用电量（万kWh）", "万kWh"),
        ("技术名称（必填）", ""),
        ("申报单位/技术依托单位", ""),
        ("温度（℃）", "°C"),
    ],
)
def test_unit_is_read_from_the_heading(heading, unit):
    assert unit_of(heading) == unit


def test_columns_are_lettered_as_in_a_spreadsheet():
    assert [column_letter(index) for index in (0, 25, 26, 701, 702)] == ["A", "Z", "AA", "ZZ", "AAA"]
