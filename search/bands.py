"""Bands of figures, and which band a range belongs to: that of its middle."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext_lazy as _

UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Band:
    """A half-open interval: below `upper`, and not in the band before."""

    code: str
    label: str
    upper: float | None


PAYBACK_YEARS = (
    Band("below-1", _("1 年以内"), 1),
    Band("1-2", _("1–2 年"), 2),
    Band("2-3", _("2–3 年"), 3),
    Band("3-5", _("3–5 年"), 5),
    Band("above-5", _("5 年及以上"), None),
)
INVESTMENT_CNY = (
    Band("below-10w", _("10 万元以下"), 100_000),
    Band("10w-50w", _("10–50 万元"), 500_000),
    Band("50w-200w", _("50–200 万元"), 2_000_000),
    Band("200w-1000w", _("200–1000 万元"), 10_000_000),
    Band("above-1000w", _("1000 万元及以上"), None),
)
# Below 10 % a technology counts as not yet common.
PENETRATION = (
    Band("below-10", _("低于 10%（尚未普及）"), 0.1),
    Band("10-30", _("10%–30%"), 0.3),
    Band("30-50", _("30%–50%"), 0.5),
    Band("above-50", _("50% 及以上"), None),
)


def middle(low, high) -> float | None:
    """Return the middle of a range, the end that is known, or None.

    >>> middle(1, 3)
    2.0
    """
    ends = [float(end) for end in (low, high) if end is not None]
    return sum(ends) / len(ends) if ends else None


def band_of(value: float | None, bands: tuple[Band, ...]) -> str:
    """Return the code of the band of a value, UNKNOWN for None."""
    if value is None:
        return UNKNOWN
    return next(band.code for band in bands if band.upper is None or value < band.upper)


SOON = timedelta(days=90)
VALIDITY = (
    ("later", _("有效期还有 90 天以上")),
    ("soon", _("90 天内到期")),
    ("none", _("未设有效期")),
)


def validity_of(valid_until: date | None, today: date) -> str:
    """Return whether a listing ends within 90 days (`soon`), `later` or never of itself (`none`).

    >>> validity_of(date(2026, 1, 31), date(2026, 1, 1)), validity_of(None, date(2026, 1, 1))
    ('soon', 'none')
    """
    if valid_until is None:
        return "none"
    return "soon" if valid_until <= today + SOON else "later"
