"""Read quantities of a plant from Chinese text: what, how much, where it stands, and how sure.

A number with its unit is found by pattern; which quantity it is (a heat source or the heat that is wanted, gas or
water) is told by the words around it in the same clause. Without such words a reading is not sure, and what could
be several things is not read at all.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from matching.engine.profiles import Range, ReadQuantity
from matching.engine.quantity_roles import role_of
from search.amounts import (
    LONGEST_TEXT,
    NUMBER,
    SCALE,
    SCALES,
    FoundAmount,
    around,
    bounded,
    number_of,
)
from search.amounts import found as found_in
from search.characters import with_places
from search.numerals import with_digits

HOURS_A_YEAR = 8784

_PER_DAY = re.compile(
    rf"(?:每天|每日|日均|天天|一天)\D{{0,6}}?(?P<hours>{NUMBER})\s*(?:个)?(?:小时|h(?![a-z]))"
)
_PER_HOUR = re.compile(
    rf"(?:每小时|时均)[^\d,。;]{{0,6}}?(?P<one>{NUMBER})\s*(?P<onescale>{SCALE})?\s*"
    rf"(?:(?P<mass>吨|t)|(?P<volume>立方米|立方|m3|方))(?![/a-z])"
)
_DAYS = re.compile(
    rf"(?:全年|每年|年|一年)\D{{0,8}}?(?P<days>{NUMBER})\s*(?P<unit>天|日|个月|(?<=0\.5)年)(?!内)"
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
    plain, places = with_digits(*with_places(text))
    found = [reading for amount in found_in(plain) if (reading := _reading(text, plain, places, amount))]
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


def _reading(text: str, plain: str, places: list[int], amount: FoundAmount) -> Reading | None:
    before, after = around(plain, amount.start, amount.stop)
    passage = plain[amount.start : amount.stop]
    role = role_of(amount.unit.kind, before, after, amount.low, amount.high, passage)
    if role is None:
        return None
    code, factor, is_sure = role
    low, high = round(amount.low * factor, 6), round(amount.high * factor, 6)
    ends = (low, None) if amount.is_more else bounded(low, high, before, plain[amount.stop :])
    start, stop = places[amount.start], places[amount.stop - 1] + 1
    return Reading(code, Range(*ends), text[start:stop].strip(), start, stop, is_sure)


def _hourly(text: str, plain: str, places: list[int], match: re.Match) -> Reading | None:
    """Read "每小时40吨", where the time stands before the number."""
    value = number_of(match["one"]) * SCALES.get(match["onescale"], 1)
    before, after = around(plain, match.start("one"), match.end())
    kind = "mass_flow" if match["mass"] else "volume_flow"
    role = role_of(kind, before, after, value, value, match.group())
    if role is None:
        return None
    code, factor, is_sure = role
    start, stop = places[match.start()], places[match.end() - 1] + 1
    value = round(value * factor, 6)
    return Reading(code, Range(value, value), text[start:stop], start, stop, is_sure)


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
