"""How good a ranking is, given what a person expects of the query. Knows no Django."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import log2
from statistics import mean

TOP = 10


@dataclass(frozen=True, slots=True)
class Measures:
    """Of one query, or the means of `number` queries; all but `number` lie between 0 and 1.

    `recall` is the share of the expected listings that are found at all, `recall_at_10` that among the first ten,
    `precision` the share of the found ones that are expected, `mrr` one divided by the place of the first expected
    one, `ndcg_at_10` the discounted gain of the first ten divided by the best possible (every expected one gains 1),
    `partial` the share of queries that no listing fits with all words.
    """

    number: int
    recall: float
    recall_at_10: float
    precision: float
    mrr: float
    ndcg_at_10: float
    partial: float


def measure(found: Sequence[str], expected: Iterable[str], *, is_partial: bool = False) -> Measures:
    """Compare a ranking, best first, with the expected listings; where nothing is expected nothing is right.

    >>> measure(["a", "b"], ["b"])
    Measures(number=1, recall=1.0, recall_at_10=1.0, precision=0.5, mrr=0.5, ndcg_at_10=0.6309297535714575, partial=0.0)
    >>> measure([], []).precision, measure(["a"], []).precision
    (1.0, 0.0)
    """
    expected, partial = set(expected), float(is_partial)
    if not expected:
        value = float(not found)
        return Measures(1, value, value, value, value, value, partial)
    places = [place for place, listing in enumerate(found, start=1) if listing in expected]
    first = [place for place in places if place <= TOP]
    best = sum(1 / log2(1 + place) for place in range(1, min(len(expected), TOP) + 1))
    return Measures(
        number=1,
        recall=len(places) / len(expected),
        recall_at_10=len(first) / len(expected),
        precision=len(places) / len(found) if found else 0.0,
        mrr=1 / places[0] if places else 0.0,
        ndcg_at_10=sum(1 / log2(1 + place) for place in first) / best,
        partial=partial,
    )


def means(measures: Sequence[Measures]) -> Measures:
    """Return the mean of every figure over at least one query."""
    figures = {
        name: mean(getattr(one, name) for one in measures)
        for name in ("recall", "recall_at_10", "precision", "mrr", "ndcg_at_10", "partial")
    }
    return Measures(number=sum(one.number for one in measures), **figures)
