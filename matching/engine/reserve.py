"""The reserve score: which technologies of the library deserve the officials' effort.

potential × (1 − penetration), weighted, with evidence, payback and local needs as further factors.
"""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from matching.engine.scoring import EVIDENCE_VALUE

HALF_POTENTIAL_TCE = 500.0
"""Potential at which its value is one half: a quarter of what makes a key energy user (2,000 tce a year)."""

HALF_PAYBACK_YEARS = 3.0
"""Payback at which its value is one half."""

NEEDS_FOR_HALF = 3
"""With two matched needs the value is one half, with none a quarter."""

FACTORS = ("potential", "penetration_now", "penetration_in_5_years", "evidence", "payback", "needs")
ESSENTIAL = "potential"
"""Without it there is no score while it weighs anything: an unknown saving is neither small nor large."""


@dataclass(frozen=True, slots=True)
class ReserveFigures:
    """What is known of a technology; None is unknown, which is not 0.

    Attributes
    ----------
    potential_tce
        Expected saving in tonnes of standard coal a year at the plants that need it.
    penetration_now, penetration_in_5_years
        Shares from 0 to 1.
    evidence
        Code of the level of evidence.
    payback_years
        Middle of the payback stated.
    needs
        Number of local needs matched; always known.
    """

    potential_tce: float | None = None
    penetration_now: float | None = None
    penetration_in_5_years: float | None = None
    evidence: str | None = None
    payback_years: float | None = None
    needs: int = 0

    def values(self) -> dict[str, float | None]:
        """Return each factor as a value from 0 to 1, None where unknown.

        potential: p ÷ (p + 500 tce); penetration: 1 − share; evidence: by level; payback: 3 ÷ (3 + years);
        needs: (1 + n) ÷ (4 + n).

        Examples
        --------
        >>> values = ReserveFigures(potential_tce=500, penetration_now=0.2, payback_years=3, needs=2).values()
        >>> values["potential"], values["penetration_now"], values["payback"], values["needs"], values["evidence"]
        (0.5, 0.8, 0.5, 0.5, None)
        """
        return {
            "potential": _saturated(self.potential_tce, HALF_POTENTIAL_TCE),
            "penetration_now": _room(self.penetration_now),
            "penetration_in_5_years": _room(self.penetration_in_5_years),
            "evidence": EVIDENCE_VALUE.get(self.evidence) if self.evidence else None,
            "payback": _falling(self.payback_years, HALF_PAYBACK_YEARS),
            "needs": (1 + self.needs) / (1 + self.needs + NEEDS_FOR_HALF),
        }


@dataclass(frozen=True, slots=True)
class Factor:
    """What one figure does to the score: ``factor`` = value ** share of the weight, 1 where it is unknown."""

    name: str
    value: float | None
    share: float
    factor: float


def reserve_score(
    figures: ReserveFigures, weights: Mapping[str, float]
) -> tuple[float | None, tuple[Factor, ...]]:
    """Return the score from 0 to 100, None when it cannot be said, and its factors.

    score = 100 × Π value ** (weight ÷ Σ weight), over the known figures that weigh something: a weighted
    geometric mean, so that with equal weights for potential and penetration and no others the order is that
    of potential × (1 − penetration). The product of the factors times 100 is the score. An unknown figure is
    left out of product and sum; without the potential there is no score while that weighs anything.

    Raises
    ------
    ValueError
        When a weight is negative or no number, or all are 0.

    Examples
    --------
    >>> weights = {"potential": 1, "penetration_now": 1}
    >>> score, factors = reserve_score(ReserveFigures(potential_tce=1500, penetration_now=0.25), weights)
    >>> round(score, 6), [(each.name, each.share) for each in factors if each.share]
    (75.0, [('potential', 0.5), ('penetration_now', 0.5)])
    >>> reserve_score(ReserveFigures(potential_tce=1500, penetration_now=1), weights)[0]
    0.0
    >>> reserve_score(ReserveFigures(penetration_now=0.1), weights)[0] is None
    True
    """
    chosen = {name: float(weights.get(name, 0)) for name in FACTORS}
    if not all(math.isfinite(weight) and weight >= 0 for weight in chosen.values()):
        raise ValueError("a weight is negative or no number")
    if not any(chosen.values()):
        raise ValueError("all weights are 0")
    values = figures.values()
    total = sum(weight for name, weight in chosen.items() if values[name] is not None)
    factors, product = [], 1.0
    for name, weight in chosen.items():
        value = values[name]
        share = weight / total if value is not None and total else 0.0
        factor = value**share if share else 1.0
        product *= factor
        factors.append(Factor(name, value, share, factor))
    is_unknown = not total or (chosen[ESSENTIAL] > 0 and values[ESSENTIAL] is None)
    return None if is_unknown else 100 * product, tuple(factors)


def _saturated(value: float | None, half: float) -> float | None:
    return None if not _is_sound(value) else value / (value + half)


def _falling(value: float | None, half: float) -> float | None:
    return None if not _is_sound(value) else half / (half + value)


def _room(share: float | None) -> float | None:
    return None if not _is_sound(share) else 1 - min(1.0, share)


def _is_sound(value: float | None) -> bool:
    return value is not None and math.isfinite(value) and value >= 0
