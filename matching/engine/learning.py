"""Learn the weights of the parts from what enterprises said of technologies on their lists.

Loaded only by what learns, for scipy's optimiser takes a while to import.
"""

import hashlib
import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
from scipy.optimize import minimize

from matching.engine.model import PARTS, TEXT_PARTS, RankingModel
from matching.engine.profiles import ListingId
from matching.engine.scoring import CONFLICT_FACTOR

FOLDS = 5
SPREAD, SPREAD_SHARE = 0.03, 0.3
"""How far a weight is expected to lie from the shipped one: the first plus that share of it (standard deviation)."""
SMALLEST_SHARE, SMALLEST_SHARE_OF_SUBJECT, LARGEST_WEIGHT = 0.5, 0.8, 0.2
"""Bounds of a fitted weight: a share of the shipped one (the second for text and system), and a share of the whole.

Everything judged stood on a list, so text and system had already spoken for it. A weight of 0 for them would fit such
feedback and fill the lists with what nobody asked for.
"""
SUBJECT_PARTS = frozenset({*TEXT_PARTS, "system"})
RANK_SPREAD = 1.0
SUM_SPREAD = 0.03
"""Keeps the sum of the weights near 1 while they are fitted, so that the bounds hold for the final shares as well."""
MARGIN = 0.01
"""By how much the area under the curve must grow on held-back feedback, at least."""
DOUBT = 1.64
"""By how many standard errors it must grow: chance alone does that once in twenty times."""
ORGANISATION_SHARE = 2.0
"""No organisation weighs more than this many times the median organisation."""


class LearningRefused(ValueError):
    """Say why feedback cannot be learned from."""


@dataclass(frozen=True, slots=True)
class Judgement:
    """What an enterprise said of one technology, with the parts of the score as they stood then.

    Attributes
    ----------
    values
        Value of each part in 0..1, as it was weighted, None where unknown.
    rank
        Place on the list where it was seen, from 1; None when unknown.
    weight
        How much the word counts, 0 or more.
    """

    organisation: ListingId
    values: Mapping[str, float | None]
    is_wanted: bool
    has_conflict: bool = False
    rank: int | None = None
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Comparison:
    """Two models on the same held-back feedback, as means over organisations; NaN where nothing could be compared.

    ``error`` is the standard error of the mean difference of the areas under the curve.
    """

    auc_shipped: float
    auc_new: float
    ndcg_shipped: float
    ndcg_new: float
    error: float
    organisations: int

    @property
    def gain(self) -> float:
        """Return by how much the area under the curve grew."""
        return self.auc_new - self.auc_shipped

    @property
    def objections(self) -> list[str]:
        """Return why the new model is not to be used: none when it is."""
        if self.organisations < 2 or math.isnan(self.gain):
            return ["nothing_to_compare"]
        found = []
        if self.gain < 0:
            found.append("auc_below")
        elif self.gain < MARGIN:
            found.append("auc_within_margin")
        elif self.gain < DOUBT * self.error:
            found.append("auc_by_chance")
        if self.ndcg_new < self.ndcg_shipped:
            found.append("ndcg_below")
        return found


@dataclass(frozen=True)
class Table:
    """Hold judgements as arrays: one row each, parts in the order of ``PARTS``, NaN where unknown."""

    values: np.ndarray
    is_wanted: np.ndarray
    has_conflict: np.ndarray
    log_rank: np.ndarray
    weights: np.ndarray
    organisations: np.ndarray

    @classmethod
    def build(cls, judgements: Sequence[Judgement]) -> "Table":
        """Lay judgements out and check every number in them.

        Raises
        ------
        LearningRefused
            When a weight is negative or not finite, a value outside 0..1, or nothing is left to learn from.

        Examples
        --------
        >>> Table.build([Judgement(1, {"title": 0.5}, True, weight=float("nan"))])
        Traceback (most recent call last):
        matching.engine.learning.LearningRefused: a weight of feedback is nan, expected a number from 0
        """
        for each in judgements:
            if not math.isfinite(each.weight) or each.weight < 0:
                raise LearningRefused(f"a weight of feedback is {each.weight}, expected a number from 0")
            for name, value in each.values.items():
                if value is not None and not (math.isfinite(value) and 0 <= value <= 1):
                    raise LearningRefused(f"the value of {name} is {value}, expected a number from 0 to 1")
        kept = [each for each in judgements if each.weight > 0]
        if not kept:
            raise LearningRefused("there is no feedback with a weight above 0")
        values = np.array(
            [
                [math.nan if (value := each.values.get(name)) is None else value for name in PARTS]
                for each in kept
            ]
        )
        ranks = np.array([math.nan if each.rank is None else math.log2(1 + each.rank) for each in kept])
        known = ranks[~np.isnan(ranks)]
        middle = known.mean() if len(known) else 0.0
        organisations = np.array([str(each.organisation) for each in kept])
        weights = capped(np.array([each.weight for each in kept]), organisations)
        return cls(
            values,
            np.array([each.is_wanted for each in kept], dtype=float),
            np.array([each.has_conflict for each in kept], dtype=bool),
            np.where(np.isnan(ranks), 0.0, ranks - middle),
            weights,
            organisations,
        )

    def __len__(self) -> int:
        return len(self.weights)

    def where(self, is_kept: np.ndarray) -> "Table":
        """Return some of the rows."""
        return Table(*(getattr(self, name)[is_kept] for name in self.__dataclass_fields__))


def capped(weights: np.ndarray, organisations: np.ndarray) -> np.ndarray:
    """Return the weights with no organisation above ``ORGANISATION_SHARE`` times the median organisation.

    Examples
    --------
    >>> capped(np.ones(6), np.array(["a", "b", "c", "c", "c", "c"])).tolist()
    [1.0, 1.0, 0.5, 0.5, 0.5, 0.5]
    """
    names, places = np.unique(organisations, return_inverse=True)
    totals = np.bincount(places, weights=weights, minlength=len(names))
    limit = ORGANISATION_SHARE * np.median(totals)
    return weights * np.minimum(1.0, limit / totals)[places]


def weighted_means(values: np.ndarray, weights: np.ndarray) -> np.ndarray:
    """Return Σ weight × value ÷ Σ weight over the known parts of each row, 0 where none is known."""
    is_known = ~np.isnan(values)
    total = np.where(is_known, values, 0) @ weights
    known = is_known @ weights
    return np.divide(total, known, out=np.zeros(len(values)), where=known > 0)


def scores(table: Table, model: RankingModel) -> np.ndarray:
    """Return what a model would have given each row."""
    weights = np.array([model.weights[name] for name in PARTS])
    found = np.asarray(model.calibrated(weighted_means(table.values, weights)), dtype=float)
    return np.where(table.has_conflict, found * CONFLICT_FACTOR, found)


def fit(table: Table, shipped: RankingModel, *, version: str) -> RankingModel:
    """Return the shipped model with weights that say better what enterprises wanted.

    Minimises, over weights w within their bounds, and over a, b ≥ 0, c:

        Σ v·log-loss(a + b·mean(w) + c·log₂(1 + rank)) ÷ Σ v + penalty ÷ n

    with row weights v, n their effective number (Σv)² ÷ Σv², and as penalty Σ (w − w₀)² ÷ 2σ² plus c² ÷ 2, where
    σ = ``SPREAD`` + ``SPREAD_SHARE`` × w₀ for a shipped weight w₀, and a strong pull of Σ w to 1: a logistic regression with a normal prior around the shipped weights, which weighs less the more was said.
    What stood high was seen and wanted more often; c takes that up and is left out of the model (a covariate for
    position bias, after Wang et al. 2018, who use propensities instead).

    Examples
    --------
    >>> from matching.engine.model import shipped_model
    >>> rows = [Judgement(n % 9, {"title": 0.5, "system": n % 2}, bool(n % 2)) for n in range(90)]
    >>> model = fit(Table.build(rows), shipped_model(), version="2")
    >>> model.weights["system"] > shipped_model().weights["system"], model.version
    (True, '2')
    """
    base = np.array([shipped.weights[name] for name in PARTS])
    whole = base.sum()
    base = base / whole
    spread = SPREAD + SPREAD_SHARE * base
    effective = table.weights.sum() ** 2 / (table.weights**2).sum()
    share = table.weights / table.weights.sum()
    is_known = ~np.isnan(table.values)
    known_values = np.where(is_known, table.values, 0)

    def loss(given):
        weights, (offset, slope, bias) = given[: len(PARTS)], given[len(PARTS) :]
        known = np.maximum(is_known @ weights, 1e-12)
        means = (known_values @ weights) / known
        logits = offset + slope * means + bias * table.log_rank
        losses = np.logaddexp(0, logits) - table.is_wanted * logits
        away = 1 / (1 + np.exp(-np.clip(logits, -500, 500))) - table.is_wanted
        pull = share * away
        by_weight = ((known_values - is_known * means[:, None]) / known[:, None]).T @ (pull * slope)
        excess = (weights.sum() - 1) / SUM_SPREAD
        penalty = ((((weights - base) / spread) ** 2).sum() + excess**2 + bias**2 / RANK_SPREAD**2) / 2
        gradient = np.concatenate(
            [
                by_weight + ((weights - base) / spread**2 + excess / SUM_SPREAD) / effective,
                [pull.sum(), pull @ means, pull @ table.log_rank + bias / RANK_SPREAD**2 / effective],
            ]
        )
        return share @ losses + penalty / effective, gradient

    start = np.concatenate([base, [-2.0, 4.0, 0.0]])
    smallest = [
        SMALLEST_SHARE_OF_SUBJECT if name in SUBJECT_PARTS else SMALLEST_SHARE for name in PARTS
    ] * base
    bounds = [(low, max(LARGEST_WEIGHT, each)) for low, each in zip(smallest, base, strict=True)] + [
        (None, None),
        (0, None),
        (None, None),
    ]
    found = minimize(
        loss,
        start,
        jac=True,
        method="L-BFGS-B",
        bounds=bounds,
        options={"maxiter": 2000, "ftol": 1e-12, "gtol": 1e-8},
    )
    weights = found.x[: len(PARTS)]
    if not np.isfinite(weights).all() or weights.sum() <= 0:
        raise LearningRefused("the fit gave no usable weights")
    weights = weights * whole / weights.sum()
    return replace(
        shipped, version=version, weights={n: float(w) for n, w in zip(PARTS, weights, strict=True)}
    )


def folds(organisations: Collection[str], count: int = FOLDS) -> dict[str, int]:
    """Return the fold of each organisation, the same in every run and nearly equal in number.

    Examples
    --------
    >>> sorted(folds(["a", "b", "c", "d"], 2).values())
    [0, 0, 1, 1]
    """
    shuffled = sorted(set(organisations), key=lambda each: hashlib.sha256(each.encode()).hexdigest())
    return {organisation: place % count for place, organisation in enumerate(shuffled)}


def compare(table: Table, shipped: np.ndarray, new: np.ndarray) -> Comparison:
    """Compare the scores of two models row by row, organisation by organisation.

    An organisation counts with both a wanted and a refused technology, each with the same weight.
    """
    pairs = []
    for organisation in np.unique(table.organisations):
        own = table.organisations == organisation
        wanted = table.is_wanted[own] > 0
        if wanted.any() and not wanted.all():
            pairs.append(
                [
                    measure(wanted, side[own])
                    for measure in (area_under_curve, ndcg)
                    for side in (shipped, new)
                ]
            )
    if not pairs:
        return Comparison(*[math.nan] * 5, 0)
    auc_shipped, auc_new, ndcg_shipped, ndcg_new = np.array(pairs).T
    count = len(pairs)
    error = float(np.std(auc_new - auc_shipped, ddof=1) / math.sqrt(count)) if count > 1 else math.nan
    means = [float(np.mean(each)) for each in (auc_shipped, auc_new, ndcg_shipped, ndcg_new)]
    return Comparison(*means, error, count)


def cross_compare(table: Table, shipped: RankingModel) -> Comparison:
    """Compare on feedback that was held back: each organisation is judged by a model fitted on the others."""
    fold = folds(table.organisations)
    of_row = np.array([fold[each] for each in table.organisations])
    new = np.zeros(len(table))
    for number in sorted(set(fold.values())):
        is_held = of_row == number
        if is_held.all():
            return Comparison(*[math.nan] * 5, 0)
        fitted = fit(table.where(~is_held), shipped, version="held-back")
        new[is_held] = scores(table.where(is_held), fitted)
    return compare(table, scores(table, shipped), new)


def area_under_curve(wanted: np.ndarray, given: np.ndarray) -> float:
    """Return how often a wanted technology has the higher score than a refused one, ties counting half.

    Examples
    --------
    >>> area_under_curve(np.array([True, True, False]), np.array([0.9, 0.4, 0.4]))
    0.75
    """
    differences = given[wanted][:, None] - given[~wanted][None, :]
    return float(((differences > 0) + 0.5 * (differences == 0)).mean())


def ndcg(wanted: np.ndarray, given: np.ndarray, *, at: int = 10) -> float:
    """Return the normalised discounted cumulative gain of a list with gain 1 for the wanted; ties share their places.

    Examples
    --------
    >>> ndcg(np.array([True, False]), np.array([0.2, 0.1])), round(ndcg(np.array([True, False]), np.array([0.1, 0.2])), 3)
    (1.0, 0.631)
    """
    discounts = np.zeros(len(given))
    discounts[:at] = 1 / np.log2(np.arange(2, min(at, len(given)) + 2))
    order = np.argsort(-given, kind="stable")
    _, places = np.unique(-given[order], return_inverse=True)
    shared = np.bincount(places, weights=discounts) / np.bincount(places)
    return float((shared[places] * wanted[order]).sum() / discounts[: int(wanted.sum())].sum())
