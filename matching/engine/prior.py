"""How likely a measure is to be carried out, before anything is known of the plant.

The coefficients in ``data/prior.json`` come from audits of plants in the United States
(``prior_fit.py`` computes them); docs/matching.md tells how, and how far to trust them.
"""

import json
import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

from matching.engine.profiles import Range, TechnologyProfile

FILE = Path(__file__).parent / "data" / "prior.json"

KIND_OF_SYSTEM: Mapping[str, str] = {
    "boiler": "heat",
    "steam": "heat",
    "waste_heat": "heat",
    "kiln": "heat",
    "drying": "heat",
    "compressed_air": "power",
    "motor": "power",
    "pump_fan": "power",
    "refrigeration": "power",
    "cooling_water": "power",
    "power_supply": "power",
    "storage": "power",
    "lighting": "site",
    "building": "site",
    "renewable": "site",
    "monitoring": "site",
    "water": "material",
    "resource": "material",
}
"""Kind of measure that the audits tell apart, by energy system; ``process`` has none of its own."""

SMALLEST_PAYBACK_YEARS, LARGEST_PAYBACK_YEARS = 0.25, 5.0
SMALLEST_COST_USD, LARGEST_COST_USD = 100.0, 3e6
"""Outside of these the curve is flat: beyond them the audits show no further change."""

CNY_PER_USD = 7.2
"""Yuan for a dollar of 2024, rounded; a third more or less moves the share by about one point."""


@dataclass(frozen=True)
class Prior:
    """Hold one logistic curve for each combination of what is known.

    Attributes
    ----------
    curves
        By the names of what is known, joined by ``+`` in the order payback, cost, kind (``""`` for
        nothing): ``intercept``, slopes ``payback`` and ``cost`` per unit of natural logarithm, and
        one ``kind:<name>`` each.
    overall
        Share carried out of all measures with a known outcome.
    lowest, highest
        The smallest and the largest probability that the curves can give with figures.
    """

    curves: Mapping[str, Mapping[str, float]]
    overall: float
    lowest: float
    highest: float
    source: Mapping[str, Any] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, int]:
        """Return the first and the last fiscal year of the audits."""
        first, last = self.source["years"]
        return first, last

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "Prior":
        """Read what ``prior_fit.Fit.to_dict`` wrote."""
        return cls(
            values["curves"], values["overall"], values["lowest"], values["highest"], values.get("source", {})
        )

    def probability(
        self,
        payback_years: float = math.nan,
        investment_cny: float = math.nan,
        systems: Iterable[str] = (),
    ) -> float:
        """Return P(carried out) given what is known; what is not (NaN) is averaged over.

        Parameters
        ----------
        payback_years
            Simple payback; below 0.25 and above 5 years the curve is flat.
        investment_cny
            Up-front cost in yuan.
        systems
            Codes of energy systems; of several kinds the mean counts, unknown codes are ignored.

        Examples
        --------
        >>> prior = shipped_prior()
        >>> prior.probability(0.5) > prior.probability(2) > prior.probability(4) == prior.probability(4.0)
        True
        >>> prior.probability(2, 1e5) > prior.probability(2, 1e7)
        True
        >>> prior.probability() == prior.probability(math.nan, math.nan, ["process"]) == prior.probability(-1)
        True
        """
        values = {}
        if math.isfinite(payback_years) and payback_years >= 0:
            values["payback"] = log_within(payback_years, SMALLEST_PAYBACK_YEARS, LARGEST_PAYBACK_YEARS)
        if math.isfinite(investment_cny) and investment_cny >= 0:
            values["cost"] = log_within(investment_cny / CNY_PER_USD, SMALLEST_COST_USD, LARGEST_COST_USD)
        kinds = sorted({KIND_OF_SYSTEM[code] for code in systems if code in KIND_OF_SYSTEM})
        if not kinds:
            return self._share(values)
        return sum(self._share(values, kind) for kind in kinds) / len(kinds)

    def value(self, probability: float) -> float:
        """Return a probability as a part of a score: 0 for the lowest possible, 1 for the highest.

        Examples
        --------
        >>> prior = shipped_prior()
        >>> prior.value(prior.lowest), prior.value(prior.highest)
        (0.0, 1.0)
        """
        return min(1.0, max(0.0, (probability - self.lowest) / (self.highest - self.lowest)))

    def _share(self, values: Mapping[str, float], kind: str | None = None) -> float:
        names = [name for name in ("payback", "cost") if name in values] + (["kind"] if kind else [])
        curve = self.curves["+".join(names)]
        odds = curve["intercept"] + sum(curve[name] * value for name, value in values.items())
        return 1 / (1 + math.exp(-(odds + (curve[f"kind:{kind}"] if kind else 0))))


def log_within(value: float, smallest: float, largest: float) -> float:
    """Return the natural logarithm of a value held within bounds.

    Examples
    --------
    >>> log_within(0, 1, 5), round(log_within(2, 1, 5), 3), log_within(9, 1, 5) == math.log(5)
    (0.0, 0.693, True)
    """
    return math.log(min(max(value, smallest), largest))


def middle(bounds: Range) -> float | None:
    """Return the middle of a range, one end where the other is open, None when nothing sound is known.

    Examples
    --------
    >>> middle(Range(2, 3)), middle(Range(None, 3)), middle(Range()), middle(Range(5, 1))
    (2.5, 3.0, None, None)
    """
    return sum(bounds.closed()) / 2 if bounds.is_usable else None


def prior_of(technology: TechnologyProfile) -> float | None:
    """Return P(carried out) for a technology's typical project, None when neither payback nor cost is known.

    The kind of measure alone says too little about one technology to be put to anybody.

    Examples
    --------
    >>> quick = TechnologyProfile(1, "", systems=("motor",), payback_years=Range(0.5, 1))
    >>> slow = TechnologyProfile(1, "", systems=("motor",), payback_years=Range(4, 6))
    >>> prior_of(quick) > prior_of(slow), prior_of(TechnologyProfile(1, "", systems=("motor",)))
    (True, None)
    """
    payback, cost = middle(technology.payback_years), middle(technology.investment_cny)
    if payback is None and cost is None:
        return None
    return _probability(payback, cost, technology.systems)


@lru_cache(maxsize=4096)
def _probability(payback: float | None, cost: float | None, systems: tuple[str, ...]) -> float:
    """Compute once what many technologies have in common, and what one has on many lists."""
    known = [math.nan if each is None else each for each in (payback, cost)]
    return shipped_prior().probability(*known, systems)


@lru_cache(maxsize=1)
def shipped_prior() -> Prior:
    """Return the prior that comes with the engine, read once."""
    return Prior.from_dict(json.loads(FILE.read_text(encoding="utf-8")))
