"""Bring plant quantities and yearly amounts of energy carriers to the units in which they are kept."""

from __future__ import annotations

import re
from decimal import Decimal

from django.utils.translation import gettext as _

from .numbers import Amount, normalise
from .problems import ValueProblem
from .units import SCALES, Range, both_factors, read_amount, scaled

HOURS = {"h": 1, "小时": 1, "h/a": 1, "h/年": 1, "小时/年": 1, "小时/a": 1}
POWER = {"kw": 1, "千瓦": 1, "mw": 1000, "兆瓦": 1000, "w": Decimal("0.001"), "kva": 1}
COOLING = POWER | {"rt": Decimal("3.517"), "冷吨": Decimal("3.517"), "usrt": Decimal("3.517")}
HEATING = POWER | {"kcal/h": Decimal("0.001163"), "万大卡": Decimal("11.63"), "万kcal/h": Decimal("11.63")}
GAS_FLOW = {
    "m3/h": 1,
    "nm3/h": 1,
    "立方米/小时": 1,
    "方/小时": 1,
    "m3/min": 60,
    "nm3/min": 60,
    "万m3/h": 10000,
}
WATER_FLOW = {
    "m3/h": 1,
    "t/h": 1,
    "吨/小时": 1,
    "立方米/小时": 1,
    "m3/d": Decimal(1) / 24,
    "t/d": Decimal(1) / 24,
}
STEAM_FLOW = {
    "t/h": 1,
    "吨/小时": 1,
    "吨/时": 1,
    "kg/h": Decimal("0.001"),
    "蒸吨": 1,
    "吨": 1,
    "t": 1,
    "m3/h": 1,
}
TEMPERATURE = {"°c": 1, "℃": 1, "摄氏度": 1, "度": 1, "c": 1}
PRESSURE = {
    "mpa": 1,
    "兆帕": 1,
    "kpa": Decimal("0.001"),
    "bar": Decimal("0.1"),
    "公斤": Decimal("0.098"),
    "mpag": 1,
}
AREA = {"m2": 1, "平方米": 1, "㎡": 1, "平米": 1, "万m2": 10000, "万平方米": 10000, "亩": Decimal("666.67")}
QUANTITY_UNITS: dict[str, dict] = {
    "heat_source_temperature_c": TEMPERATURE,
    "heat_sink_temperature_c": TEMPERATURE,
    "heat_flow_t_per_h": STEAM_FLOW,
    "steam_pressure_mpa": PRESSURE,
    "steam_supply_pressure_mpa": PRESSURE,
    "steam_supply_t_per_h": STEAM_FLOW,
    "liquid_pressure_mpa": PRESSURE,
    "gas_pressure_mpa": PRESSURE,
    "gas_flow_m3_per_h": GAS_FLOW,
    "power_kw": POWER,
    "cooling_capacity_kw": COOLING,
    "heat_capacity_kw": HEATING,
    "flow_m3_per_h": WATER_FLOW,
    "compressed_air_m3_per_min": {"m3/min": 1, "nm3/min": 1, "立方米/分钟": 1, "m3/h": Decimal(1) / 60},
    "running_hours": HOURS,
    "area_m2": AREA,
    "shutdown_days": {"d": 1, "天": 1, "日": 1, "周": 7, "个月": 30, "月": 30},
    "voltage_kv": {"kv": 1, "千伏": 1, "v": Decimal("0.001"), "伏": Decimal("0.001")},
}
MASS = {"t": 1, "吨": 1, "kg": Decimal("0.001"), "千克": Decimal("0.001"), "公斤": Decimal("0.001")}
GAS = {"m3": 1, "nm3": 1, "立方米": 1, "方": 1, "标方": 1, "标准立方米": 1}
CARRIER_UNITS: dict[str, dict] = {
    "electricity": {"kwh": 1, "kw·h": 1, "千瓦时": 1, "度": 1, "mwh": 1000, "gwh": 10**6},
    "natural_gas": GAS,
    "steam": MASS,
    "heat": {"gj": 1, "吉焦": 1, "mj": Decimal("0.001"), "tj": 1000},
    "coal": MASS,
    "diesel": MASS,
    "water": MASS | GAS,
}
YEARLY = re.compile(r"/(?:年|a|y)$")


def parse_quantity(text: str, code: str, column_unit: str = "") -> Range:
    """Read a range of one plant quantity; a bare number is taken in the unit of the field."""
    units = QUANTITY_UNITS[code]
    return convert(text, units, column_unit, is_signed="temperature" in code)


def parse_carrier_use(text: str, code: str, column_unit: str = "") -> Range:
    """Read a yearly amount of one energy carrier in the carrier's unit."""
    units = CARRIER_UNITS[code]
    if not normalise(column_unit):
        amount = read_amount(text, expected=expected_units(units), example=f"1200{next(iter(units))}")
        if not amount.unit:
            raise ValueProblem(_("没有写明单位。"), expected_units(units), f"1200{next(iter(units))}")
    return convert(text, units, column_unit, is_yearly=True)


def convert(
    text: str, units: dict, column_unit: str, *, is_signed: bool = False, is_yearly: bool = False
) -> Range:
    expected, example = expected_units(units), f"80{next(iter(units))}"
    amount = read_amount(text, expected=expected, example=example)

    def factor(part: str) -> Decimal:
        if is_yearly:
            part = YEARLY.sub("", part)
        if part in units:
            return Decimal(units[part])
        for scale, multiplier in SCALES.items():
            if scale and part.startswith(scale) and (part[len(scale) :] in units or part == scale):
                return Decimal(multiplier) * Decimal(units.get(part[len(scale) :], 1))
        if not part:
            return Decimal(1)
        raise ValueProblem(_("“%s”不是这一项的单位。") % part, expected, example)

    unit = amount.unit or normalise(column_unit)
    if is_signed:
        return signed(amount, expected, example, factor(unit))
    return scaled(amount, both_factors(amount, factor, unit), expected=expected, example=example)


def signed(amount: Amount, expected: str, example: str, factor: Decimal) -> Range:
    low, high = amount.minimum, amount.maximum
    if low is not None and high is not None and low > high:
        raise ValueProblem(_("范围的前一个数大于后一个数。"), expected, example)
    return Range(None if low is None else low * factor, None if high is None else high * factor)


def expected_units(units: dict) -> str:
    return _("数值，单位为 %s") % "、".join(list(units)[:3])
