"""Read one cell for one field: a typed value with a warning, or a ValueProblem."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

from accounts.validators import normalise_credit_code, validate_credit_code

from .choices import ChoiceIndex, means_everything, split_list
from .dates import parse_date
from .fields import Field, Reader
from .numbers import normalise, parse_amount
from .problems import ValueProblem
from .quantities import parse_carrier_use, parse_quantity
from .tables import Cell, FormulaWithoutValue, as_text
from .units import Range, parse_energy, parse_money, parse_share, parse_unit_money, parse_years

NOTHING = {"/", "\\", "-", "--", "—", "——", "――", "…", "n/a", "na", "null", "none", "#"}
NOTHING_TYPED = NOTHING | {
    "无",
    "暂无",
    "待定",
    "不详",
    "未知",
    "无要求",
    "不适用",
    "未统计",
    "暂缺",
    "暂不确定",
    "面议",
}
EXCEL_ERROR = re.compile(r"^#(?:REF!|N/A|VALUE!|DIV/0!|NAME\?|NULL!|NUM!|SPILL!|CALC!)$")
TRUE = {"是", "有", "需要", "y", "yes", "true", "1", "√", "✓", "要", "希望", "对"}
FALSE = {"否", "无", "不需要", "n", "no", "false", "0", "×", "x", "不", "没有", "不要", "暂不需要"}
PLACES = {Reader.MONEY: 2, Reader.UNIT_MONEY: 2, Reader.ENERGY: 3, Reader.YEARS: 2, Reader.SHARE: 4}
TOPS = {
    Reader.MONEY: Decimal(10) ** 13,
    Reader.UNIT_MONEY: Decimal(10) ** 13,
    Reader.ENERGY: Decimal(10) ** 10,
}
RANGE_READERS = {
    Reader.MONEY: parse_money,
    Reader.ENERGY: parse_energy,
    Reader.YEARS: parse_years,
    Reader.SHARE: parse_share,
}


@dataclass
class Choices:
    """The lists against which cells are checked."""

    industries: ChoiceIndex
    systems: ChoiceIndex
    carriers: ChoiceIndex
    cooperation: ChoiceIndex
    evidence: ChoiceIndex
    demand_source: ChoiceIndex


@dataclass
class Value:
    """What a cell says: model field names with typed values, and a remark for the user."""

    values: dict[str, Any]
    warning: str = ""


def read_cell(cell: Cell, field: Field, choices: Choices, *, unit: str = "") -> Value | None:
    """Read a cell; None when it holds nothing. Raises ValueProblem."""
    if isinstance(cell, FormulaWithoutValue):
        message = _("这是公式（%s），文件里没有保存计算结果。") % str(cell)[:40]
        cure = _("计算后的数值：请在 Excel 中打开并保存一次，或选择性粘贴为“数值”")
        raise ValueProblem(message, cure, str(field.example))
    text = as_text(cell)
    if EXCEL_ERROR.match(text):
        raise ValueProblem(_("Excel 公式出错（%s）。") % text, expected_of(field), str(field.example))
    nothing = NOTHING if field.reader is Reader.TEXT else NOTHING_TYPED
    if not text or text.lower() in nothing:
        return None
    if field.reader is Reader.DATE:
        return Value({field.writes[0]: parse_date(cell)})
    if isinstance(cell, date) and field.reader not in {Reader.TEXT, Reader.YEAR}:
        raise ValueProblem(_("单元格是日期，不是数值。"), expected_of(field), str(field.example))
    return READERS[field.reader](text, field, choices, unit)


def expected_of(field: Field) -> str:
    return str(field.label)


def read_text(text, field, choices, unit):
    if field.max_length and len(text) > field.max_length:
        if field.name == "summary":
            return Value(
                {"summary": text[: field.max_length - 1] + "…"}, _("超过 300 字，已截短，全文保留在原表中")
            )
        message = _("有 %(count)d 个字，太长了。") % {"count": len(text)}
        raise ValueProblem(message, _("不超过 %d 个字") % field.max_length, str(field.example))
    if field.name == "title":
        text = re.sub(r"\s*\n\s*", "", text)
        if len(re.sub(r"[\W\d_]", "", text)) < 1:
            raise ValueProblem(_("不像一个名称。"), _("名称，至少含有文字"), str(field.example))
    return Value({field.writes[0]: text if not field.max_length else text.replace("\n", " ")})


def read_range(text, field, choices, unit):
    found = RANGE_READERS[field.reader](text, unit)
    return spread(found, field)


def spread(found: Range, field: Field, places: int | None = None) -> Value:
    """Write a range to two fields, or its cautious end to one: the upper end unless the field says otherwise."""
    places = PLACES.get(field.reader, 3) if places is None else places
    low, high = (None if end is None else round(end, places) for end in (found.minimum, found.maximum))
    top = TOPS.get(field.reader, Decimal(10) ** 10)
    if any(end is not None and end > top for end in (low, high)):
        raise ValueProblem(_("数值过大，请检查单位。"), expected_of(field), str(field.example))
    if len(field.writes) == 2:
        return Value({field.writes[0]: low, field.writes[1]: high}, found.warning)
    value = (low if low is not None else high) if field.takes_minimum else (high if high is not None else low)
    warning = found.warning
    if low is not None and high is not None and low != high:
        taken = _("是范围，已取 %s") % f"{value.normalize():f}"
        warning = f"{warning}；{taken}" if warning else taken
    return Value({field.writes[0]: value}, warning)


def read_unit_money(text, field, choices, unit):
    found, per = parse_unit_money(text, unit)
    value = spread(found, field)
    value.values["investment_unit"] = _("元/%s") % per
    return value


def read_number(text, field, choices, unit):
    amount = parse_amount(text)
    if amount is None:
        raise ValueProblem(_("看不出是哪个数值。"), _("一个数值"), str(field.example))
    written = amount.unit or normalise(unit)
    factor = Decimal(10_000) if written.startswith("万") else Decimal(1)
    if written.startswith(("kg", "千克")) and "/" not in written:
        factor = Decimal("0.001")
    ends = (amount.minimum, amount.maximum)
    low, high = (None if end is None else end * factor for end in ends)
    if any(end is not None and end < 0 for end in (low, high)):
        raise ValueProblem(_("不能是负数。"), _("一个数值"), str(field.example))
    return spread(Range(low, high), field)


def read_quantity(text, field, choices, unit):
    found = parse_quantity(text, field.name, unit)
    ends = (None if end is None else round(end, 3) for end in (found.minimum, found.maximum))
    low, high = ends
    if any(end is not None and abs(end) > 10**10 for end in (low, high)):
        raise ValueProblem(_("数值过大，请检查单位。"), expected_of(field), str(field.example))
    return Value({field.name: (low, high)}, found.warning)


def read_carrier_use(text, field, choices, unit):
    found = parse_carrier_use(text, field.targets[0], unit)
    end = found.maximum if found.maximum is not None else found.minimum
    if end > 10**12:
        raise ValueProblem(_("数值过大，请检查单位。"), expected_of(field), str(field.example))
    return Value({field.targets[0]: round(end, 3)}, found.warning)


def read_level(text, field, choices, unit):
    match = re.search(r"(?<!\d)([1-9])(?!\d)", re.sub(r"^trl", "", normalise(text)))
    if not match:
        raise ValueProblem(_("看不出是哪一级。"), _("1 到 9 的整数"), str(field.example))
    return Value({field.writes[0]: int(match[1])})


def read_year(text, field, choices, unit):
    match = re.search(r"(?<!\d)(19[89]\d|20\d\d)(?!\d)", normalise(text)) or re.match(
        r"(20\d\d)\d{2,4}$", text
    )
    if match:
        return Value({field.writes[0]: int(match[1])})
    return Value({field.writes[0]: parse_date(text).year})


def read_boolean(text, field, choices, unit):
    word = normalise(text).strip("。.")
    if word in TRUE or word in FALSE:
        return Value({field.writes[0]: word in TRUE})
    raise ValueProblem(_("看不出是“是”还是“否”。"), _("是 或 否"), _("是"))


def read_industries(text, field, choices, unit):
    if field.part == "case":
        return Value({field.writes[0]: choices.industries.parse_one(text)})
    parts = split_list(text)
    if means_everything(text) or any(means_everything(part) for part in parts):
        return Value({"applies_to_all_industries": True})
    return Value({field.writes[0]: choices.industries.parse_many(text)})


def read_choices(name: str, *, is_single: bool = False):
    def read(text, field, choices, unit):
        index: ChoiceIndex = getattr(choices, name)
        return Value({field.writes[0]: index.parse_one(text) if is_single else index.parse_many(text)})

    return read


def read_credit_code(text, field, choices, unit):
    code = normalise_credit_code(text)
    try:
        validate_credit_code(code)
    except ValidationError as error:
        expected = _("18 位统一社会信用代码，最后一位是校验位")
        raise ValueProblem(" ".join(error.messages), expected, "") from None
    return Value({field.writes[0]: code})


def read_phone(text, field, choices, unit):
    digits = re.sub(r"\D", "", normalise(text))
    if not len(digits) >= 7 or len(text) > field.max_length:
        raise ValueProblem(_("不像电话号码。"), _("手机号或带区号的座机号"), "021-57920000")
    return Value({field.writes[0]: text})


def read_email(text, field, choices, unit):
    text = normalise(text)
    if len(text) > 254:
        raise ValueProblem(_("邮箱地址太长。"), _("邮箱地址"), "name@example.com")
    try:
        validate_email(text)
    except ValidationError:
        raise ValueProblem(_("不像邮箱地址。"), _("邮箱地址"), "name@example.com") from None
    return Value({field.writes[0]: text})


READERS = {
    Reader.TEXT: read_text,
    Reader.MONEY: read_range,
    Reader.ENERGY: read_range,
    Reader.YEARS: read_range,
    Reader.SHARE: read_range,
    Reader.UNIT_MONEY: read_unit_money,
    Reader.NUMBER: read_number,
    Reader.QUANTITY: read_quantity,
    Reader.CARRIER_USE: read_carrier_use,
    Reader.LEVEL: read_level,
    Reader.YEAR: read_year,
    Reader.BOOLEAN: read_boolean,
    Reader.INDUSTRIES: read_industries,
    Reader.SYSTEMS: read_choices("systems"),
    Reader.CARRIERS: read_choices("carriers"),
    Reader.COOPERATION: read_choices("cooperation"),
    Reader.EVIDENCE: read_choices("evidence", is_single=True),
    Reader.DEMAND_SOURCE: read_choices("demand_source", is_single=True),
    Reader.CREDIT_CODE: read_credit_code,
    Reader.PHONE: read_phone,
    Reader.EMAIL: read_email,
}
