"""Measure rankings against judged pairs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.index import MatchIndex
from matching.engine.model import RankingModel
from matching.engine.profiles import DemandProfile, ListingId, TechnologyProfile
from matching.engine.segment import Queries

Grades = Mapping[ListingId, Mapping[ListingId, int]]


@dataclass(frozen=True, slots=True)
class Evaluation:
    """Hold the figures of an evaluation; NaN where no need could be judged.

    ``grade_accuracy`` is 1 ÷ (1 + mean absolute error of the predicted grades), ``need_count`` the needs that
    nDCG was averaged over.
    """

    ndcg_at_10: float
    mean_average_precision: float
    need_count: int
    pair_count: int
    grade_accuracy: float = float("nan")


def ndcg(grades: Sequence[int], scores: Sequence[float], *, at: int = 10) -> float:
    """Return the normalised discounted cumulative gain of one need.

    Gain is 2^(grade − 1) − 1 and the discount 1 ÷ log2(rank + 1) (Järvelin and Kekäläinen 2002, with
    the exponential gain of Burges 2005). Ties keep the given order.

    Examples
    --------
    >>> ndcg([1, 3, 2], [0.1, 0.9, 0.5]), round(ndcg([1, 3, 2], [0.9, 0.1, 0.5]), 3)
    (1.0, 0.587)
    """
    gains = 2.0 ** (np.asarray(grades) - 1) - 1
    order = np.argsort(-np.asarray(scores), kind="stable")
    discounts = 1 / np.log2(np.arange(2, min(at, len(gains)) + 2))
    ideal = np.sort(gains)[::-1][: len(discounts)] @ discounts
    return float(gains[order][: len(discounts)] @ discounts / ideal)


def average_precision(grades: Sequence[int], scores: Sequence[float], *, relevant_from: int = 3) -> float:
    """Return the mean precision at the ranks of the relevant technologies of one need.

    Examples
    --------
    >>> average_precision([3, 1, 4], [0.9, 0.5, 0.1])
    0.8333333333333333
    """
    order = np.argsort(-np.asarray(scores), kind="stable")
    is_relevant = (np.asarray(grades) >= relevant_from)[order]
    precision = np.cumsum(is_relevant) / np.arange(1, len(is_relevant) + 1)
    return float(precision[is_relevant].mean())


def evaluate(
    demands: Sequence[DemandProfile],
    technologies: Sequence[TechnologyProfile],
    grades: Grades,
    ranking: RankingModel | None = None,
) -> Evaluation:
    """Rank the judged technologies of each need and return the figures.

    nDCG counts needs with at least one grade above 1, MAP those with at least one grade of 3 or more.
    Judgements about needs or technologies that are not given are left out.

    Examples
    --------
    >>> result = evaluate(
    ...     [DemandProfile("n", "余热回收")],
    ...     [TechnologyProfile("a", "余热锅炉"), TechnologyProfile("b", "照明灯具")],
    ...     {"n": {"a": 3, "b": 1}},
    ... )
    >>> result.ndcg_at_10, result.need_count
    (1.0, 1)
    """
    index = MatchIndex.build(technologies, ranking=ranking)
    position = {identity: place for place, identity in enumerate(index.base.ids)}
    known = [demand for demand in demands if demand.id in grades]
    queries = Queries.build(index.model, known, index.ranking)
    need, given, scores = [], [], []
    for row, demand in enumerate(known):
        judged = [(position[each], grade) for each, grade in grades[demand.id].items() if each in position]
        if judged:
            places, found = zip(*judged, strict=True)
            need += [row] * len(found)
            given += found
            scores += index.base.scores(queries, row, index.ranking)[list(places)].tolist()
    predicted = index.ranking.predicted_grades(scores)
    return measure(np.array(need, dtype=int), np.array(given, dtype=int), np.array(scores), predicted)


def measure(need: np.ndarray, grade: np.ndarray, scores: np.ndarray, predicted: np.ndarray) -> Evaluation:
    """Return the figures of scores and predicted grades of judged pairs, one row each.

    Examples
    --------
    >>> found = measure(np.array([1, 1]), np.array([3, 1]), np.array([0.9, 0.2]), np.array([2, 1]))
    >>> found.ndcg_at_10, found.pair_count, round(found.grade_accuracy, 3)
    (1.0, 2, 0.667)
    """
    gains, precisions = [], []
    for pairs in by_need(need):
        if grade[pairs].max() > 1:
            gains.append(ndcg(grade[pairs], scores[pairs]))
        if grade[pairs].max() >= 3:
            precisions.append(average_precision(grade[pairs], scores[pairs]))
    return Evaluation(
        float(np.mean(gains)) if gains else float("nan"),
        float(np.mean(precisions)) if precisions else float("nan"),
        len(gains),
        len(grade),
        1 / (1 + float(np.abs(predicted - grade).mean())) if len(grade) else float("nan"),
    )


def by_need(need: np.ndarray) -> list[np.ndarray]:
    """Return the rows of each need, in their order.

    Examples
    --------
    >>> [rows.tolist() for rows in by_need(np.array([7, 2, 7]))]
    [[1], [0, 2]]
    """
    order = np.argsort(need, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(need[order])) + 1) if len(order) else []
