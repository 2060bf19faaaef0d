"""The units in which plants and suppliers say their quantities, shared by search and matcher; knows nothing of Django."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unit:
    """A way to write a unit: its kind, the pattern in normalised text, the factor to the unit of the kind.

    Kinds are temperature (℃), mass_flow (t/h), pressure (MPa), volume_flow (m³/h), minute_flow (m³/min), power (kW),
    heat (kW), cold (kW), hours (h a year), area (m²), days (d), voltage (kV); and what only search asks for:
    small_pressure (MPa), share (1), money (yuan), years, mass (t), volume (m³), electricity (kWh), coal (tce),
    concentration (mg/m³), parts (ppm).
    """

    kind: str
    pattern: str
    factor: float = 1.0


_CUBIC = r"(?:n\s*m3|m3|立方米|立方|标方|标立方|标准立方米|方|标m3)"
_HOUR = r"(?:/\s*h(?:r)?(?![a-z])|/\s*(?:小时|时)|每小时|/\s*hour)"
_MINUTE = r"(?:/\s*min|/\s*(?:分钟|分)|每分钟|/\s*m(?![a-z\d]))"

UNITS = (
    Unit("temperature", r"(?:°\s*c(?![a-z])|摄氏度|度c|c(?![a-z\d])(?=[\u4e00-\u9fff,。;]|$))"),
    Unit("temperature", r"度(?!电|/|每|角|以内调|数|假|米|的电|kw)"),
    Unit("mass_flow", rf"(?:t|吨|蒸吨){_HOUR}"),
    Unit("mass_flow", rf"(?:kg|公斤|千克){_HOUR}", 0.001),
    Unit("steam_size", r"蒸吨(?!/)"),
    Unit("steam_size", r"(?:t|吨)(?=\s*(?:级|的)?(?:燃气|燃煤|燃油|天然气|生物质|电)?(?:蒸汽|热水)?锅炉)"),
    Unit("pressure", r"(?:mpa(?:\s*\(?[ga]\)?(?![a-z]))?|兆帕)"),
    Unit("pressure", r"(?:kpa(?![a-z])|千帕)", 0.001),
    Unit("pressure", r"(?:bar\s*g?(?![a-z])|巴(?![\u4e00-\u9fff]))", 0.1),
    Unit(
        "pressure",
        r"(?:kgf?/cm2|公斤(?=\s*(?:的)?(?:饱和|过热)?(?:蒸汽|压力|汽|压))|kg(?=\s*(?:蒸汽|压力)))",
        0.098,
    ),
    Unit("normal_flow", rf"(?:n\s*m3|标方|标立方|标准立方米|标m3){_HOUR}"),
    Unit("volume_flow", rf"{_CUBIC}{_HOUR}"),
    Unit("minute_flow", rf"{_CUBIC}{_MINUTE}"),
    Unit("power", r"(?:kw(?!\s*[·.*]?\s*h|/|p)|千瓦(?!时|·|小))"),
    Unit("power", r"(?:mw(?!\s*[·.*]?\s*h|p|/)|兆瓦(?!时|·|小))", 1000),
    Unit("heat", r"(?:大卡|kcal)(?:/\s*h|/\s*小时)", 0.001163),
    Unit("big_heat", r"(?:大卡|kcal)", 0.001163),
    Unit("cold", r"(?:us)?rt(?![a-z\d])|冷吨", 3.517),
    Unit("hours", r"(?:个\s*)?小时(?:/\s*(?:年|a))?(?!/)|h(?:/\s*a|/\s*年|r)?(?![a-z\d])"),
    Unit("area", r"(?:m2|平方米|平米|平方(?!公里|毫米|厘米|分米)|㎡)(?!/)"),
    Unit("area", r"亩", 666.67),
    Unit("days", r"天(?!然)"),
    Unit("days", r"个月", 30),
    Unit("days", r"(?<=0\.5)年", 365),
    Unit("days", r"周(?![期边围转年末一二三四五六日])", 7),
    Unit("voltage", r"(?:kv(?!a)|千伏(?!安))"),
    Unit("voltage", r"(?:v(?![a-z\d])|伏(?!安))", 0.001),
    Unit("small_pressure", r"(?:pa(?![a-z])|帕)", 1e-6),
    Unit("share", r"%|个百分点", 0.01),
    Unit("share", r"‰", 0.001),
    Unit("money", r"(?:元|块钱)(?!\s*/|素|器|件|宝)"),
    Unit("years", r"年(?!产|均|运|用|代|度|工作|检|利用|平均)"),
    Unit("electricity", r"(?:kwh|kw\s*[·.*]\s*h|千瓦时|度电)(?!\s*/)"),
    Unit("electricity", r"mwh(?!\s*/)|兆瓦时", 1000),
    Unit("coal", r"tce(?![a-z])|吨标准?煤"),
    Unit("concentration", r"mg\s*/\s*n?m3"),
    Unit("concentration", r"g\s*/\s*n?m3", 1000),
    Unit("parts", r"ppm(?![a-z])"),
    Unit("mass", r"(?:t(?![a-z/\d])|吨(?!/|级))"),
    Unit("mass", r"kg(?![a-z/f])|公斤|千克", 0.001),
    Unit("volume", rf"{_CUBIC}(?!\s*/)"),
)
