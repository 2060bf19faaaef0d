"""Learn the text part of the score from judged pairs, and measure what was learned on needs left out.

Only the text parts are learned: judged pairs say nothing about systems, conditions and money, so those weights stay
as they were. Nothing of a need that is left out enters what is fitted, not even how often its words are used; needs
that say the same are left out together.
"""

import math
import re
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from matching.engine.evaluation import Evaluation, Grades, by_need, measure
from matching.engine.index import MatchIndex
from matching.engine.model import Knots, RankingModel, Training, shipped_model
from matching.engine.profiles import DemandProfile, TechnologyProfile
from matching.engine.scoring import text_value
from matching.engine.segment import Queries
from matching.engine.text import normalise, terms

LEARNED_PARTS = ("title", "problem", "topic", "concept")
"""The parts that judged pairs of short texts inform; ``body`` needs described technologies."""
DRAWS = 1200
KEPT_DRAWS = 100
COMMON_FROM_SHARE = 0.03
COMMON_POWER = 0.5
FEWEST_NEEDS = 5
RELATED_FROM = 2
COMMON_TERMS = "common_terms"
CALIBRATION_POINTS = 10


class TrainingImpossible(ValueError):
    """Say that fewer needs than necessary have grades that differ."""

    def __init__(self, count: int, fewest: int):
        super().__init__(f"{count} needs have grades that differ, at least {fewest} are necessary")
        self.count = count
        self.fewest = fewest


@dataclass(frozen=True)
class Judged:
    """Hold judged pairs: ``need`` numbers the rows of ``demands``, pairs of one need stand together."""

    index: MatchIndex
    demands: Sequence[DemandProfile]
    need: np.ndarray
    technology: np.ndarray
    grade: np.ndarray

    @classmethod
    def build(
        cls, technologies: Sequence[TechnologyProfile], demands: Sequence[DemandProfile], grades: Grades
    ) -> "Judged":
        """Index the technologies and gather the pairs of which both sides are given."""
        index = MatchIndex.build(technologies)
        place = {identity: row for row, identity in enumerate(index.base.ids)}
        known = list({demand.id: demand for demand in demands if demand.id in grades}.values())
        rows = [
            (number, place[identity], grade)
            for number, demand in enumerate(known)
            for identity, grade in grades[demand.id].items()
            if identity in place
        ]
        need, technology, grade = np.array(rows, dtype=np.int64).reshape(-1, 3).T
        return cls(index, known, need, technology, grade)

    def similarities(self, ranking: RankingModel) -> dict[str, np.ndarray]:
        """Return for each learned part the similarity of every pair, 0 where unknown; of the model, only
        ``common_terms`` matter.
        """
        base = self.index.base
        queries = Queries.build(self.index.model, self.demands, ranking)
        found = {part: np.zeros(len(self.need)) for part in LEARNED_PARTS}
        for number in range(len(self.demands)):
            pairs = np.flatnonzero(self.need == number)
            rows = self.technology[pairs]
            sums = base.similarities(queries, number)
            if base.topics is not None and queries.topics is not None:
                found["topic"][pairs] = base.topics[rows] @ queries.topics[number]
            for part in set(LEARNED_PARTS) & set(sums):
                found[part][pairs] = sums[part][rows]
        return found


def train(
    judged: Judged,
    rows: np.ndarray | None = None,
    *,
    start: RankingModel | None = None,
    without: Collection[str] = (),
) -> RankingModel:
    """Learn weights, scales, common terms, bounds of the grades and the meaning of the score from some judged pairs.

    Scales are twice the standard deviation of a part. Weights are the mean of the ``KEPT_DRAWS`` that rank best
    (mean nDCG@10) among ``DRAWS`` drawn evenly (Dirichlet, fixed seed): 148 needs tell good from bad weights, not
    the best from the second best, and the mean of many is steadier than either. The learned parts keep the sum of
    their weights in ``start``. ``without`` leaves out parts, or ``common_terms``, to see what they are worth.

    Raises
    ------
    TrainingImpossible
        When there are fewer than ``FEWEST_NEEDS`` needs with grades that differ.
    """
    rows = np.arange(len(judged.need)) if rows is None else rows
    start = start or shipped_model()
    need, grade = judged.need[rows], judged.grade[rows]
    groups = [pairs for pairs in by_need(need) if len(set(grade[pairs])) > 1]
    if len(groups) < FEWEST_NEEDS:
        raise TrainingImpossible(len(groups), FEWEST_NEEDS)
    bodies = [] if COMMON_TERMS in without else [judged.demands[number].body for number in np.unique(need)]
    common = common_terms(bodies)
    model = replace(start, common_terms=common, curves={})
    similarities = {part: values[rows] for part, values in judged.similarities(model).items()}
    scales = {part: _scale(values) for part, values in similarities.items()}
    values = np.stack([text_value(similarities[part], scales[part]) for part in LEARNED_PARTS], axis=1)
    spread = values.std(axis=0)
    is_used = (spread > 0) & [part not in without for part in LEARNED_PARTS]
    per_unit = np.where(is_used, 1 / np.where(is_used, spread, 1), 0)
    columns = values * per_unit
    draws = np.random.default_rng(0).dirichlet(np.ones(len(LEARNED_PARTS)), DRAWS)
    quality = sum(_ndcg_of_many(grade[pairs], columns[pairs] @ draws.T) for pairs in groups) / len(groups)
    best = draws[np.argsort(-quality, kind="stable")[:KEPT_DRAWS]].mean(axis=0) * per_unit
    if not best.any():
        raise TrainingImpossible(0, FEWEST_NEEDS)
    share = sum(start.weights[part] for part in LEARNED_PARTS) / best.sum()
    weights = {
        part: round(float(weight * share), 4) for part, weight in zip(LEARNED_PARTS, best, strict=True)
    }
    model = replace(
        model,
        weights={**start.weights, **weights},
        scales={**start.scales, **{part: round(scale, 4) for part, scale in scales.items()}},
    )
    means = text_means(model, similarities)
    scores = np.asarray(model.calibrated(means))
    return replace(
        model,
        meaning=_meaning(scores, grade >= RELATED_FROM),
        grade_bounds=_grade_bounds(scores, grade),
        training=Training(needs=len(np.unique(need)), technologies=len(judged.index), pairs=len(rows)),
    )


def text_means(model: RankingModel, similarities: Mapping[str, np.ndarray]) -> np.ndarray:
    """Return the weighted mean of the learned parts for every pair."""
    total = sum(
        model.weights[part] * model.value(part, text_value(similarities[part], model.scales[part]))
        for part in LEARNED_PARTS
    )
    return total / sum(model.weights[part] for part in LEARNED_PARTS)


def common_terms(bodies: Sequence[str]) -> dict[str, float]:
    """Return factors for the terms that many needs use, whatever they are about.

    A term in a share of needs gets (ln(1 ÷ share) ÷ ln(number of needs)) ^ ``COMMON_POWER``, nearly; terms in fewer
    than ``COMMON_FROM_SHARE`` of the needs keep their weight.

    Examples
    --------
    >>> factors = common_terms(["公司余热", "公司照明", "公司电机", "公司锅炉"])
    >>> factors["公"] < factors["热"] < 1
    True
    """
    used = Counter(term for body in bodies for term in set(terms(normalise(body))))
    count = len(bodies)
    highest = math.log(1 + count) + 0.1
    return {
        term: round(((math.log((1 + count) / (1 + uses)) + 0.1) / highest) ** COMMON_POWER, 3)
        for term, uses in sorted(used.items())
        if uses >= COMMON_FROM_SHARE * count
    }


def fold_of_needs(demands: Sequence[DemandProfile], folds: int, seed: int = 0) -> np.ndarray:
    """Return the fold of each need; needs with the same title get the same one.

    Examples
    --------
    >>> demands = [DemandProfile(1, "余热 回收"), DemandProfile(2, "照明"), DemandProfile(3, "余热回收")]
    >>> found = fold_of_needs(demands, 2)
    >>> bool(found[0] == found[2] != found[1])
    True
    """
    numbers: dict[str, int] = {}
    group = np.array(
        [numbers.setdefault(re.sub(r"\W", "", normalise(each.title)), len(numbers)) for each in demands],
        dtype=int,
    )
    folds_of_groups = np.empty(len(numbers), dtype=int)
    folds_of_groups[np.random.default_rng(seed).permutation(len(numbers))] = np.arange(len(numbers)) % folds
    return folds_of_groups[group]


def cross_validate(
    judged: Judged, folds: int, *, seed: int = 0, without: Collection[str] = ()
) -> tuple[Evaluation, np.ndarray]:
    """Learn on all needs but a fold, score that fold, and return the figures with each pair's chance of being related.

    Raises
    ------
    TrainingImpossible
        When a fold leaves too little to learn from.
    """
    fold = fold_of_needs(judged.demands, folds, seed)[judged.need]
    scores, chances, predicted = np.zeros(len(fold)), np.zeros(len(fold)), np.ones(len(fold))
    for number in range(folds):
        left_out = fold == number
        model = train(judged, np.flatnonzero(~left_out), without=without)
        similarities = judged.similarities(model)
        found = model.calibrated(text_means(model, similarities))
        scores[left_out] = found[left_out]
        chances[left_out] = model.chance_of_related(found)[left_out]
        predicted[left_out] = model.predicted_grades(found)[left_out]
    return measure(judged.need, judged.grade, scores, predicted), chances


def reliability(
    chances: np.ndarray, grade: np.ndarray, steps: int = 10
) -> list[tuple[float, float, int, float, float]]:
    """Return for each band of predicted chances its ends, the number of pairs and the shares with grade ≥ 2 and ≥ 3."""
    rows = []
    for number in range(steps):
        low, high = number / steps, (number + 1) / steps
        inside = (chances >= low) & ((chances < high) | (number == steps - 1))
        if inside.any():
            related, strong = (grade[inside] >= 2).mean(), (grade[inside] >= 3).mean()
            rows.append((low, high, int(inside.sum()), float(related), float(strong)))
    return rows


def _scale(similarities: np.ndarray) -> float:
    positive = similarities[similarities > 0]
    spread = float(positive.std()) if len(positive) > 1 else 0.0
    return 2 * spread if spread > 0 else 1.0


def _ndcg_of_many(grade: np.ndarray, scores: np.ndarray, at: int = 10) -> np.ndarray:
    """Return nDCG for each column of scores."""
    gains = 2.0 ** (grade - 1) - 1
    discounts = 1 / np.log2(np.arange(2, min(at, len(gains)) + 2))
    best = np.argsort(-scores, axis=0, kind="stable")[: len(discounts)]
    return (gains[best] * discounts[:, None]).sum(axis=0) / (
        np.sort(gains)[::-1][: len(discounts)] @ discounts
    )


def _meaning(means: np.ndarray, is_related: np.ndarray) -> Knots:
    """Return the line from the score to the share of related pairs: pooled so that it never falls, through 0, 0."""
    order = np.argsort(means, kind="stable")
    # Few points of many pairs each: a finer line would follow the noise of the judges.
    bands = np.array_split(order, CALIBRATION_POINTS)
    levels = [[float(is_related[band].mean()), float(means[band].mean()), 1] for band in bands if len(band)]
    pooled: list[list[float]] = []
    for level in levels:
        pooled.append(level)
        while len(pooled) > 1 and pooled[-1][0] <= pooled[-2][0]:
            share, mean, count = pooled.pop()
            before = pooled[-1]
            total = before[2] + count
            pooled[-1] = [
                (before[0] * before[2] + share * count) / total,
                (before[1] * before[2] + mean * count) / total,
                total,
            ]
    knots = [(0.0, 0.0)]
    for share, mean, _ in pooled:
        if knots[-1][0] + 1e-3 < mean < 0.999:
            knots.append((round(mean, 4), round(min(max(share, knots[-1][1]), 0.99), 4)))
    return (*knots, (1.0, 1.0))


def _grade_bounds(scores: np.ndarray, grade: np.ndarray) -> tuple[float, float, float]:
    """Return the scores from which 2, 3 and 4 are predicted with the least absolute error."""
    order = np.argsort(scores, kind="stable")
    ordered, given = scores[order], grade[order]
    bounds = []
    for level in (2, 3, 4):
        # Moving a pair below the bound costs 1 when its grade reaches the level, and saves 1 otherwise.
        cost = np.concatenate([[0], np.cumsum(np.where(given >= level, 1, -1))])
        place = int(np.argmin(cost))
        bound = 1.0 if place == len(ordered) else float(ordered[place])
        bounds.append(round(max(bound, bounds[-1] if bounds else 0.0), 4))
    return tuple(bounds)
