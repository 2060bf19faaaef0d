"""How a query was read, in words for the page."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from search.amounts import INVESTMENT, PAYBACK, RATIO
from search.engine import LEAST, MOST, Amount, Hit, Reason

# By kind: what it is called, the unit it is shown in, and how many of the stored unit that is.
_SHOWN = {
    "temperature_c": (gettext_lazy("温度"), "℃", 1),
    "pressure_mpa": (gettext_lazy("压力"), "MPa", 1),
    "mass_flow_t_per_h": (gettext_lazy("流量"), "t/h", 1),
    "volume_flow_m3_per_h": (gettext_lazy("流量"), "m³/h", 1),
    "power_kw": (gettext_lazy("功率"), "kW", 1),
    "hours": (gettext_lazy("时间"), "h", 1),
    "days": (gettext_lazy("时间"), gettext_lazy("天"), 1),
    "years": (gettext_lazy("年数"), gettext_lazy("年"), 1),
    PAYBACK: (gettext_lazy("投资回收期"), gettext_lazy("年"), 1),
    INVESTMENT: (gettext_lazy("投资"), gettext_lazy("万元"), 10_000),
    "money_cny": (gettext_lazy("金额"), gettext_lazy("万元"), 10_000),
    "area_m2": (gettext_lazy("面积"), "m²", 1),
    "voltage_kv": (gettext_lazy("电压"), "kV", 1),
    "share": (gettext_lazy("比例"), "%", 0.01),
    "mass_t": (gettext_lazy("质量"), "t", 1),
    "volume_m3": (gettext_lazy("体积"), "m³", 1),
    "electricity_kwh": (gettext_lazy("电量"), "kWh", 1),
    "coal_tce": (gettext_lazy("节能量"), "tce", 1),
    "concentration_mg_per_m3": (gettext_lazy("浓度"), "mg/m³", 1),
    "parts_ppm": (gettext_lazy("浓度"), "ppm", 1),
    RATIO: (gettext_lazy("比例"), "", 1),
}


def amount_name(amount: Amount) -> str:
    """Return what an amount is called, for example 温度 ≥ 80 ℃."""
    name, unit, divisor = _SHOWN[amount.kind]

    def written(end: float) -> str:
        number = f"{round(end / divisor, 6):,g}" if abs(end) < 1e6 * divisor else f"{end / divisor:,.0f}"
        return f"1:{number}" if amount.kind == RATIO else number

    if amount.low == LEAST:
        value = f"≤ {written(amount.high)}"
    elif amount.high == MOST:
        value = f"≥ {written(amount.low)}"
    elif amount.low == amount.high:
        value = written(amount.low)
    else:
        value = f"{written(amount.low)}–{written(amount.high)}"
    space = "" if unit in {"%", ""} else " "
    return f"{name} {value}{space}{unit}"


def reading_of(names: list[str], *, has_values: bool) -> str:
    """Return the line that says how the amounts of a query were read."""
    shown = " · ".join(names)
    return (
        _("按数值查找：%(shown)s") % {"shown": shown}
        if has_values
        else _("%(shown)s · 仍按文字搜索") % {"shown": shown}
    )


_FIELDS = {
    "title": gettext_lazy("标题"),
    "summary": gettext_lazy("摘要"),
    "terms": gettext_lazy("分类与机构"),
    "body": gettext_lazy("正文"),
}
_LINES = {
    "word": gettext_lazy("“%(asked)s”：见%(fields)s"),
    "synonym": gettext_lazy("“%(asked)s”：同义词“%(found)s”，见%(fields)s"),
    "kind": gettext_lazy("“%(asked)s”：所属的“%(found)s”，见%(fields)s"),
    "parts": gettext_lazy("“%(asked)s”：分别出现“%(found)s”，见%(fields)s"),
    "value": gettext_lazy("“%(asked)s”：条目给出“%(found)s”"),
}


def reason_lines(hit: Hit) -> list[str]:
    """Return in words why a listing was found."""
    return list(map(_line, hit.reasons))


def _line(reason: Reason) -> str:
    found = reason.found or (amount_name(reason.value) if reason.value else "")
    fields = _("、").join(str(_FIELDS[name]) for name in reason.fields)
    return _LINES[reason.how] % {"asked": reason.asked, "found": found, "fields": fields}
