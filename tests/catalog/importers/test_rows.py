from datetime import date
from decimal import Decimal

import pytest

from catalog.importers.choice_synonyms import SYSTEM_SYNONYMS
from catalog.importers.choices import ChoiceIndex
from catalog.importers.headings import read_table
from catalog.importers.mapping import guess_mapping
from catalog.importers.rows import ColumnUse, read_rows
from catalog.importers.values import Choices
from catalog.importers.xlsx import read_workbook

from .files import workbook


@pytest.fixture
def choices():
    def index(*entries, synonyms=None):
        return ChoiceIndex(entries, label="列表", synonyms=synonyms)

    return Choices(
        industries=index(("C26", "化学原料和化学制品制造业"), ("C17", "纺织业")),
        systems=index(("boiler", "锅炉与供热"), ("compressed_air", "压缩空气"), synonyms=SYSTEM_SYNONYMS),
        carriers=index(("electricity", "电力"), ("natural_gas", "天然气")),
        cooperation=index(("sale", "设备销售"), ("emc", "合同能源管理")),
        evidence=index(("third_party_test", "第三方检测")),
        demand_source=index(("audit", "能源审计")),
    )


def read(rows, choices, *, merges=(), kind="technologies"):
    table = read_table(read_workbook(workbook(("表", rows), merges=merges))[0], kind)
    mapping = guess_mapping({column.index: column.heading for column in table.columns}, kind)
    uses = [
        ColumnUse(column.index, mapping[column.index].field, column.unit, column.heading)
        for column in table.columns
        if column.index in mapping
    ]
    return list(read_rows(table, uses, kind, choices))


def test_row_becomes_typed_values(choices):
    heading = [
        "序号",
        "技术名称",
        "投资额（万元）",
        "静态投资回收期",
        "目前推广比例",
        "用能系统",
        "适用行业",
        "有效期至",
        "余热温度",
    ]
    row = read(
        [heading, [1, "甲", "800~1200", "约3年", "<10%", "锅炉、空压机", "通用", "2027年6月", "≥80℃"]],
        choices,
    )[0]
    assert (row.errors, row.warnings) == ([], [])
    assert row.values == {
        "source_item": "1",
        "title": "甲",
        "investment_min_cny": Decimal("8000000.00"),
        "investment_max_cny": Decimal("12000000.00"),
        "payback_min_years": Decimal("3.00"),
        "payback_max_years": Decimal("3.00"),
        "penetration_now": Decimal("0.1000"),
        "systems": ["boiler", "compressed_air"],
        "applies_to_all_industries": True,
        "valid_until": date(2027, 6, 30),
    }
    assert row.parts == {"condition": {"heat_source_temperature_c": (Decimal("80.000"), None)}}


def test_errors_name_cell_value_and_what_is_expected(choices):
    heading = ["技术名称", "投资额", "节能量", "适用行业"]
    row = read([heading, [None, "很多", "0.35吨标煤/吨", "化学原料"]], choices)[0]
    assert [(note.letter, note.value, bool(note.expected)) for note in row.errors] == [
        ("B", "很多", True),
        ("C", "0.35吨标煤/吨", True),
        ("D", "化学原料", True),
        ("A", "", True),
    ]
    assert row.errors[3].message == "技术名称没有填写。"


def test_formula_without_result_and_excel_error_are_cell_errors(choices):
    row = read([["技术名称", "投资额（万元）", "节能量"], ["甲", "=100+2", "#DIV/0!"]], choices)[0]
    assert ["公式" in note.message for note in row.errors] == [True, True]


def test_several_long_text_columns_are_joined(choices):
    heading = ["需求名称", "存在问题", "审计结论"]
    row = read([heading, ["甲", "排烟温度高", "建议回收"]], choices, kind="demands")[0]
    assert row.values["problem"] == "排烟温度高\n审计结论：建议回收"


def test_rows_merged_with_the_one_above_only_add_cases(choices):
    rows = [
        ["技术名称", "典型案例", "典型案例投资额（万元）"],
        ["甲", "一厂", 10],
        [None, "二厂", 20],
        ["乙", "三厂", 30],
    ]
    read_ = read(rows, choices, merges=["A2:A3"])
    assert [(row.number, row.continues) for row in read_] == [(2, None), (3, 2), (4, None)]
    assert read_[1].parts["case"] == {"site": "二厂", "investment_cny": Decimal("200000.00")}


def test_long_case_text_becomes_description_with_a_short_site(choices):
    text = "某化工公司导热油炉改造，" + "投资与节能情况说明" * 30
    case = read([["技术名称", "典型案例"], ["甲", text]], choices)[0].parts["case"]
    assert case == {"site": "某化工公司导热油炉改造", "description": text}


def test_placeholders_mean_nothing_and_html_stays_text(choices):
    row = read(
        [["技术名称", "投资额", "技术简介"], ["<b>甲</b>", "—", "<script>alert(1)</script>"]], choices
    )[0]
    assert row.values == {"title": "<b>甲</b>", "summary": "<script>alert(1)</script>"}


def test_wrong_check_digit_is_a_cell_error(choices):
    row = read([["需求名称", "统一社会信用代码"], ["甲", "91310116MA0000001X"]], choices, kind="demands")[0]
    assert "校验位" in row.errors[0].message


def test_too_long_title_is_a_cell_error(choices):
    assert "太长" in read([["技术名称"], ["长" * 500]], choices)[0].errors[0].message
