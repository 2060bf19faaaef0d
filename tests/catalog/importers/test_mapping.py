import pytest

from catalog.importers.mapping import FIELDS, guess_mapping, heading_key


def guessed(kind, *headings):
    mapping = guess_mapping(dict(enumerate(headings)), kind)
    return [mapping[index].field if index in mapping else None for index in range(len(headings))]


def test_usual_catalogue_headings_are_mapped_in_any_order():
    headings = {
        "目前推广比例": "penetration_now", "典型案例": "case_site", "技术名称": "title", "静态投资回收期": "payback",
        "节能量(tce/a)": "annual_saving", "技术简介": "summary", "投资额(万元)": "investment", "适用范围": "scope",
        "技术原理": "principle", "主要技术指标": "indicators", "预计推广比例": "penetration_in_5_years",
        "申报单位/技术依托单位": "owner_name", "统一社会信用代码": "credit_code", "联系人": "contact_name", "序号": "source_item",
    }  # fmt: skip
    assert guessed("technologies", *headings) == list(headings.values())


def test_usual_demand_headings_are_mapped():
    headings = {
        "需求名称": "title", "存在问题": "problem", "审计结论": "problem", "用能系统": "systems", "企业名称": "organisation",
        "年用能量（吨标准煤）": "annual_use_tce", "期望节能量": "target_saving_tce", "预算（万元）": "budget_cny",
        "截止日期": "deadline", "年用电量(万kWh)": "use_electricity", "余热温度（℃）": "heat_source_temperature_c",
    }  # fmt: skip
    assert guessed("demands", *headings) == list(headings.values())


def test_plain_csv_headings_are_mapped():
    assert guessed("technologies", "technology_id", "title_words") == ["source_item", "title"]
    assert guessed("demands", "need_id", "title", "content") == ["source_item", "title", "problem"]


def test_unknown_heading_stays_open_and_a_field_is_taken_once():
    assert guessed("technologies", "技术名称", "所属街镇", "项目名称") == ["title", None, None]


def test_likeness_finds_a_heading_nobody_listed_but_is_less_sure():
    guess = guess_mapping({0: "项目静态投资回收期限"}, "technologies")[0]
    assert (guess.field, guess.is_sure) == ("payback", False)


def test_heading_key_drops_unit_width_numbering_and_punctuation():
    assert heading_key("＊ 3、投资额（万元）：") == heading_key("投资额/万元") == "投资额"


@pytest.mark.parametrize("kind", list(FIELDS))
def test_field_names_are_unique_and_one_title_is_required(kind):
    names = [field.name for field in FIELDS[kind]]
    assert len(names) == len(set(names))
    assert [field.name for field in FIELDS[kind] if field.is_required] == ["title"]
