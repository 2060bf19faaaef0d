"""Which quantity an amount is, told by the words around it in its clause."""

import re

RIGHT_BEHIND = 3
Role = tuple[str, float, bool]
"""Code of the quantity, factor from the unit of the kind to its unit, and whether the words are clear."""

_WANTED = (
    r"需要|需用|需求|需(?!求)|要求|加热到|加热至|加热成|升温到|升温至|升到|升至|提升到|提升至|提升为|提高到|预热到|预热至|制取|制备|"
    r"制成|制(?=\s*\d*$)|产生|产出|生产(?!线|车间)|产(?=\s*\d*$)|供热|供暖|供应|供给|供水|提供|供(?=\s*\d*$)|用热|用于|用到|希望|想用|想要|达到|目标|"
    r"出水温度要|使用|用(?=\s*\d*$)|采暖|洗浴|工艺温度|烘干温度|烘房|干燥温度|杀菌温度|染色温度|加热"
)
_SOURCE = (
    r"废气|烟气|烟道气|烟温|排烟|余热|废热|排放|排出|排掉|外排|排水|废水|污水|回水|冷却水|循环水|油温|尾气|乏汽|"
    r"冷凝水|凝结水|凝水|热源|炉渣|熔渣|冶炼渣|高温渣|渣温|显热|现有|富余|多余|塔顶|物流|排风|排气|出口|废汽|排汽|炉气|炉膛|炉温|窑温|热处理炉|退火炉|加热炉|余汽|高温气|"
    r"夹套水|热媒水|直排|散掉|带走|浪费|放空|蒸发出来|二次蒸汽"
)
_NEITHER = (
    r"环境|室温|室内|室外|(?<![废烟排尾])气温|露点|进水|补水|给水|常温|表面|壁温|降到|降至|降低到|降低至|冷却到|冷却至|冷到|冷至|"
    r"降温到|温差|端差|升高了?|上升了?|下降了?|冷冻水|冷水|冰水|冷库|库温|低温库|供冷|空调|冷媒|原水|自来水|"
    r"下降|降低|冬季|夏季|误差|精度|波动|±|凝固点|闪点|酸露点|每降|每升|进料|进口|进风|新风|余量|裕量"
)
_FROM = re.compile(r"(?:由|从|自)[^,，]{0,6}$")
_TO = re.compile(r"^\s*(?:左右|以上|以下)?\s*(?:的[^,，]{0,6})?(?:加热|升温|升|提升|预热|提高)(?:到|至)")
_COOLED = re.compile(r"^\s*(?:左右|以上|以下)?\s*(?:冷却|降|冷|降低|降温)(?:到|至)")
_WORDS = {
    "wanted": re.compile(_WANTED),
    "source": re.compile(_SOURCE),
    "neither": re.compile(_NEITHER),
}
_GAS = re.compile(
    r"烟气|废气|尾气|风量|排风|排气|煤气|烟风|气量|有机气|voc|废气量|烟气量|弛放气|驰放气|氢|rto|沼气"
)
_AIR = re.compile(r"压缩空气|空压|用气|供气|螺杆机|离心机|耗气|产气|排气量|吸干机|压风|气源|压气")
_WATER = re.compile(
    r"循环水|冷却水|废水|污水|中水|给水|冷冻水|溶液|料液|进料|蒸发|处理水|水量|洗涤|富液|浓水|纯水|取水|用水|原水|再生水|泵|水流|水"
)
_STEAM = re.compile(r"蒸汽|用汽|产汽|供汽|锅炉|热水|凝水|冷凝水|凝结水|汽轮机|汽量|耗汽|过热汽|饱和汽|汽")
_COLD = re.compile(r"制冷|冷量|冷负荷|冷水机|冷机|冰机|供冷|冷冻|冷站|冷吨|空调主机")
_HEAT = re.compile(
    r"热负荷|热量|余热|再沸|供热|热功率|导热油|冷凝热|用热|低位热|废热|制热|散热|锅炉|加热炉|热源"
)
_POWER = re.compile(r"电机|电动机|马达|功率|风机|泵|空压机|装机|螺杆机|压缩机|负荷|主机|球磨|机组|设备|机")
_NOT_POWER = re.compile(r"光伏|装机容量|储能|发电|变压器")
_YEAR = re.compile(r"年|全年|年运行|年生产|年工作|年时")
_DAILY = re.compile(r"每天|每日|日均|一天|天天|昼夜|每班|单班|连续")
_PLACE = re.compile(r"屋顶|屋面|空地|场地|可用|面积|占地|空置|厂房|车间|机房|建筑|楼|绿地|停车场")
_FREE = re.compile(r"屋顶|屋面|空地|场地|可用|可装|空置|面积")
_STANDSTILL = re.compile(r"停产|停机|停车|停炉|检修|大修|停工|停运|停电")
_NO_STANDSTILL = re.compile(r"每|间隔|提前|免|不停")
_MAINS = re.compile(r"电压|供电|进线|配电|线路|变压器|受电|并网|接入|高压|低压|母线|变电|用电|电缆|开关")
_UNDER_PRESSURE = {
    "steam": re.compile(
        r"蒸汽|饱和汽|过热汽|用汽|产汽|供汽|进汽|锅炉|汽包|低压汽|中压汽|高压汽|汽轮机|动力汽|汽"
    ),
    "gas": re.compile(r"压缩空气|供气|气源|氮气|氢气?|天然气|燃气|煤气|空压|管网气|用气|沼气|合成气|气体|气"),
    "liquid": re.compile(r"水压|液|泵|扬程|富液|贫液|盐水|浓水|溶剂|油|料|反渗透|给水|循环水|水"),
}
_NO_PRESSURE = re.compile(r"压降|阻力|风压|余隙|真空|试压|设计压力|背压差")
_STEAM_WANTED = re.compile(
    r"需要|需用|需(?!求)|要求|想要|想用|希望|要用|拟用|制取|制备|生产(?!线|车间)|产出|获得|达到|目标|新增|产(?!汽压力|线|品)"
)
_STEAM_THERE = re.compile(
    r"现有|已有|现用|目前|外购|外供|购入|管网|锅炉|热网|电厂|富余|多余|余汽|乏汽|进汽|驱动|动力|汽轮机|减压|只有|仅有|已接入"
)
_LET_DOWN = re.compile(r"(?:减压到|减压至|降到|降至|减到|减至|减压为|压差)\s*(?:约)?\s*$")


def role_of(kind: str, before: str, after: str, low: float, high: float, text: str) -> Role | None:
    """Return what an amount of a kind is, None when that cannot be told or it is nothing that matters.

    Parameters
    ----------
    kind
        Kind of the unit, see ``search.units``.
    before, after
        The rest of the clause on both sides, normalised.
    low, high
        The amount in the unit of the kind.
    text
        The passage itself, normalised.

    Examples
    --------
    >>> role_of("temperature", "废气", "排放", 150, 150, "150°c")
    ('heat_source_temperature_c', 1, True)
    >>> role_of("temperature", "需要", "热水", 60, 60, "60°c")
    ('heat_sink_temperature_c', 1, True)
    >>> role_of("temperature", "室温", "", 26, 26, "26°c") is None
    True
    """
    reader = _READERS.get(kind)
    return reader(before, after, low, high, text) if reader else None


def _temperature(before, after, low, high, text):
    is_plain_degree = text.endswith("度") and not text.endswith("摄氏度")
    if is_plain_degree and (re.search(r"电(?!加热|热)|角|浓|湿|色|硬|浊", before[-6:]) or low < 20):
        return None
    if not -60 <= low <= high <= 2500 or high < 5:
        return None
    if _COOLED.search(after) and not _last(before, ("neither",)):
        return "heat_source_temperature_c", 1, True
    if _TO.search(after) or (_FROM.search(before) and _last(after, ("wanted",))):
        return None
    names = ("wanted", "source", "neither")
    nearest = _last(before, names)
    behind = _first(after[:8], ("source", "neither"))
    if nearest == "neither":
        return None
    if nearest == "wanted":
        # "利用150℃烟气": what follows says that it is a source after all.
        if behind == "source" and not re.search(r"(?:到|至|成|为|供|制|产|制取|供应|需要?)\s*$", before):
            return "heat_source_temperature_c", 1, True
        return None if behind == "neither" else ("heat_sink_temperature_c", 1, True)
    if behind == "neither" and nearest != "source":
        return None
    if nearest == "source" or behind == "source":
        return "heat_source_temperature_c", 1, True
    return ("heat_source_temperature_c", 1, False) if high >= 20 else None


def _last(text: str, names) -> str | None:
    """Return the name of the words that stand last in a text."""
    ends = {name: max((match.end() for match in _WORDS[name].finditer(text)), default=-1) for name in names}
    best = max(ends, key=ends.get)
    return best if ends[best] >= 0 else None


def _first(text: str, names) -> str | None:
    """Return the name of the words that stand first in a text."""
    starts = {name: match.start() for name in names if (match := _WORDS[name].search(text))}
    return min(starts, key=starts.get) if starts else None


def _mass_flow(before, after, low, high, text):
    if low <= 0:
        return None
    context = before + after
    nearby = before[-8:] + " " + after[:6]
    if re.search(r"补软?水|补水|排污|除盐水|污泥|物料|产量|产品", nearby):
        return None
    if _STEAM.search(nearby) or (_STEAM.search(context) and not _WATER.search(nearby)):
        is_steam = "热水" not in nearby and re.search(r"汽", context)
        return ("steam_supply_t_per_h" if is_steam and _is_wanted(before) else "heat_flow_t_per_h"), 1, True
    if _WATER.search(context):
        return "flow_m3_per_h", 1, True
    return "heat_flow_t_per_h", 1, False


def _is_wanted(before: str) -> bool:
    """Tell whether steam is asked for rather than there, by the word that stands last before the amount."""
    wanted, there = (
        max((match.end() for match in pattern.finditer(before)), default=-1)
        for pattern in (_STEAM_WANTED, _STEAM_THERE)
    )
    return wanted > there


def _steam_size(before, after, low, high, text):
    return ("heat_flow_t_per_h", 1, True) if low > 0 else None


def _pressure(before, after, low, high, text):
    if not 0 < low <= high <= 30 or _LET_DOWN.search(before) or _NO_PRESSURE.search(before[-8:]):
        return None
    medium = _medium_near(before[-10:], after[:8]) or _medium_near(before, after)
    if medium == "steam":
        return ("steam_supply_pressure_mpa" if _is_wanted(before) else "steam_pressure_mpa"), 1, True
    if medium:
        return f"{medium}_pressure_mpa", 1, True
    return "steam_pressure_mpa", 1, False


def _medium_near(before: str, after: str) -> str | None:
    """Return the medium named right behind an amount, else the one that stands last before it, else the next."""
    behind = {name: match.start() for name, each in _UNDER_PRESSURE.items() if (match := each.search(after))}
    ends = {
        name: max((match.end() for match in each.finditer(before)), default=-1)
        for name, each in _UNDER_PRESSURE.items()
    }
    nearest = min(behind, key=behind.get, default=None)
    if nearest and behind[nearest] <= RIGHT_BEHIND:
        return nearest
    last = max(ends, key=ends.get)
    return last if ends[last] >= 0 else nearest


def _volume_flow(before, after, low, high, text):
    if low <= 0:
        return None
    return _by_medium(before, after, 1.0, is_gas=False)


def _normal_flow(before, after, low, high, text):
    if low <= 0:
        return None
    if _AIR.search(before + after) and not _GAS.search(before + after):
        return "compressed_air_m3_per_min", 1 / 60, True
    if re.search(r"天然气|燃气|耗气|气耗", before[-10:] + after[:6]):
        return None
    return "gas_flow_m3_per_h", 1, bool(_GAS.search(before + after))


def _minute_flow(before, after, low, high, text):
    if low <= 0:
        return None
    if _GAS.search(before + after) and not _AIR.search(before + after):
        return "gas_flow_m3_per_h", 60, True
    is_air = bool(_AIR.search(before + after))
    return None if not is_air and "水" in before + after else ("compressed_air_m3_per_min", 1, is_air)


def _by_medium(before, after, factor, *, is_gas):
    context = before + after
    if re.search(r"天然气|燃气|耗气|气耗|蒸汽", before[-10:] + after[:6]):
        return None
    words = {"gas": _GAS, "air": _AIR, "water": _WATER}
    near = {name for name, pattern in words.items() if pattern.search(before[-8:] + " " + after[:6])}
    far = {name for name, pattern in words.items() if pattern.search(context)}
    found = near if len(near) == 1 else far
    if len(found) != 1:
        return None
    return {
        "gas": ("gas_flow_m3_per_h", factor, True),
        "air": ("compressed_air_m3_per_min", factor / 60, True),
        "water": ("flow_m3_per_h", factor, True),
    }[found.pop()]


def _power(before, after, low, high, text):
    if low <= 0:
        return None
    near, context = before[-8:] + " " + after[:6], before + after
    for pattern, code in ((_COLD, "cooling_capacity_kw"), (_HEAT, "heat_capacity_kw")):
        if pattern.search(near):
            return code, 1, True
    if _NOT_POWER.search(context):
        return None
    if _POWER.search(near):
        return "power_kw", 1, True
    for pattern, code in ((_COLD, "cooling_capacity_kw"), (_HEAT, "heat_capacity_kw")):
        if pattern.search(context):
            return code, 1, True
    return "power_kw", 1, bool(_POWER.search(context))


def _heat(before, after, low, high, text):
    return ("heat_capacity_kw", 1, True) if low > 0 else None


def _big_heat(before, after, low, high, text):
    """Boilers are named by the kcal an hour that they give, in ten thousands and more."""
    return ("heat_capacity_kw", 1, True) if low * 1 >= 50 and re.search(r"万", text) else None


def _cold(before, after, low, high, text):
    return ("cooling_capacity_kw", 1, True) if low > 0 else None


def _hours(before, after, low, high, text):
    if not 500 <= low <= high <= 8784:
        return None
    is_yearly = bool(_YEAR.search(before) or _YEAR.search(after[:4]) or re.search(r"/\s*(?:a|年)$", text))
    is_running = bool(re.search(r"运行|工作|生产|使用|亮灯|亮|开机|利用", before[-10:] + after[:6]))
    return ("running_hours", 1, is_yearly) if is_yearly or is_running else None


def _area(before, after, low, high, text):
    context = before + after
    if low <= 0 or not _PLACE.search(context):
        return None
    if re.search(r"占地|换热面积|过滤面积|截面|集热|每|采光面积", context):
        return None
    return "area_m2", 1, bool(_FREE.search(context))


def _days(before, after, low, high, text):
    if not 0 < low <= high <= 365 or not _STANDSTILL.search(before[-12:] + after[:8]):
        return None
    return None if _NO_STANDSTILL.search(before[-12:]) else ("shutdown_days", 1, True)


def _voltage(before, after, low, high, text):
    if "k" in text or "千" in text:
        return ("voltage_kv", 1, True) if 0.1 <= low <= high <= 500 else None
    return ("voltage_kv", 1, True) if 0.2 <= low <= high <= 1.2 and _MAINS.search(before + after) else None


_READERS = {
    "temperature": _temperature,
    "mass_flow": _mass_flow,
    "steam_size": _steam_size,
    "pressure": _pressure,
    "volume_flow": _volume_flow,
    "normal_flow": _normal_flow,
    "minute_flow": _minute_flow,
    "power": _power,
    "heat": _heat,
    "big_heat": _big_heat,
    "cold": _cold,
    "hours": _hours,
    "area": _area,
    "days": _days,
    "voltage": _voltage,
}
