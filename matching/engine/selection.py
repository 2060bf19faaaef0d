"""Find the best technologies of a segment for a need, exactly, without comparing all of them in every part.

The text parts are summed for every technology from inverted lists. Together with the hard conditions and the
parts that take next to no time they bound each score from above: the parts that remain can at most be full.
Technologies are compared in all parts in the order of their bounds, until no bound reaches the last of the list.
"""

from dataclasses import dataclass

import numpy as np

from matching.engine.model import RankingModel
from matching.engine.scoring import CONFLICT_FACTOR, combine, text_value
from matching.engine.segment import Queries, Segment

MARGIN = 1e-5
"""Bounds are sums in single precision and in another order than the scores."""
FIRST_ROUND = 4
"""Technologies that are compared wholly at first, in times of the length of the list."""
GRID = 1024


@dataclass(frozen=True, slots=True)
class Limits:
    """Say what a list may hold: its length and the lowest score, also of technologies in hard conflict.

    With ``folds_twins``, what one owner listed again under the same title takes up no place of its own.
    """

    top: int
    lowest: float = 0.0
    lowest_in_conflict: float = 0.0
    folds_twins: bool = False


@dataclass(frozen=True, slots=True)
class Selection:
    """Hold the technologies of a segment that may be on the list: their rows, values, conflicts and scores."""

    segment: Segment
    rows: np.ndarray
    values: dict[str, np.ndarray]
    conflicts: np.ndarray
    scores: np.ndarray


def select(
    segment: Segment, queries: Queries, row: int, ranking: RankingModel, limits: Limits, is_open: np.ndarray
) -> Selection:
    """Return the technologies with the highest scores among those open, and all that equal the last of them."""
    similarities = segment.similarities(queries, row)
    bounds = _bounds(segment, queries, row, ranking, similarities)
    conflicts = segment.columns.hard_conflicts(queries.demands[row])

    def compare(rows: np.ndarray) -> Selection:
        values, is_conflict = segment.values(queries, row, ranking, rows, similarities)
        return Selection(segment, rows, values, is_conflict, combine(values, is_conflict, ranking))

    def possible(lowest: float) -> np.ndarray:
        """Return which technologies may reach a score and their own limit."""
        reach = bounds >= _mean_for(ranking, max(lowest, limits.lowest)) - MARGIN
        cut = max(lowest, limits.lowest_in_conflict) / CONFLICT_FACTOR
        reach[conflicts] = bounds[conflicts] >= _mean_for(ranking, cut) - MARGIN
        return reach & is_open

    candidates = np.flatnonzero(possible(0.0))
    first_count = FIRST_ROUND * limits.top
    if len(candidates) <= first_count:
        return _listed(compare(candidates), limits)
    upper = bounds[candidates]
    is_conflict = np.zeros(len(bounds), dtype=bool)
    is_conflict[conflicts] = True
    upper = np.where(is_conflict[candidates], upper * CONFLICT_FACTOR, upper)
    chosen = np.argpartition(upper, len(upper) - first_count)[len(upper) - first_count :]
    first = _listed(compare(candidates[chosen]), limits)
    if len(first.rows) < limits.top:
        return _listed(compare(candidates), limits)
    rest = np.flatnonzero(possible(float(first.scores.min())))
    return _listed(compare(rest), limits)


def _listed(found: Selection, limits: Limits) -> Selection:
    """Keep what may be listed: at most ``top``, and all that equal the last."""
    places = np.flatnonzero(
        found.scores >= np.where(found.conflicts, limits.lowest_in_conflict, limits.lowest)
    )
    if len(places) > limits.top > 0:
        scores = found.scores[places]
        lowest = np.partition(scores, len(scores) - limits.top)[len(scores) - limits.top]
        places = places[scores >= lowest]
    return Selection(
        found.segment,
        found.rows[places],
        {name: value[places] for name, value in found.values.items()},
        found.conflicts[places],
        found.scores[places],
    )


def _bounds(segment, queries, row, ranking, similarities) -> np.ndarray:
    """Return for each technology the highest weighted mean that it can have, single precision."""
    count = len(segment.ids)
    total, known = np.zeros(count, dtype=np.float32), np.zeros(count, dtype=np.float32)
    for part, sums in similarities.items():
        weight = ranking.weights[part]
        if not weight:
            continue
        value = _upper(ranking, part, text_value(sums.astype(np.float32), np.float32(ranking.scales[part])))
        if part == "body":
            value *= segment.has_body
            known += np.float32(weight) * segment.has_body
        else:
            known += np.float32(weight)
        total += np.float32(weight) * value
    for part, values in segment.columns.cheap_values(queries.demands[row]).items():
        value = ranking.value(part, values)
        is_known = ~np.isnan(value)
        total += np.where(is_known, value, 0) * ranking.weights[part]
        known += is_known * ranking.weights[part]
    open_weight = sum(ranking.weights[part] for part in segment.columns.costly(queries.demands[row]))
    if "body" in similarities and segment.topics is not None:
        open_weight += ranking.weights["topic"]
    total += open_weight
    known += open_weight
    return np.divide(total, known, out=np.zeros_like(total), where=known > 0)


def _upper(ranking: RankingModel, part: str, value: np.ndarray) -> np.ndarray:
    """Return the curve of a part at values, from above: at the next point of a grid."""
    if not ranking.curves.get(part):
        return value
    steps = ranking.value(part, np.arange(GRID + 2) / GRID).astype(np.float32)
    return steps[(value * GRID).astype(np.int32) + 1]


def _mean_for(ranking: RankingModel, score: float) -> float:
    """Return the lowest weighted mean whose calibrated score reaches a score; above 1 when none does."""
    if score <= 0:
        return -1.0
    if float(ranking.calibrated(1.0)) < score:
        return 2.0
    low, high = 0.0, 1.0
    for _ in range(40):
        middle = (low + high) / 2
        if float(ranking.calibrated(middle)) >= score:
            high = middle
        else:
            low = middle
    return low
