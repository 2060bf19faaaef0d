"""Figures as people write them: 120 万元, 10%–15%, 2–3 年."""

from decimal import Decimal

from django.utils.translation import get_language
from django.utils.translation import gettext as _

DASH = "–"


def number_text(value: Decimal) -> str:
    """Return a number without trailing zeros and exponent: Decimal("12.50") is 12.5."""
    text = f"{Decimal(value):f}"
    return text.rstrip("0").rstrip(".") if "." in text else text


def money_scale(yuan: Decimal) -> tuple[Decimal, str]:
    """Return divisor and unit in which an amount reads best: Chinese counts in 万 and 亿, others in millions."""
    if not (get_language() or "zh").startswith("zh"):
        return (Decimal(10**6), _("百万元")) if abs(yuan) >= 10**6 else (Decimal(1), _("元"))
    if abs(yuan) >= 10**8:
        return Decimal(10**8), _("亿元")
    if abs(yuan) >= 10**4:
        return Decimal(10**4), _("万元")
    return Decimal(1), _("元")


def money_text(yuan: Decimal | None) -> str:
    """Return an amount of money: 12000000 yuan is 1200 万元; nothing for None."""
    if yuan is None:
        return ""
    divisor, unit = money_scale(Decimal(yuan))
    return f"{number_text(Decimal(yuan) / divisor)} {unit}"


def share_text(share: Decimal | None) -> str:
    """Return a share of 0 to 1 as per cent."""
    return "" if share is None else f"{number_text(Decimal(share) * 100)}%"


def years_text(years: Decimal | None) -> str:
    return "" if years is None else _("%s 年") % number_text(years)


def energy_text(tce: Decimal | None) -> str:
    return "" if tce is None else f"{number_text(tce)} tce"


def plain_text(value: Decimal | None) -> str:
    return "" if value is None else number_text(value)


TEXTS = {"money": money_text, "share": share_text, "years": years_text, "energy": energy_text, "": plain_text}


def range_text(minimum: Decimal | None, maximum: Decimal | None, kind: str = "") -> str:
    """Return a range of one of the kinds money, share, years, energy or plain numbers.

    Equal ends are one value, an open end is said in words, no end at all is an empty string.
    """
    text = TEXTS[kind]
    if minimum is None and maximum is None:
        return ""
    if maximum is None:
        return _("不低于 %s") % text(minimum)
    if minimum is None:
        return _("不超过 %s") % text(maximum)
    if minimum == maximum:
        return text(minimum)
    low, high = text(minimum), text(maximum)
    number, blank, unit = low.partition(" ")
    if blank and high.partition(" ")[2] == unit:
        low = number
    return f"{low}{DASH}{high}"
