"""One score from named parts that add up to it."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

WEIGHTS: Mapping[str, float] = {
    "title": 0.22,
    "problem": 0.09,
    "body": 0.17,
    "topic": 0.05,
    "system": 0.16,
    "conditions": 0.09,
    "industry": 0.06,
    "carrier": 0.04,
    "payback": 0.04,
    "budget": 0.02,
    "saving": 0.02,
    "cases": 0.02,
    "evidence": 0.02,
}
"""Share of each part when all are known; sums to 1."""

TEXT_PARTS = ("title", "problem", "body", "topic")

TEXT_SCALE: Mapping[str, float] = {"title": 0.25, "problem": 0.25, "body": 0.25, "topic": 0.4}
"""Similarity at which a text part reaches 1 − 1/e, about 0.63."""

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


def text_value(name: str, similarity):
    """Map a similarity (0 and up) to a value in 0..1 with saturation, 1 − exp(−similarity ÷ scale).

    Examples
    --------
    >>> round(float(text_value("title", 0.25)), 3), float(text_value("title", 0.0))
    (0.632, 0.0)
    """
    return 1 - np.exp(-np.clip(similarity, 0, None) / TEXT_SCALE[name])


def combine(values: Mapping[str, np.ndarray], has_hard_conflict: np.ndarray) -> np.ndarray:
    """Return the scores of many technologies at once.

    score = Σ weight × value ÷ Σ weight, both over the known parts only: an unknown part neither
    lifts nor lowers. A broken hard condition multiplies the result by ``CONFLICT_FACTOR``.

    Parameters
    ----------
    values
        One array per part in 0..1, NaN where unknown.
    has_hard_conflict
        Boolean array.

    Examples
    --------
    >>> values = {"title": np.array([0.5, 0.5, 0.5]), "system": np.array([1.0, np.nan, 0.0])}
    >>> combine(values, np.array([False, False, True])).round(3).tolist()
    [0.711, 0.5, 0.058]
    """
    total = np.zeros(has_hard_conflict.shape)
    known_weight = np.zeros(has_hard_conflict.shape)
    for name, value in values.items():
        is_known = ~np.isnan(value)
        total += np.where(is_known, value, 0) * WEIGHTS[name]
        known_weight += is_known * WEIGHTS[name]
    score = np.divide(total, known_weight, out=np.zeros_like(total), where=known_weight > 0)
    return np.where(has_hard_conflict, score * CONFLICT_FACTOR, score)


def explain(values: Mapping[str, float], has_hard_conflict: bool) -> tuple[float, tuple[Part, ...]]:
    """Return the score of one technology with its parts, by the rule of ``combine``.

    The contributions add up to the score; a broken hard condition appears as a part of its own with a
    negative contribution.

    Examples
    --------
    >>> score, parts = explain({"title": 0.5, "system": 1.0, "industry": math.nan}, True)
    >>> round(score, 3), [(part.name, round(part.contribution, 3)) for part in parts]
    (0.142, [('title', 0.289), ('system', 0.421), ('industry', 0.0), ('hard_conflict', -0.568)])
    """
    known_weight = sum(WEIGHTS[name] for name, value in values.items() if not math.isnan(value))
    parts = []
    for name, value in values.items():
        is_unknown = math.isnan(value)
        weight = 0.0 if is_unknown or not known_weight else WEIGHTS[name] / known_weight
        parts.append(Part(name, None if is_unknown else value, weight, 0.0 if is_unknown else weight * value))
    score = sum(part.contribution for part in parts)
    if has_hard_conflict:
        parts.append(Part("hard_conflict", 0.0, 1 - CONFLICT_FACTOR, score * (CONFLICT_FACTOR - 1)))
        score *= CONFLICT_FACTOR
    return score, tuple(parts)
