"""How far two engines agree on one query: the same listings, and in the same order. Knows no Django."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations


@dataclass(frozen=True, slots=True)
class Agreement:
    """Of one query: whether both found the same listings, the share of the first ten in common, Kendall's tau."""

    is_same_set: bool
    overlap: float
    tau: float


def agreement(first: Sequence[int], second: Sequence[int], *, top: int = 10) -> Agreement:
    """Compare two rankings of listings, best first.

    The overlap is the share of the longer of the two tops that both have; 1 when neither found anything. Tau is
    that of the listings that both found (tau-a, no ties): 1 for the same order, -1 for the reverse, 1 below two.

    >>> agreement([1, 2, 3], [2, 1, 3])
    Agreement(is_same_set=True, overlap=1.0, tau=0.3333333333333333)
    """
    tops = set(first[:top]), set(second[:top])
    longest = max(map(len, tops))
    overlap = len(tops[0] & tops[1]) / longest if longest else 1.0
    return Agreement(set(first) == set(second), overlap, kendall_tau(first, second))


def kendall_tau(first: Sequence[int], second: Sequence[int]) -> float:
    """Return (concordant - discordant) / pairs over what both rankings have; 1 when there is no pair."""
    place = {listing: number for number, listing in enumerate(second)}
    places = [place[listing] for listing in first if listing in place]
    signs = [1 if earlier < later else -1 for earlier, later in combinations(places, 2)]
    return sum(signs) / len(signs) if signs else 1.0
