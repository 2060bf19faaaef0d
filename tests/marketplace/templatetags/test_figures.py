"""Numbers as Chinese readers expect them."""

from decimal import Decimal

import pytest

from marketplace.templatetags import figures


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (None, "未提供"),
        ("", "未提供"),
        ("abc", "未提供"),
        (Decimal("NaN"), "未提供"),
        (0, "0 元"),
        (850, "850 元"),
        (12_500, "1.25 万元"),
        (Decimal("12500000.00"), "1250 万元"),
        (99_990_000, "9999 万元"),
        (320_000_000, "3.2 亿元"),
    ],
)
def test_yuan_uses_the_unit_that_reads_best(value, text):
    assert figures.yuan(value) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (600_000, 1_200_000, "60–120 万元"),
        (8_000, 12_000, "0.8–1.2 万元"),
        (None, 500_000, "不超过 50 万元"),
        (500_000, None, "不低于 50 万元"),
        (None, None, "未提供"),
        (500_000, 500_000, "50 万元"),
    ],
)
def test_money_range_has_one_unit(low, high, text):
    assert figures.money_range(low, high) == text


@pytest.mark.parametrize(
    ("low", "high", "text"),
    [
        (Decimal("0.1000"), Decimal("0.2000"), "10%–20%"),
        (Decimal("0.125"), Decimal("0.125"), "12.5%"),
        (None, 1, "不超过 100%"),
        (0, 0, "0%"),
    ],
)
def test_percent_range_takes_shares(low, high, text):
    assert figures.percent_range(low, high) == text


def test_years_range_drops_needless_zeros():
    assert figures.years_range(Decimal("2.00"), Decimal("3.00")) == "2–3 年"
    assert figures.years_range(Decimal("1.50"), None) == "不低于 1.5 年"


def test_tce_range_groups_large_numbers():
    assert figures.tce_range(Decimal("80.000"), Decimal("12000.500")) == "80–12,000.5 tce/年"
    assert figures.tce(2000) == "2000 tce"


def test_or_nothing_leaves_an_unknown_value_to_the_page():
    assert figures.register.filters["yuan_or_nothing"](None) == ""
    assert figures.register.filters["yuan_or_nothing"](20_000) == "2 万元"


def test_quantity_name_keeps_an_unknown_code():
    assert figures.quantity_name("running_hours") == "年运行时间（h）"
    assert figures.quantity_name("speed") == "speed"
