"""Bring amounts to the units the library keeps: yuan, tce, years, shares from 0 to 1.

Electricity and heat are converted at equivalent value (当量值) of GB/T 2589-2020:
0.1229 kgce/kWh and 0.03412 tce/GJ. Other energy forms need a heating value and are refused.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from .numbers import Amount, normalise, parse_amount
from .problems import ValueProblem

SCALES = {
    "亿": 10**8,
    "千万": 10**7,
    "百万": 10**6,
    "十万": 10**5,
    "万": 10**4,
    "千": 10**3,
    "百": 100,
    "million": 10**6,
    "": 1,
}
SCALE = re.compile(r"^(million|亿|千万|百万|十万|万|千(?=[元吨])|百(?=[元吨])|)")
YUAN = {"", "元", "人民币", "元人民币", "人民币元", "rmb", "cny", "yuan", "块", "¥"}
KILO_YUAN = {"k", "k元"}
FOREIGN = re.compile(r"美元|美金|\$|usd|欧元|eur|€|日元|港元|英镑")
TCE = {"tce", "吨标煤", "吨标准煤", "吨", "t", "tce标煤", "t标煤", "t标准煤", "吨标煤tce", "吨标准煤tce"}
KGCE = {"kgce", "千克标煤", "千克标准煤", "公斤标煤", "公斤标准煤", "kg标煤", "kg标准煤"}
GCE = {"gce", "克标煤", "克标准煤", "g标准煤"}
ELECTRICITY = {
    "kwh": 1,
    "kw·h": 1,
    "kw.h": 1,
    "千瓦时": 1,
    "度": 1,
    "度电": 1,
    "mwh": 1000,
    "兆瓦时": 1000,
    "gwh": 10**6,
}
HEAT_GJ = {"gj": 1, "吉焦": 1, "mj": Decimal("0.001"), "兆焦": Decimal("0.001"), "tj": 1000}
TCE_PER_KWH = Decimal("0.0001229")
TCE_PER_GJ = Decimal("0.03412")
YEARS = {"": 1, "年": 1, "a": 1, "years": 1, "year": 1, "个年": 1}
UNIT_SPELLING = {
    "kw": "kW", "mw": "MW", "gj": "GJ", "kwh": "kWh", "kva": "kVA", "kw·h": "kWh", "m2": "m²", "m3": "m³",
    "平方米": "m²", "立方米": "m³", "吨": "t", "千瓦": "kW", "m3/h": "m³/h", "m3/d": "m³/d",
}  # fmt: skip
MONTHS = {"个月", "月", "months", "month"}
PER_YEAR = re.compile(r"(?:/(?:年|a|y|yr|year)|每年|\(年\)|年)$")

MONEY_FORM = gettext_lazy("金额，写明元或万元")
ENERGY_FORM = gettext_lazy("全年的能源量，以吨标准煤（tce）计")
YEARS_FORM = gettext_lazy("年数或月数")
SHARE_FORM = gettext_lazy("百分数或 0 到 1 的小数")


@dataclass(frozen=True)
class Range:
    """A typed range in the unit of the field; equal ends are a single value, None is unbounded."""

    minimum: Decimal | None
    maximum: Decimal | None
    warning: str = ""


def read_amount(text: str, *, expected: str, example: str) -> Amount:
    amount = parse_amount(text)
    if amount is None:
        raise ValueProblem(_("看不出是哪个数值。"), expected, example)
    return amount


def scaled(amount: Amount, factors: tuple[Decimal, Decimal], *, expected: str, example: str) -> Range:
    """Apply a factor to either end and check their order and sign."""
    low = None if amount.minimum is None else amount.minimum * factors[0]
    high = None if amount.maximum is None else amount.maximum * factors[1]
    if low is not None and high is not None and low > high:
        raise ValueProblem(_("范围的前一个数大于后一个数。"), expected, example)
    if (low is not None and low < 0) or (high is not None and high < 0):
        raise ValueProblem(_("不能是负数。"), expected, example)
    return Range(low, high)


def both_factors(amount: Amount, factor_of, unit: str) -> tuple[Decimal, Decimal]:
    """Factor for each end: a unit written after the first number counts for it alone."""
    second = factor_of(unit)
    return (factor_of(amount.first_unit) if amount.first_unit else second), second


def parse_money(text: str, column_unit: str = "") -> Range:
    """Read an amount of money in yuan; a bare number needs a unit in the heading."""
    example = _("1200万元 或 800~1200万元")
    amount = read_amount(text, expected=str(MONEY_FORM), example=example)
    unit = amount.unit or normalise(column_unit)
    if not unit:
        if amount.maximum == 0:
            return Range(Decimal(0), Decimal(0))
        raise ValueProblem(_("没有写明是元还是万元。"), str(MONEY_FORM), example)
    if unit in SCALES and not unit.endswith("元") and "元" in normalise(column_unit) and amount.unit:
        unit = amount.unit + "元"

    def factor(part: str) -> Decimal:
        if FOREIGN.search(part):
            raise ValueProblem(_("只接受人民币金额，请先折算。"), str(MONEY_FORM), example)
        if "/" in part or "每" in part:
            raise ValueProblem(_("这是单位投资（每吨、每千瓦等），不是总额。"), str(MONEY_FORM), example)
        if part in KILO_YUAN:
            return Decimal(1000)
        scale = SCALE.match(part)[1]
        if part[len(scale) :] not in YUAN:
            raise ValueProblem(_("“%s”不是金额单位。") % part, str(MONEY_FORM), example)
        return Decimal(SCALES[scale])

    return scaled(amount, both_factors(amount, factor, unit), expected=str(MONEY_FORM), example=example)


def parse_unit_money(text: str, column_unit: str = "") -> tuple[Range, str]:
    """Read an investment per unit such as 1200元/kW; answers the range in yuan and "kW"."""
    example = _("1200元/kW 或 0.8~1.2万元/(t/h)")
    expected = _("每单位的金额，写明“元/单位”")
    amount = read_amount(text, expected=expected, example=example)
    unit = amount.unit if "/" in amount.unit else (normalise(column_unit) or amount.unit)
    if amount.unit and "/" not in amount.unit and "/" in unit:
        unit = amount.unit + unit[unit.index("/") :]
    if "/" not in unit:
        raise ValueProblem(_("没有写明是每吨、每千瓦还是每平方米。"), expected, example)
    money, _slash, per = unit.partition("/")
    scale = SCALE.match(money)[1]
    if money[len(scale) :] not in YUAN or not 0 < len(per) <= 20:
        raise ValueProblem(_("“%s”不是“元/单位”。") % unit, expected, example)
    factor = Decimal(SCALES[scale])
    per = UNIT_SPELLING.get(per.strip("()"), per.strip("()"))
    return scaled(amount, (factor, factor), expected=expected, example=example), per


def parse_energy(text: str, column_unit: str = "") -> Range:
    """Read a yearly amount of energy in tce; a bare number is taken as tce."""
    example = _("1200 tce/a 或 800~1200 吨标准煤")
    amount = read_amount(text, expected=str(ENERGY_FORM), example=example)
    warnings = []

    def factor(part: str) -> Decimal:
        part = PER_YEAR.sub("", part)
        if "/" in part or "每" in part:
            raise ValueProblem(_("这是单位产品或单位设备的节能量，不是全年总量。"), str(ENERGY_FORM), example)
        scale = SCALE.match(part)[1]
        base = part[len(scale) :]
        multiplier = Decimal(SCALES[scale])
        if base in TCE or base == "":
            return multiplier
        if base in KGCE:
            return multiplier / 1000
        if base in GCE:
            return multiplier / 1_000_000
        if base in ELECTRICITY:
            warnings.append(_("已按 0.1229 kgce/kWh（GB/T 2589-2020 当量值）折算为吨标准煤"))
            return multiplier * ELECTRICITY[base] * TCE_PER_KWH
        if base in HEAT_GJ:
            warnings.append(_("已按 0.03412 tce/GJ（GB/T 2589-2020 当量值）折算为吨标准煤"))
            return multiplier * HEAT_GJ[base] * TCE_PER_GJ
        raise ValueProblem(_("“%s”不是能量单位，或需要先折算。") % part, str(ENERGY_FORM), example)

    unit = amount.unit or normalise(column_unit)
    if amount.unit in SCALES and amount.unit:
        unit = amount.unit + "吨标准煤"
    found = scaled(amount, both_factors(amount, factor, unit), expected=str(ENERGY_FORM), example=example)
    return Range(found.minimum, found.maximum, "；".join(dict.fromkeys(warnings)))


def parse_years(text: str, column_unit: str = "") -> Range:
    """Read a payback or other duration in years; months are divided by 12."""
    example = _("3年、2~3年 或 18个月")
    amount = read_amount(text, expected=str(YEARS_FORM), example=example)

    def factor(part: str) -> Decimal:
        if part in MONTHS:
            return Decimal(1) / Decimal(12)
        if part in YEARS:
            return Decimal(1)
        raise ValueProblem(_("“%s”不是年或月。") % part, str(YEARS_FORM), example)

    unit = amount.unit or normalise(column_unit)
    found = scaled(amount, both_factors(amount, factor, unit), expected=str(YEARS_FORM), example=example)
    top = found.maximum if found.maximum is not None else found.minimum
    if top is not None and top > 100:
        raise ValueProblem(_("年数过大。"), str(YEARS_FORM), example)
    return found


def parse_share(text: str, column_unit: str = "") -> Range:
    """Read a share: 5%, 0.05 or, with a warning, 5; "1" without a sign is refused as ambiguous."""
    example = _("5%、0.05 或 10~15%")
    amount = read_amount(text, expected=str(SHARE_FORM), example=example)
    unit = amount.unit or normalise(column_unit)
    ends = [end for end in (amount.minimum, amount.maximum) if end is not None]
    warning = ""
    if unit in {"%", "百分比", "个百分点", "百分点"}:
        factor = Decimal("0.01")
    elif unit in {"", "小数"}:
        factor = Decimal(1)
        if any(end > 1 for end in ends):
            factor = Decimal("0.01")
            warning = _("没有写百分号，已按百分数理解")
        elif any(end == 1 for end in ends):
            raise ValueProblem(_("分不清是 1% 还是 100%。"), str(SHARE_FORM), example)
    elif unit in {"成"}:
        factor = Decimal("0.1")
    else:
        raise ValueProblem(_("“%s”不是百分比。") % unit, str(SHARE_FORM), example)
    found = scaled(amount, (factor, factor), expected=str(SHARE_FORM), example=example)
    if any(end is not None and end > 1 for end in (found.minimum, found.maximum)):
        raise ValueProblem(_("比例超过了 100%。"), str(SHARE_FORM), example)
    return Range(found.minimum, found.maximum, warning)
