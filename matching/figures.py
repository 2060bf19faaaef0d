"""Figures as people at a plant write them."""

import re
from collections.abc import Sequence
from decimal import Decimal

from django.utils.translation import gettext as _

from catalog.enums import Quantity
from catalog.formats import money_scale

ABBREVIATION = re.compile(r"[a-z][a-z0-9]{1,3}")
LABEL_WITH_UNIT = re.compile(r"^(?P<name>.*?)\s*[（(](?P<unit>[^（）()]*)[）)]$")
Pair = Sequence[float | None]


def as_written(word: str) -> str:
    """Return a word of an index as people write it: abbreviations in capitals.

    >>> as_written("mvr"), as_written("led"), as_written("steam"), as_written("余热")
    ('MVR', 'LED', 'steam', '余热')
    """
    return word.upper() if ABBREVIATION.fullmatch(word) else word


def figure(value: float) -> str:
    """Return a number with thousands separators and at most three decimals, as needed.

    >>> figure(3200), figure(0.35), figure(12.0), figure(1234.56)
    ('3,200', '0.35', '12', '1,235')
    """
    magnitude = abs(value)
    decimals = 0 if magnitude >= 100 else 1 if magnitude >= 10 else 2 if magnitude >= 0.1 else 3
    text = f"{value:,.{decimals}f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def span(bounds: Pair, unit: str = "") -> str:
    """Return a range with its unit; a missing end is said by a sign.

    >>> span([80, 250], "℃"), span([45, 45], "℃")
    ('80–250℃', '45℃')
    """
    low, high = bounds
    gap = " " if unit[:1].isascii() and unit[:1].isalpha() else ""
    if low is not None and high is not None:
        first, second = figure(low), figure(high)
        return f"{first}{gap}{unit}" if first == second else f"{first}–{second}{gap}{unit}"
    if low is not None:
        return f"≥{figure(low)}{gap}{unit}"
    if high is not None:
        return f"≤{figure(high)}{gap}{unit}"
    return _("未限定")


def percentage(bounds: Pair) -> str:
    """Return a range of shares in per cent."""
    return span([None if each is None else each * 100 for each in bounds], "%")


def money(bounds: Pair) -> str:
    """Return a range of yuan in the unit that suits its upper end."""
    largest = max((abs(each) for each in bounds if each is not None), default=0)
    divisor, unit = money_scale(Decimal(largest))
    return span([None if each is None else each / float(divisor) for each in bounds], f" {unit}")


def quantity_name(code: str) -> str:
    """Return what a quantity is called, without its unit; the code itself when it is not known."""
    return _label_parts(code)[0]


def quantity_span(code: str, bounds: Pair) -> str:
    """Return a range of a quantity in its unit."""
    return span(bounds, _label_parts(code)[1])


def _label_parts(code: str) -> tuple[str, str]:
    if code not in Quantity.values:
        return code, ""
    label = str(Quantity(code).label)
    found = LABEL_WITH_UNIT.match(label)
    return (found["name"], found["unit"]) if found else (label, "")
