from datetime import date, datetime

import pytest

from catalog.importers.dates import parse_date
from catalog.importers.problems import ValueProblem


@pytest.mark.parametrize(
    "cell",
    [
        "2025年6月", "2025.6.30", "2025/6/30", "2025-06-30", "20250630", "2025-06", "２０２５．６．３０", 45838, "45838",
        2025.6, "二〇二五年六月", "2025年6月30日前", datetime(2025, 6, 30), date(2025, 6, 30), "2025年上半年", "2025年第2季度",
        "2025-06-30 00:00:00", 202506,
    ],
)  # fmt: skip
def test_dates_in_every_usual_form_are_read(cell):
    assert parse_date(cell) == date(2025, 6, 30)


def test_year_alone_means_its_last_day_and_open_ended_means_none():
    assert parse_date(2025) == parse_date("2025年底") == date(2025, 12, 31)
    assert parse_date("长期有效") is None


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("6月30日", "年份"),
        ("2025.13", "月份"),
        ("2025-02-30", "没有这一天"),
        (2025.1, "1 月还是 10 月"),
        ("尽快", "哪一天"),
        ("9999-01-01", "年份"),
        (7, "哪一天"),
    ],
)
def test_text_that_is_no_date_says_what_is_expected(cell, words):
    with pytest.raises(ValueProblem) as caught:
        parse_date(cell)
    assert words in caught.value.message
    assert caught.value.example == "2025-06-30"
