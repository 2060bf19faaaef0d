"""One score from named parts that add up to it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from matching.engine.model import RankingModel, shipped_model

EVIDENCE_VALUE: Mapping[str, float] = {
    "self_declared": 0.3,
    "third_party_test": 0.6,
    "catalogue": 0.8,
    "accepted_subsidy": 0.9,
    "measured_here": 1.0,
}

CONFLICT_FACTOR = 0.2
"""A broken hard condition multiplies the score by this, so that it never exceeds this."""


@dataclass(frozen=True, slots=True)
class Part:
    """Record what one aspect adds to a score; ``value`` is None when it is unknown."""

    name: str
    value: float | None
    weight: float
    contribution: float

    def to_dict(self) -> dict[str, str | float | None]:
        """Return JSON-able values."""
        return {
            "name": self.name,
            "value": self.value,
            "weight": self.weight,
            "contribution": self.contribution,
        }


def text_value(similarity, scale: float):
    """Map a similarity (0 and up) to a value in 0..1 with saturation, 1 − exp(−similarity ÷ scale).

    Examples
    --------
    >>> round(float(text_value(0.25, 0.25)), 3), float(text_value(0.0, 0.25))
    (0.632, 0.0)
    """
    return 1 - np.exp(-np.clip(similarity, 0, None) / scale)


def combine(
    values: Mapping[str, np.ndarray], has_hard_conflict: np.ndarray, ranking: RankingModel | None = None
) -> np.ndarray:
    """Return the scores of many technologies at once.

    mean = Σ weight × curve(value) ÷ Σ weight, both over the known parts only: an unknown part neither
    lifts nor lowers. The score is the mean, calibrated. A broken hard condition multiplies it by
    ``CONFLICT_FACTOR``.

    Parameters
    ----------
    values
        One array per part in 0..1, NaN where unknown.
    has_hard_conflict
        Boolean array.
    ranking
        The weights and curves; without one, those of the shipped model.

    Examples
    --------
    >>> values = {"title": np.array([0.5, 0.5, 0.5]), "industry": np.array([1.0, np.nan, 0.0])}
    >>> scores = combine(values, np.array([False, False, True]))
    >>> bool(scores[0] > scores[1] > scores[2])
    True
    """
    ranking = ranking or shipped_model()
    total = np.zeros(has_hard_conflict.shape)
    known_weight = np.zeros(has_hard_conflict.shape)
    for name, given in values.items():
        value = ranking.value(name, given)
        is_known = ~np.isnan(value)
        total += np.where(is_known, value, 0) * ranking.weights[name]
        known_weight += is_known * ranking.weights[name]
    mean = np.divide(total, known_weight, out=np.zeros_like(total), where=known_weight > 0)
    score = ranking.calibrated(mean)
    return np.where(has_hard_conflict, score * CONFLICT_FACTOR, score)


def explain(
    values: Mapping[str, float], has_hard_conflict: bool, ranking: RankingModel | None = None
) -> tuple[float, tuple[Part, ...]]:
    """Return the score of one technology with its parts, by the rule of ``combine``.

    The contributions add up to the score: each part takes the share of the calibrated score that it has
    in the mean. A broken hard condition appears as a part of its own with a negative contribution.

    Examples
    --------
    >>> score, parts = explain({"title": 0.5, "system": 1.0, "industry": math.nan}, True)
    >>> [part.name for part in parts], math.isclose(score, sum(part.contribution for part in parts))
    (['title', 'system', 'industry', 'hard_conflict'], True)
    """
    ranking = ranking or shipped_model()
    curved = {name: float(ranking.value(name, given)) for name, given in values.items()}
    known_weight = sum(ranking.weights[name] for name, value in curved.items() if not math.isnan(value))
    mean = (
        sum(ranking.weights[name] * value for name, value in curved.items() if not math.isnan(value))
        / known_weight
        if known_weight
        else 0.0
    )
    score = float(ranking.calibrated(mean))
    stretch = score / mean if mean else 0.0
    parts = []
    for name, value in curved.items():
        is_unknown = math.isnan(value)
        weight = 0.0 if is_unknown or not known_weight else ranking.weights[name] / known_weight
        contribution = 0.0 if is_unknown else weight * value * stretch
        parts.append(Part(name, None if is_unknown else value, weight, contribution))
    if has_hard_conflict:
        parts.append(Part("hard_conflict", 0.0, 1 - CONFLICT_FACTOR, score * (CONFLICT_FACTOR - 1)))
        score *= CONFLICT_FACTOR
    return score, tuple(parts)
