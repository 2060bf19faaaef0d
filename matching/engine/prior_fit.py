"""Fit the prior of being carried out on the audits' outcomes, and measure it on plants left out."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import brier_score_loss, roc_auc_score
from sklearn.model_selection import GroupKFold

from matching.engine.prior import (
    LARGEST_COST_USD,
    LARGEST_PAYBACK_YEARS,
    SMALLEST_COST_USD,
    SMALLEST_PAYBACK_YEARS,
)

FOLDS = 5
DECILES = 10
PATTERNS = ("", "payback", "cost", "kind", "payback+cost", "payback+kind", "cost+kind", "payback+cost+kind")
NOTHING = "nothing"
KINDS = ("heat", "power", "site", "material", "other")
NO_PULL = 1e4
"""Inverse strength of the ridge: with so many rows it only keeps the intercepts of the kinds apart."""


@dataclass(frozen=True)
class Outcomes:
    """Hold measures with a known outcome, one position each.

    Attributes
    ----------
    payback_years, cost_usd
        Floats, NaN where unknown; dollars of one year.
    kinds
        One of ``KINDS`` each.
    plants, centres
        Who was audited and who audited, for the folds.
    years
        Fiscal year of each audit.
    is_done
        Whether it was carried out.
    """

    payback_years: np.ndarray
    cost_usd: np.ndarray
    kinds: np.ndarray
    plants: np.ndarray
    centres: np.ndarray
    years: np.ndarray
    is_done: np.ndarray

    def __len__(self) -> int:
        return len(self.is_done)


@dataclass(frozen=True, slots=True)
class Quality:
    """Figures of predictions for plants (or centres) that were left out of the fit.

    ``table`` has one (mean predicted, share carried out, rows) for each tenth of the predictions.
    """

    name: str
    rows: int
    brier: float
    brier_of_mean: float
    auc: float
    table: tuple[tuple[float, float, int], ...] = ()


@dataclass(frozen=True)
class Fit:
    """Hold what is shipped (``to_dict``) and how good it is."""

    curves: dict[str, dict[str, float]]
    overall: float
    lowest: float
    highest: float
    rows: int
    years: tuple[int, int]
    qualities: tuple[Quality, ...] = field(default_factory=tuple)

    def to_dict(self, source: str) -> dict[str, Any]:
        """Return the few numbers that the matcher needs, with a note where they are from."""
        best = self.qualities[0]
        return {
            "source": {
                "note": source,
                "rows": self.rows,
                "years": list(self.years),
                "brier": round(best.brier, 4),
                "brier_of_mean": round(best.brier_of_mean, 4),
                "auc": round(best.auc, 4),
            },
            "overall": round(self.overall, 4),
            "lowest": round(self.lowest, 4),
            "highest": round(self.highest, 4),
            "curves": {
                name: {term: round(value, 4) for term, value in curve.items()}
                for name, curve in self.curves.items()
            },
        }


def fit(outcomes: Outcomes) -> Fit:
    """Fit one logistic curve for each combination of known facts, and measure with folds by plant.

    Raises
    ------
    ValueError
        When there are fewer plants than folds, or all outcomes are the same.
    """
    if len(set(outcomes.plants)) < FOLDS or len(set(outcomes.is_done.tolist())) < 2:
        raise ValueError("too few plants or outcomes to learn from")
    curves = {}
    for pattern in PATTERNS:
        design, terms = matrix(outcomes, pattern)
        rows = usable(outcomes, pattern)
        model = logistic().fit(design[rows], outcomes.is_done[rows])
        curve = dict(zip(terms, model.coef_[0].tolist(), strict=True))
        for name in ("payback", "cost"):
            if name in curve:
                # A dearer or slower measure is never the likelier one; should data say so, it is noise.
                curve[name] = min(0.0, curve[name])
        curve.pop(NOTHING, None)
        curves[pattern] = {"intercept": float(model.intercept_[0]), **curve}
    lowest, highest = extremes(curves)
    everything = PATTERNS[-1]
    qualities = [
        measure(outcomes, everything, "payback, cost, kind", outcomes.plants),
        measure(outcomes, "payback+cost", "payback, cost", outcomes.plants),
        measure(outcomes, "payback+kind", "payback, kind", outcomes.plants),
        measure(outcomes, "cost+kind", "cost, kind", outcomes.plants),
        measure(outcomes, "payback", "payback", outcomes.plants),
        measure(outcomes, "kind", "kind", outcomes.plants),
    ]
    if len(set(outcomes.centres)) >= FOLDS:
        qualities.append(
            measure(outcomes, everything, "payback, cost, kind; centres left out", outcomes.centres)
        )
    years = (int(outcomes.years.min()), int(outcomes.years.max()))
    return Fit(
        curves, float(outcomes.is_done.mean()), lowest, highest, len(outcomes), years, tuple(qualities)
    )


def logistic() -> LogisticRegression:
    return LogisticRegression(C=NO_PULL, max_iter=1000)


def usable(outcomes: Outcomes, pattern: str) -> np.ndarray:
    """Return where everything that a pattern names is known."""
    rows = np.ones(len(outcomes), dtype=bool)
    if "payback" in pattern:
        rows &= np.isfinite(outcomes.payback_years)
    if "cost" in pattern:
        rows &= np.isfinite(outcomes.cost_usd)
    return rows


def matrix(outcomes: Outcomes, pattern: str) -> tuple[np.ndarray, list[str]]:
    """Return the design matrix of a pattern (rows × terms) and the names of the terms.

    Unknown figures become 0; leave those rows out by ``usable``. The pattern without any fact has one
    column of zeros, so that only the intercept is fitted.
    """
    columns, terms = [], []
    if "payback" in pattern:
        columns.append(np.log(np.clip(outcomes.payback_years, SMALLEST_PAYBACK_YEARS, LARGEST_PAYBACK_YEARS)))
        terms.append("payback")
    if "cost" in pattern:
        columns.append(np.log(np.clip(outcomes.cost_usd, SMALLEST_COST_USD, LARGEST_COST_USD)))
        terms.append("cost")
    if "kind" in pattern:
        columns += [(outcomes.kinds == kind).astype(float) for kind in KINDS]
        terms += [f"kind:{kind}" for kind in KINDS]
    if not columns:
        return np.zeros((len(outcomes), 1)), [NOTHING]
    return np.nan_to_num(np.stack(columns, axis=1)), terms


def measure(outcomes: Outcomes, pattern: str, name: str, groups: np.ndarray) -> Quality:
    """Predict every group by a fit on the others, and compare with what happened.

    The Brier score is the mean square of prediction minus outcome (Brier 1950), smaller is better;
    ``brier_of_mean`` is that of always saying the overall share.
    """
    rows = usable(outcomes, pattern)
    design, is_done, groups = matrix(outcomes, pattern)[0][rows], outcomes.is_done[rows], groups[rows]
    predicted = np.zeros(len(is_done))
    for train, test in GroupKFold(FOLDS, shuffle=True, random_state=0).split(design, is_done, groups):
        model = logistic().fit(design[train], is_done[train])
        predicted[test] = model.predict_proba(design[test])[:, 1]
    share = float(is_done.mean())
    return Quality(
        name,
        len(is_done),
        float(brier_score_loss(is_done, predicted)),
        share * (1 - share),
        float(roc_auc_score(is_done, predicted)),
        calibration(predicted, is_done),
    )


def calibration(predicted: np.ndarray, is_done: np.ndarray) -> tuple[tuple[float, float, int], ...]:
    """Return mean prediction, share carried out and number of rows for each tenth of the predictions.

    Examples
    --------
    >>> calibration(np.array([0.1, 0.9] * 10), np.array([False, True] * 10))[0][:2]
    (0.1, 0.0)
    """
    order = np.argsort(predicted, kind="stable")
    return tuple(
        (float(predicted[part].mean()), float(is_done[part].mean()), len(part))
        for part in np.array_split(order, DECILES)
        if len(part)
    )


def extremes(curves: dict[str, dict[str, float]]) -> tuple[float, float]:
    """Return the smallest and largest probability of the curves that know a figure."""
    paybacks = (math.log(SMALLEST_PAYBACK_YEARS), math.log(LARGEST_PAYBACK_YEARS))
    costs = (math.log(SMALLEST_COST_USD), math.log(LARGEST_COST_USD))
    odds = []
    for name, curve in curves.items():
        if "payback" not in name and "cost" not in name:
            continue
        kinds: Sequence[float] = [
            value for term, value in curve.items() if term.startswith("kind:") and term != "kind:other"
        ] or [0.0]
        odds += [
            curve["intercept"] + curve.get("payback", 0) * payback + curve.get("cost", 0) * cost + kind
            for payback in paybacks
            for cost in costs
            for kind in kinds
        ]
    return tuple(1 / (1 + math.exp(-each)) for each in (min(odds), max(odds)))
