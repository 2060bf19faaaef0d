"""Numbers as Chinese readers expect them; an unknown one reads 未提供."""

from decimal import Decimal, InvalidOperation

from django import template
from django.utils.translation import gettext as _

from catalog.enums import Quantity
from catalog.formats import money_scale

register = template.Library()

WAN = Decimal(10_000)


def number(value):
    """Return a Decimal, or None for anything that is not a number."""
    if value is None or value == "":
        return None
    try:
        parsed = Decimal(str(value))
    except InvalidOperation:
        return None
    return parsed if parsed.is_finite() else None


def plain(value, places=2):
    """Write a Decimal without needless zeros, with a thin group separator only where five digits or more."""
    rounded = round(value, places)
    whole = rounded == rounded.to_integral_value()
    text = f"{rounded:,.0f}" if whole else f"{rounded:,.{places}f}".rstrip("0").rstrip(".")
    return text.replace(",", "") if abs(rounded) < WAN else text


def span(low, high, write, unit=""):
    """Join two ends; one end alone reads 不低于 or 不超过, none reads 未提供."""
    low, high = number(low), number(high)
    if low is None and high is None:
        return _("未提供")
    if high is None:
        return _("不低于 %(value)s") % {"value": f"{write(low)}{unit}"}
    if low is None:
        return _("不超过 %(value)s") % {"value": f"{write(high)}{unit}"}
    if low == high:
        return f"{write(low)}{unit}"
    return f"{write(low)}–{write(high)}{unit}"


@register.filter
def yuan(value):
    """Write an amount of yuan in 元, 万元 or 亿元."""
    return money_range(value, value)


@register.filter
def tce(value):
    """Write tonnes of standard coal."""
    return span(value, value, plain, " tce")


@register.filter
def tonnes(value):
    """Write tonnes of anything else."""
    return span(value, value, plain, " t")


@register.filter
def percent(value):
    """Write a share of 0 to 1 in per cent."""
    return percent_range(value, value)


@register.filter
def years(value):
    """Write a number of years."""
    return years_range(value, value)


@register.filter
def amount(value):
    """Write a number without needless zeros; its unit stands beside it."""
    return span(value, value, lambda amount: plain(amount, 4))


def or_nothing(write):
    """Return a filter that leaves an unknown value empty, so that the page can say why it is missing."""
    return lambda value: "" if number(value) is None else write(value)


for _name, _write in (("yuan", yuan), ("tce", tce), ("years", years)):
    register.filter(f"{_name}_or_nothing", or_nothing(_write))


@register.simple_tag
def money_range(low, high):
    """Write a range of yuan in one unit, that of its upper end."""
    ends = [end for end in (number(low), number(high)) if end is not None]
    divisor, unit = money_scale(max(ends)) if ends else (1, "")
    return span(low, high, lambda value: plain(value / divisor), f" {unit}")


@register.simple_tag
def tce_range(low, high):
    """Write a range of tonnes of standard coal a year."""
    return span(low, high, plain, _(" tce/年"))


@register.simple_tag
def percent_range(low, high):
    """Write a range of shares in per cent."""
    return span(low, high, lambda value: f"{plain(value * 100, 1)}%")


@register.simple_tag
def years_range(low, high):
    """Write a range of years."""
    return span(low, high, lambda value: plain(value, 1), _(" 年"))


@register.simple_tag
def quantity_range(low, high):
    """Write a range of a quantity whose unit stands beside it."""
    return span(low, high, lambda value: plain(value, 3))


@register.filter
def quantity_name(code):
    """Return the name of a measurable quantity with its unit."""
    return Quantity(code).label if code in Quantity.values else code
