from decimal import Decimal

import pytest

from catalog.importers.numbers import parse_amount
from catalog.importers.problems import ValueProblem
from catalog.importers.quantities import parse_carrier_use, parse_quantity
from catalog.importers.units import parse_energy, parse_money, parse_share, parse_unit_money, parse_years


def ends(found):
    return found.minimum, found.maximum


def numbers(*values):
    return tuple(None if value is None else Decimal(str(value)) for value in values)


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("1200万元", "", 12_000_000, 12_000_000),
        ("１，２００ 万元", "", 12_000_000, 12_000_000),
        ("约1200万元（含税）", "", 12_000_000, 12_000_000),
        ("总投资约1200余万元", "", 12_000_000, 12_000_000),
        ("800~1200万元", "", 8_000_000, 12_000_000),
        ("800万元－1200万元", "", 8_000_000, 12_000_000),
        ("1000元~1万元", "", 1000, 10_000),
        ("三百五十万元", "", 3_500_000, 3_500_000),
        ("1.2亿", "", 120_000_000, 120_000_000),
        ("2×10⁴元", "", 20_000, 20_000),
        ("不超过50万元", "", None, 500_000),
        ("1200", "万元", 12_000_000, 12_000_000),
        ("1200元", "万元", 1200, 1200),
        ("1200万", "元", 12_000_000, 12_000_000),
        ("0", "", 0, 0),
    ],
)
def test_money_becomes_yuan(text, unit, low, high):
    assert ends(parse_money(text, unit)) == numbers(low, high)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1200", "元还是万元"),
        ("120万美元", "人民币"),
        ("5000元/kW", "单位投资"),
        ("冬季20万元；夏季10万元", "哪个数值"),
        ("-5万元", "负数"),
        ("12~8万元", "大于"),
        ("面谈", "哪个数值"),
        ("<b>1</b>", "哪个数值"),
    ],
)
def test_money_that_cannot_be_read_says_what_is_expected(text, words):
    with pytest.raises(ValueProblem) as caught:
        parse_money(text)
    assert words in caught.value.message
    assert "万元" in caught.value.expected
    assert "1200万元" in caught.value.example


def test_money_per_unit_keeps_the_unit():
    found, per = parse_unit_money("0.8~1.2万元/t")
    assert (ends(found), per) == (numbers(8000, 12000), "t")
    assert parse_unit_money("1200", "元/kW")[1] == "kW"


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("1200", "", 1200, 1200),
        ("年节能量1200 tce", "", 1200, 1200),
        ("500~800吨标煤/年", "", 500, 800),
        ("1.2万吨标准煤", "", 12_000, 12_000),
        ("350kgce", "", "0.35", "0.35"),
        ("1.2", "万tce/a", 12_000, 12_000),
        ("100万kWh/a", "", "122.9", "122.9"),
        ("2000GJ", "", "68.24", "68.24"),
    ],
)
def test_energy_becomes_tce(text, unit, low, high):
    assert ends(parse_energy(text, unit)) == numbers(low, high)


@pytest.mark.parametrize("text", ["0.35吨标煤/吨", "350kgce/t"])
def test_saving_per_tonne_is_not_taken_for_a_yearly_saving(text):
    with pytest.raises(ValueProblem, match="单位产品"):
        parse_energy(text)


def test_electricity_is_converted_with_a_remark_naming_the_standard():
    assert "GB/T 2589-2020" in parse_energy("100万kWh").warning


@pytest.mark.parametrize(
    ("text", "low", "high"),
    [
        ("约3年", 3, 3),
        ("2~3年", 2, 3),
        ("3-5 年", 3, 5),
        ("三年", 3, 3),
        ("二至三年", 2, 3),
        ("两三年", 2, 3),
        ("半年", "0.5", "0.5"),
        ("一年半", "1.5", "1.5"),
        ("18个月", "1.5", "1.5"),
        ("1年以内", None, 1),
        ("3", 3, 3),
    ],
)
def test_durations_become_years(text, low, high):
    found = parse_years(text)
    assert tuple(end and round(end, 2) for end in ends(found)) == numbers(low, high)


@pytest.mark.parametrize(
    ("text", "unit", "low", "high"),
    [
        ("5%", "", "0.05", "0.05"),
        ("0.05", "", "0.05", "0.05"),
        ("5", "%", "0.05", "0.05"),
        ("<10%", "", None, "0.1"),
        ("１０～１５％", "", "0.1", "0.15"),
        ("80%以上", "", "0.8", None),
    ],
)
def test_shares_become_0_to_1(text, unit, low, high):
    assert ends(parse_share(text, unit)) == numbers(low, high)


def test_share_without_sign_is_taken_as_percent_with_a_remark_and_1_is_refused():
    assert (parse_share("5").maximum, bool(parse_share("5").warning)) == (Decimal("0.05"), True)
    with pytest.raises(ValueProblem, match="1% 还是 100%"):
        parse_share("1")
    with pytest.raises(ValueProblem, match="超过了 100%"):
        parse_share("120%")


@pytest.mark.parametrize(
    ("text", "code", "low", "high"),
    [
        ("≥80℃", "heat_source_temperature_c", 80, None),
        ("80℃以上", "heat_source_temperature_c", 80, None),
        ("-10～5℃", "heat_sink_temperature_c", -10, 5),
        ("15t/h", "heat_flow_t_per_h", 15, 15),
        ("8bar", "steam_pressure_mpa", "0.8", "0.8"),
        ("2MW", "power_kw", 2000, 2000),
        ("1.2万m³/h", "gas_flow_m3_per_h", 12000, 12000),
        ("6000~8000小时", "running_hours", 6000, 8000),
    ],
)
def test_plant_quantities_are_brought_to_their_unit(text, code, low, high):
    assert ends(parse_quantity(text, code)) == numbers(low, high)


def test_quantity_with_a_foreign_unit_is_refused():
    with pytest.raises(ValueProblem, match="不是这一项的单位"):
        parse_quantity("15t/h", "heat_source_temperature_c")


def test_carrier_use_needs_a_unit_and_applies_its_scale():
    assert parse_carrier_use("1200万kWh/年", "electricity").maximum == 12_000_000
    assert parse_carrier_use("80", "natural_gas", "万m³").maximum == 800_000
    with pytest.raises(ValueProblem, match="单位"):
        parse_carrier_use("1200", "electricity")


@pytest.mark.parametrize("text", ["", "无", "见附件", "1/2", "3.2.1", "A12", "1200万元800万元", "9" * 500])
def test_text_that_is_no_number_is_none(text):
    assert parse_amount(text) is None
