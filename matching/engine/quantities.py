"""Read quantities of a plant from Chinese text: what, how much, where it stands, and how sure.

A number with its unit is found by pattern; which quantity it is (a heat source or the heat that is wanted, gas or
water) is told by the words around it in the same clause. Without such words a reading is not sure, and what could
be several things is not read at all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from matching.engine.numerals import with_digits
from matching.engine.profiles import Range, ReadQuantity
from matching.engine.quantity_roles import role_of
from matching.engine.quantity_units import UNITS, Unit
from search.characters import normalise

LONGEST_TEXT = 20_000
HOURS_A_YEAR = 8784

_NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)"
_MINUS = r"(?:(?<![\d.a-z%°)a-z])[-−])?"
_DASH = r"\s*(?:~|-|–|—|−|至|到)+\s*"
_SCALE = r"(?:百万|千万|万|千|亿)"
_UNIT = "|".join(f"(?P<u{number}>{unit.pattern})" for number, unit in enumerate(UNITS))
_FIRST_UNIT = r"(?:°c|摄氏度|度|mpa|kw|t/h|nm3/h|m3/h|kv)"
_AMOUNT = re.compile(
    rf"(?<![a-z\d.])(?P<low>{_MINUS}{_NUMBER})\s*(?P<lowscale>{_SCALE})?\s*{_FIRST_UNIT}?{_DASH}"
    rf"(?P<high>{_MINUS}{_NUMBER})\s*(?P<highscale>{_SCALE})?\s*(?:{_UNIT})"
    rf"|(?<![a-z\d.])(?P<one>{_MINUS}{_NUMBER})\s*(?P<onescale>{_SCALE})?\s*(?P<more>[多余](?!热|压))?\s*(?:{_UNIT.replace('P<u', 'P<v')})"
)
_SCALES = {"千": 1e3, "万": 1e4, "百万": 1e6, "千万": 1e7, "亿": 1e8}
_LOWER_BEFORE = re.compile(
    r"(?:不(?:应|宜|得|能|可)?(?:低于|小于|少于)|大于等于|(?<!不)(?<!不宜)(?<!不应)(?<!不得)(?:大于|高于|超过)|至少|最低|>=|≥|≧|>)"
    r"\s*(?:约)?\s*$"
)
_UPPER_BEFORE = re.compile(
    r"(?:不(?:应|宜|得|能|可)?(?:超过|高于|大于)|小于等于|(?<!不)(?<!不宜)(?<!不应)(?<!不得)(?:小于|低于|少于)|不足|至多|最高|最大"
    r"|<=|≤|≦|<)\s*(?:约)?\s*$"
)
_LOWER_AFTER = re.compile(r"^\s*(?:\(含\))?(?:及以上|以上|起)")
_UPPER_AFTER = re.compile(r"^\s*(?:\(含\))?(?:及以下|以下|以内|之内)")
_CLAUSE_END = re.compile(r"[,，。;；!?！？\n、]")
_PER_DAY = re.compile(
    rf"(?:每天|每日|日均|天天|一天)\D{{0,6}}?(?P<hours>{_NUMBER})\s*(?:个)?(?:小时|h(?![a-z]))"
)
_PER_HOUR = re.compile(
    rf"(?:每小时|时均)[^\d,。;]{{0,6}}?(?P<one>{_NUMBER})\s*(?P<onescale>{_SCALE})?\s*"
    rf"(?:(?P<mass>吨|t)|(?P<volume>立方米|立方|m3|方))(?![/a-z])"
)
_DAYS = re.compile(
    rf"(?:全年|每年|年|一年)\D{{0,8}}?(?P<days>{_NUMBER})\s*(?P<unit>天|日|个月|(?<=0\.5)年)(?!内)"
)
_DAYS_OF = {"天": 1, "日": 1, "个月": 30, "年": 365}


@dataclass(frozen=True, slots=True)
class Reading:
    """One quantity read from a text.

    Attributes
    ----------
    code
        Code of the quantity (``catalog.enums.Quantity``), whose unit ``range`` is in.
    text
        The passage as it was written; ``start`` and ``stop`` are its place in the text.
    is_sure
        Whether the words around it say what it is and nothing else in the text contradicts.
    """

    code: str
    range: Range
    text: str
    start: int
    stop: int
    is_sure: bool


def read_quantities(text: str) -> list[Reading]:
    """Return the quantities in a text, in order; what cannot be told apart is left out.

    Examples
    --------
    >>> [(each.code, each.range.minimum, each.text) for each in read_quantities("排烟约１５０ ℃，蒸汽0.6MPa")]
    [('heat_source_temperature_c', 150.0, '１５０ ℃'), ('steam_pressure_mpa', 0.6, '0.6MPa')]
    >>> [(each.code, each.range.minimum, each.text) for each in read_quantities("废气一百七十度左右")]
    [('heat_source_temperature_c', 170.0, '一百七十度')]
    >>> read_quantities("12根，三台，2025年")
    []
    """
    return list(_read(text[:LONGEST_TEXT]))


@lru_cache(maxsize=2048)
def _read(text: str) -> tuple[Reading, ...]:
    plain, places = _with_places(text)
    found = [
        reading for match in _AMOUNT.finditer(plain) if (reading := _reading(text, plain, places, match))
    ]
    found += [
        reading for match in _PER_HOUR.finditer(plain) if (reading := _hourly(text, plain, places, match))
    ]
    found += _daily_hours(text, plain, places, found)
    return tuple(sorted(found, key=lambda each: each.start))


def first_of_each(readings: Iterable[Reading]) -> dict[str, Reading]:
    """Return for each quantity its first sure reading, else its first; one that others contradict is not sure.

    Examples
    --------
    >>> found = first_of_each(read_quantities("一号炉烟气200℃，二号炉烟气300℃"))
    >>> [(code, each.range.minimum, each.is_sure) for code, each in found.items()]
    [('heat_source_temperature_c', 200.0, False)]
    """
    chosen: dict[str, Reading] = {}
    contradicted = set()
    for each in sorted(readings, key=lambda each: not each.is_sure):
        first = chosen.setdefault(each.code, each)
        if each.is_sure and first.range != each.range:
            contradicted.add(each.code)
    return {
        code: Reading(each.code, each.range, each.text, each.start, each.stop, False)
        if code in contradicted
        else each
        for code, each in chosen.items()
    }


def read_fields(texts: Mapping[str, str]) -> dict[str, ReadQuantity]:
    """Return what the texts of a need say of each quantity; ``texts`` maps a field to its text, most telling first.

    Examples
    --------
    >>> read_fields({"title": "废热水利用", "problem": "废热水60℃外排"})["heat_source_temperature_c"]
    ReadQuantity(range=Range(minimum=60.0, maximum=60.0), text='60℃', field='problem', is_sure=True)
    """
    found = [(field, reading) for field, text in texts.items() for reading in read_quantities(text)]
    fields = {id(reading): field for field, reading in found}
    chosen = first_of_each(reading for _, reading in found)
    return {
        code: ReadQuantity(
            each.range,
            each.text,
            next(fields[id(other)] for _, other in found if (other.code, other.text) == (code, each.text)),
            each.is_sure,
        )
        for code, each in chosen.items()
    }


def _with_places(text: str) -> tuple[str, list[int]]:
    """Return the normalised text, numerals as digits, and for each of its characters the place of the original one."""
    parts = [_plain_character(character) for character in text]
    places = [place for place, part in enumerate(parts) for _ in part]
    return with_digits("".join(parts), [*places, len(text)])


@lru_cache(maxsize=65_536)
def _plain_character(character: str) -> str:
    return normalise(character)


def _reading(text: str, plain: str, places: list[int], match: re.Match) -> Reading | None:
    groups = match.groupdict()
    unit = _unit(groups)
    ends = _ends(groups)
    if unit is None or ends is None:
        return None
    low, high = (end * unit.factor for end in ends)
    before, after = _around(plain, match.start(), match.end())
    role = role_of(unit.kind, before, after, low, high, match.group())
    if role is None:
        return None
    code, factor, is_sure = role
    low, high = round(low * factor, 6), round(high * factor, 6)
    bounds = Range(low, None) if match["more"] else _bounded(low, high, before, plain[match.end() :])
    start, stop = places[match.start()], places[match.end() - 1] + 1
    return Reading(code, bounds, text[start:stop].strip(), start, stop, is_sure)


def _hourly(text: str, plain: str, places: list[int], match: re.Match) -> Reading | None:
    """Read "每小时40吨", where the time stands before the number."""
    value = _number(match["one"]) * _SCALES.get(match["onescale"], 1)
    before, after = _around(plain, match.start("one"), match.end())
    kind = "mass_flow" if match["mass"] else "volume_flow"
    role = role_of(kind, before, after, value, value, match.group())
    if role is None:
        return None
    code, factor, is_sure = role
    start, stop = places[match.start()], places[match.end() - 1] + 1
    value = round(value * factor, 6)
    return Reading(code, Range(value, value), text[start:stop], start, stop, is_sure)


def _unit(groups: Mapping[str, str | None]) -> Unit | None:
    for number, unit in enumerate(UNITS):
        if groups[f"u{number}"] is not None or groups[f"v{number}"] is not None:
            return unit
    return None


def _ends(groups: Mapping[str, str | None]) -> tuple[float, float] | None:
    """Return both ends; a scale behind the second number holds for the first as well."""
    if groups["one"] is not None:
        value = _number(groups["one"]) * _SCALES.get(groups["onescale"], 1)
        return value, value
    high_scale = _SCALES.get(groups["highscale"], 1)
    low = _number(groups["low"]) * (_SCALES.get(groups["lowscale"]) or high_scale)
    high = _number(groups["high"]) * high_scale
    return (low, high) if low <= high else None


def _number(text: str) -> float:
    return float(text.replace(",", "").replace("−", "-"))


def _around(plain: str, start: int, stop: int) -> tuple[str, str]:
    """Return the rest of the clause on both sides."""
    before = plain[max(0, start - 30) : start]
    after = plain[stop : stop + 16]
    ends = [match.end() for match in _CLAUSE_END.finditer(before)]
    cut = _CLAUSE_END.search(after)
    return before[ends[-1] if ends else 0 :], after[: cut.start()] if cut else after


def _bounded(low: float, high: float, before: str, after: str) -> Range:
    if low != high:
        return Range(low, high)
    if _UPPER_BEFORE.search(before) or _UPPER_AFTER.match(after):
        return Range(None, high)
    is_lower = _LOWER_BEFORE.search(before) or _LOWER_AFTER.match(after)
    return Range(low, None) if is_lower else Range(low, high)


def _daily_hours(text: str, plain: str, places: list[int], found: list[Reading]) -> list[Reading]:
    """Return hours a day times days a year, where the hours of the year are not said themselves."""
    hours, days = _PER_DAY.search(plain), _DAYS.search(plain)
    if not hours or not days or any(each.code == "running_hours" for each in found):
        return []
    total = float(hours["hours"]) * float(days["days"]) * _DAYS_OF[days["unit"]]
    if not 0 < total <= HOURS_A_YEAR:
        return []
    first, last = sorted((hours, days), key=lambda match: match.start())
    start, stop = places[first.start()], places[last.end() - 1] + 1
    return [Reading("running_hours", Range(total, total), text[start:stop], start, stop, True)]
