"""Read dates however a spreadsheet holds them."""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .numbers import chinese_number, normalise
from .problems import ValueProblem
from .tables import Cell, as_text

DATE_FORM = gettext_lazy("年月日")
DATE_EXAMPLE = "2025-06-30"
EXCEL_EPOCH = date(1899, 12, 30)
FULL = re.compile(
    r"^(\d{4})(?:[-./年])(\d{1,2})(?:[-./月])(\d{1,2})日?(?:t?\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?)?(?:前|之前|止|截止)?$"
)
COMPACT = re.compile(r"^(\d{4})(\d{2})(\d{2})$")
MONTH = re.compile(r"^(\d{4})[-./年](\d{1,2})月?(底|末|前|之前|止)?$")
YEAR = re.compile(r"^(\d{4})年?(底|末|年底|年末|前)?$")
HALF_YEAR = re.compile(r"^(\d{4})年(上半年|下半年)$")
QUARTER = re.compile(r"^(\d{4})年?第?(?:q?([1-4])季?度?|([1-4])季度)$")
OPEN_ENDED = {"长期", "长期有效", "不限", "无期限", "永久", "长期征集"}
CHINESE_DATE = re.compile(r"[零〇一二三四五六七八九十]+(?=[年月日号])")


def parse_date(cell: Cell) -> date | None:
    """Read a date; a month or a year means its last day, 长期有效 means none. Raises ValueProblem."""
    if isinstance(cell, datetime):
        return in_bounds(cell.date())
    if isinstance(cell, date):
        return in_bounds(cell)
    if isinstance(cell, (int, float)) and not isinstance(cell, bool):
        return parse_number(cell)
    text = normalise(as_text(cell)).replace("号", "日")
    text = CHINESE_DATE.sub(lambda match: f"{chinese_number(match[0]):f}", text)
    if text in OPEN_ENDED:
        return None
    if text.isdigit() and len(text) == 5:
        return parse_number(int(text))
    for pattern in (FULL, COMPACT):
        if match := pattern.match(text):
            return build(*(int(part) for part in match.groups()[:3]))
    if match := QUARTER.match(text):
        return last_day(int(match[1]), int(match[2] or match[3]) * 3)
    if match := HALF_YEAR.match(text):
        return last_day(int(match[1]), 6 if match[2] == "上半年" else 12)
    if match := MONTH.match(text):
        return last_day(int(match[1]), int(match[2]))
    if match := YEAR.match(text):
        return last_day(int(match[1]), 12)
    if re.match(r"^\d{1,2}[-./月]\d{1,2}日?$", text):
        raise ValueProblem(_("缺少年份。"), str(DATE_FORM), DATE_EXAMPLE)
    raise ValueProblem(_("看不出是哪一天。"), str(DATE_FORM), DATE_EXAMPLE)


def parse_number(value: float) -> date:
    if float(value).is_integer():
        number = int(value)
        if 1990 <= number <= 2100:
            return last_day(number, 12)
        if 199001 <= number <= 210012:
            return last_day(number // 100, number % 100)
        if 19900101 <= number <= 21001231:
            return build(number // 10000, number // 100 % 100, number % 100)
    elif 1990 <= value <= 2100:
        year, month = repr(float(value)).split(".")
        if len(month) == 2:
            return last_day(int(year), int(month))
        if month != "1":
            return last_day(int(year), int(month[:2]))
        raise ValueProblem(_("分不清是 1 月还是 10 月。"), str(DATE_FORM), DATE_EXAMPLE)
    if 20_000 <= value <= 80_000:
        return EXCEL_EPOCH + timedelta(days=int(value))
    raise ValueProblem(_("看不出是哪一天。"), str(DATE_FORM), DATE_EXAMPLE)


def last_day(year: int, month: int) -> date:
    if not 1 <= month <= 12:
        raise ValueProblem(_("没有这个月份。"), str(DATE_FORM), DATE_EXAMPLE)
    return build(year, month, calendar.monthrange(year, month)[1])


def build(year: int, month: int, day: int) -> date:
    try:
        return in_bounds(date(year, month, day))
    except ValueError:
        raise ValueProblem(_("没有这一天。"), str(DATE_FORM), DATE_EXAMPLE) from None


def in_bounds(value: date) -> date:
    if not 1980 <= value.year <= 2100:
        raise ValueProblem(_("年份不合理。"), str(DATE_FORM), DATE_EXAMPLE)
    return value
