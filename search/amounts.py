"""Read amounts with units from text as ranges of values, shared by search and matcher. Knows nothing of Django.

`found` reads what stands there; the matcher tells from the words around what it is. `read_amounts` brings it to the
kinds that search compares, so that 1000 kPa is 1.0 MPa and 800℃ lies within 800～1000℃.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain
from operator import itemgetter

from search.characters import with_places
from search.engine import LEAST, MOST, Amount, Document
from search.numerals import with_digits
from search.units import UNITS, Unit

LONGEST_TEXT = 20_000
FIGURES_WEIGHT = 3.0  # more than text and title can bring: who says the figures that were typed stands first
MOST_ASKED, MOST_KEPT, LONGEST_WRITTEN = 4, 200, 60

NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_MINUS = r"(?:(?<![\d.a-z%°)])[-−])?"
_DASH = r"\s*(?:~|-|–|—|−|至|到)+\s*"
SCALE = r"(?:百万|千万|万|千(?![瓦克帕伏卡])|亿)"
SCALES = {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_FIRST_UNIT = r"(?:°c|摄氏度|度|mpa|kpa|bar|kw|mw|t/h|nm3/h|m3/h|kv|%|‰|元|年|h|t)"
_ONE = re.compile(
    rf"(?<![a-z\d.])(?P<low>{_MINUS}{NUMBER})\s*(?P<scale>{SCALE})?\s*(?P<more>[多余](?!热|压))?\s*"
)
_TWO = re.compile(
    rf"{_ONE.pattern}{_FIRST_UNIT}?(?P<dash>{_DASH})(?P<high>{_MINUS}{NUMBER})\s*(?P<highscale>{SCALE})?\s*"
)
_RATIO = re.compile(
    r"(?<![\d:.])1\s*:\s*(?P<low>\d+(?:\.\d+)?)(?:\s*~\s*1\s*:\s*(?P<high>\d+(?:\.\d+)?))?(?![\d:])"
)
_UNIT = re.compile("|".join(f"(?P<u{number}>{unit.pattern})" for number, unit in enumerate(UNITS)))
_YUAN = next(unit for unit in UNITS if unit.kind == "money")
_DIGIT = re.compile(r"\d")

_LOWER_BEFORE = re.compile(
    r"(?:不(?:应|宜|得|能|可)?(?:低于|小于|少于)|大于等于|(?<!不)(?<!不宜)(?<!不应)(?<!不得)(?:大于|高于|超过)|至少|最低|>=|≥|≧|>)"
    r"\s*(?:约)?\s*$"
)
_UPPER_BEFORE = re.compile(
    r"(?:不(?:应|宜|得|能|可)?(?:超过|高于|大于)|小于等于|(?<!不)(?<!不宜)(?<!不应)(?<!不得)(?:小于|低于|少于)|不足|不到|至多|最高|最大|最多"
    r"|<=|≤|≦|<)\s*(?:约)?\s*$"
)
_LOWER_AFTER = re.compile(r"^\s*(?:\(含\))?(?:及以上|以上|起)")
_UPPER_AFTER = re.compile(r"^\s*(?:\(含\))?(?:及以下|以下|以内|之内|内(?![\u4e00-\u9fff])|内(?=回|收|的))")
_CLAUSE_END = re.compile(r"[,，。;；!?！？\n、]")


@dataclass(frozen=True, slots=True)
class FoundAmount:
    """A number or range with its unit: both ends in the unit of the unit's kind, and its place in the normalised text.

    `is_more` says that it is somewhat more than the number (八十多度).
    """

    unit: Unit
    low: float
    high: float
    start: int
    stop: int
    is_more: bool = False


@dataclass(frozen=True, slots=True)
class AskedAmount:
    """An amount of a query, the kinds that answer it, and its place with the words that belong to it."""

    amount: Amount
    kinds: tuple[str, ...]
    start: int
    stop: int

    @property
    def ends(self) -> tuple[float, ...]:
        """Return the numbers that were typed; who has one of them as an end says it in the same figures."""
        return tuple({end for end in (self.amount.low, self.amount.high) if LEAST < end < MOST})


# By kind of unit: the kind that search compares, and the factor to it.
KINDS = {
    "temperature": ("temperature_c", 1),
    "pressure": ("pressure_mpa", 1),
    "small_pressure": ("pressure_mpa", 1),
    "mass_flow": ("mass_flow_t_per_h", 1),
    "steam_size": ("mass_flow_t_per_h", 1),
    "volume_flow": ("volume_flow_m3_per_h", 1),
    "normal_flow": ("volume_flow_m3_per_h", 1),
    "minute_flow": ("volume_flow_m3_per_h", 60),
    "power": ("power_kw", 1),
    "heat": ("power_kw", 1),
    "cold": ("power_kw", 1),
    "hours": ("hours", 1),
    "days": ("days", 1),
    "years": ("years", 1),
    "area": ("area_m2", 1),
    "voltage": ("voltage_kv", 1),
    "share": ("share", 1),
    "money": ("money_cny", 1),
    "mass": ("mass_t", 1),
    "volume": ("volume_m3", 1),
    "electricity": ("electricity_kwh", 1),
    "coal": ("coal_tce", 1),
    "concentration": ("concentration_mg_per_m3", 1),
    "parts": ("parts_ppm", 1),
}
PAYBACK, INVESTMENT, RATIO = "payback_years", "investment_cny", "ratio"
EVERY_KIND = tuple(dict.fromkeys([*(kind for kind, _factor in KINDS.values()), PAYBACK, INVESTMENT, RATIO]))
_ALSO = {"years": (PAYBACK,), "money_cny": (INVESTMENT,)}
_MEANT = {
    "years": (re.compile(r"回收|回本|payback"), PAYBACK),
    "money_cny": (re.compile(r"投资|预算|造价|费用|资金|花费"), INVESTMENT),
}
_DAYS_A_MONTH = 30
_LONGEST_LIFE = 100  # years; what is more is a date

# Words of a query that only say which quantity is meant, or how it is bounded.
_NAMES = r"(?:温度|压力|压强|流量|功率|容量|面积|电压|(?:静态|动态|投资)*回收期|总?投资(?:额|预算)?|预算|造价|费用)"
_BEFORE = re.compile(
    rf"(?:{_NAMES}\s*)?(?:为|是|在|要|达到|控制在|[减降升]?[到至]|大约|约|:)?\s*"
    r"(?:[<>=≥≤≧≦]+|[不大小高低少至最超于过等足到多约应宜得能可\s]*)\s*$"
)
_AFTER = re.compile(
    rf"^(?:\s*(?:\(含\))?(?:及?以上|及?以下|以内|之内|左右|上下|起|内))?(?:的)?"
    rf"(?:(?:{_NAMES}|回本)(?!\s*[\d<>=≥≤不低高小大超]))?"
)
_SUM = re.compile(
    rf"(?:投资|预算|造价|费用|资金)[^\d,。;]{{0,6}}(?:(?P<low>{NUMBER})万?{_DASH})?(?P<number>{NUMBER})\s*(?P<scale>百万|千万|万|亿)(?!元|块|\s*[a-z])"
)


def found(plain: str) -> Iterator[FoundAmount]:
    """Yield the amounts in a normalised text from left to right; the first of two numbers may go without its unit."""
    place = 0
    while digit := _DIGIT.search(plain, place):
        start = digit.start()
        if start and plain[start - 1] in "-−" and _ONE.match(plain, start - 1):
            start -= 1
        amount = _two(plain, start) or _one(plain, start)
        if amount:
            yield amount
            place = amount.stop
        else:
            number = _ONE.match(plain, start)
            place = max(number.end("low") if number else 0, digit.end())


def _one(plain: str, start: int) -> FoundAmount | None:
    match = _ONE.match(plain, start)
    unit = match and _UNIT.match(plain, match.end())
    if not unit:
        return None
    value = number_of(match["low"]) * SCALES.get(match["scale"], 1)
    return _amount(unit, value, value, start, is_more=bool(match["more"]))


def _two(plain: str, start: int) -> FoundAmount | None:
    """Read a range; a scale behind the second number holds for the first as well."""
    match = _TWO.match(plain, start)
    unit = match and _UNIT.match(plain, match.end())
    if not unit:
        return None
    high_scale = SCALES.get(match["highscale"], 1)
    low = number_of(match["low"]) * (SCALES.get(match["scale"]) or high_scale)
    high = number_of(match["high"]) * high_scale
    if low < 0 and match["dash"].strip()[1:]:
        low, high = sorted((low, -high))  # -20～-40: the second minus is no dash
    return _amount(unit, low, high, start) if low <= high else None


def _amount(unit: re.Match, low: float, high: float, start: int, *, is_more: bool = False) -> FoundAmount:
    of = UNITS[int(unit.lastgroup[1:])]
    return FoundAmount(of, low * of.factor, high * of.factor, start, unit.end(), is_more)


def number_of(text: str) -> float:
    """Return the value of a number as it is written."""
    return float(text.replace(",", "").replace("−", "-"))


def around(plain: str, start: int, stop: int) -> tuple[str, str]:
    """Return the rest of the clause on both sides of a passage."""
    before = plain[max(0, start - 30) : start]
    after = plain[stop : stop + 16]
    ends = [match.end() for match in _CLAUSE_END.finditer(before)]
    cut = _CLAUSE_END.search(after)
    return before[ends[-1] if ends else 0 :], after[: cut.start()] if cut else after


def bounded(low: float, high: float, before: str, after: str) -> tuple[float | None, float | None]:
    """Return the ends of a range, None for the end that the words on either side leave open."""
    if low != high:
        return low, high
    if _UPPER_BEFORE.search(before) or _UPPER_AFTER.match(after):
        return None, high
    is_lower = _LOWER_BEFORE.search(before) or _LOWER_AFTER.match(after)
    return low, None if is_lower else high


def read_amounts(text: str) -> list[Amount]:
    """Return every amount in a text, as written, without repeats.

    >>> [(each.kind, each.low, each.high, each.text) for each in read_amounts("助燃空气800～1000℃，1000 kPa")]
    [('temperature_c', 800.0, 1000.0, '800～1000℃'), ('pressure_mpa', 1.0, 1.0, '1000 kPa')]
    """
    text = text[:LONGEST_TEXT]
    plain, places = with_digits(*with_places(text))
    amounts = {}
    for amount, start, stop in _placed(plain):
        written = text[places[start] : places[stop - 1] + 1].strip()
        key = (amount.kind, amount.low, amount.high)
        amounts.setdefault(key, Amount(*key, written[:LONGEST_WRITTEN]))
    return list(amounts.values())


def _placed(plain: str) -> Iterator[tuple[Amount, int, int]]:
    for each in found(plain):
        if each.unit.kind not in KINDS:
            continue
        before, after = around(plain, each.start, each.stop)
        ends = (each.low, None) if each.is_more else bounded(each.low, each.high, before, after)
        if amount := _of_kind(each.unit, *ends, f"{before[-12:]} {after[:8]}"):
            yield amount, each.start, each.stop
    for match in _RATIO.finditer(plain):
        low = float(match["low"])
        yield Amount(RATIO, low, float(match["high"] or low)), *match.span()


def _of_kind(unit: Unit, low: float | None, high: float | None, context: str) -> Amount | None:
    kind, factor = KINDS[unit.kind]
    if unit.kind == "days" and _MEANT["years"][0].search(context):
        kind, factor = PAYBACK, 1 / (360 if unit.factor == _DAYS_A_MONTH else 365)
    ends = [
        default if end is None else round(end * factor, 9) for end, default in ((low, LEAST), (high, MOST))
    ]
    if any(abs(end) > MOST for end in ends):
        return None
    if kind == "years" and any(_LONGEST_LIFE < end < MOST for end in ends):
        return None
    words, meant = _MEANT.get(kind, (None, ""))
    return Amount(meant if words and words.search(context) else kind, *ends)


def asked_amounts(plain: str) -> list[AskedAmount]:
    """Return the amounts that a normalised query asks for, each with the words that belong to it.

    >>> [(each.amount.kind, each.amount.high) for each in asked_amounts("回收期半年以内 投资100万以内")]
    [('payback_years', 0.5), ('investment_cny', 1000000.0)]
    """
    asked: list[AskedAmount] = []
    digits, places = with_digits(plain, list(range(len(plain) + 1)))
    for amount, start, stop in sorted([*_placed(digits), *_sums(digits)], key=itemgetter(1, 2)):
        if asked and places[start] < asked[-1].stop:
            continue
        start -= len(_BEFORE.search(digits[:start])[0])
        stop += len(_AFTER.match(digits[stop:])[0])
        first = max(places[start], asked[-1].stop if asked else 0)
        amount = Amount(amount.kind, amount.low, amount.high, digits[start:stop].strip())
        asked.append(AskedAmount(amount, (amount.kind, *_ALSO.get(amount.kind, ())), first, places[stop]))
    return asked[:MOST_ASKED]


def _sums(plain: str) -> Iterator[tuple[Amount, int, int]]:
    """Yield the money of 投资100万, where 元 goes without saying."""
    for match in _SUM.finditer(plain):
        scale = SCALES[match["scale"]]
        high = number_of(match["number"]) * scale
        low = min(high, number_of(match["low"]) * scale) if match["low"] else high
        start = match.start("low" if match["low"] else "number")
        before, after = around(plain, start, match.end())
        if amount := _of_kind(_YUAN, *bounded(low, high, before, after), f"{before[-12:]} {after[:8]}"):
            yield amount, start, match.end()


def amounts_of(document: Document) -> list[Amount]:
    """Return the amounts by which a listing is found: those of its fields, then those in its texts, without repeats."""
    texts = (document.title, document.summary, document.body)
    known: dict[tuple, Amount] = {}
    for each in chain(document.amounts, chain.from_iterable(map(read_amounts, texts))):
        known.setdefault((each.kind, each.low, each.high), each)
    return list(known.values())[:MOST_KEPT]
