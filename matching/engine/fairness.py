"""Order a list for both sides: the supplier's view, the share of the exposure, a place for new listings.

Scores stay as they are; only places change, and only among entries of one tier: sure matches stay before the
others, and those before technologies with a broken hard condition. Everything is a function of its
arguments, so the same list comes out every time.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.profiles import ListingId

REACH = 0.1
"""How far the supplier's view moves its own score: from 10 % less to 10 % more."""

SLOT = 4
"""Place that a new listing may take; the three before it are never touched."""

BROKEN = 2
"""Tier of entries with a broken hard condition; no rule moves them."""

FEWEST_LISTS = 5
FEWEST_ANSWERS = 3


@dataclass(frozen=True, slots=True)
class Entry:
    """One technology of a list, as far as its place goes.

    Attributes
    ----------
    score
        As shown, 0 to 1.
    tier
        0 for a sure match, 1 for others, 2 with a broken hard condition.
    supplier
        Who offers it, None for entries that nobody offers.
    view
        The supplier's view of the need from 0 to 1, None where nothing is known: neutral.
    is_new
        Whether it may take the place of a new listing.
    """

    id: ListingId
    score: float
    tier: int
    supplier: ListingId | None = None
    view: float | None = None
    is_new: bool = False


@dataclass(frozen=True, slots=True)
class Move:
    """Say that one of the rules, ``view``, ``cap`` or ``new``, moved an entry; places count from 1."""

    rule: str
    before: int
    after: int


def supplier_view(
    *,
    specificity: float | None = None,
    willingness: float | None = None,
    size: float | None = None,
    region: float | None = None,
) -> float | None:
    """Return the mean of what is known of the supplier's view, None when nothing is.

    Examples
    --------
    >>> supplier_view(specificity=1.0, size=0.5), supplier_view()
    (0.75, None)
    """
    known = [each for each in (specificity, willingness, size, region) if each is not None]
    return sum(known) / len(known) if known else None


def specificity(score: float, median: float | None, best: float | None, lists: int) -> float | None:
    """Return how far a need stands out among the needs of a technology: 0 for its usual one, 1 for its best.

    None for fewer than five needs, or when all are alike.

    Examples
    --------
    >>> specificity(0.7, 0.5, 0.9, 12), specificity(0.4, 0.5, 0.9, 12), specificity(0.7, 0.5, 0.9, 4)
    (0.5, 0.0, None)
    """
    if median is None or best is None or lists < FEWEST_LISTS or best - median < 1e-9:
        return None
    return round(min(1.0, max(0.0, (score - median) / (best - median))), 9)


def willingness(accepted: int, declined: int) -> float | None:
    """Return the share of recommended needs that a supplier took up, (a + 1) ÷ (a + d + 2); None below three answers.

    Examples
    --------
    >>> willingness(3, 0), willingness(0, 6), willingness(1, 1)
    (0.8, 0.125, None)
    """
    answers = accepted + declined
    return None if answers < FEWEST_ANSWERS else (accepted + 1) / (answers + 2)


def size_fit(budget: float | None, smallest_project: float | None) -> float | None:
    """Return half the share of the supplier's smallest typical project that a budget pays for.

    A budget that pays for it is no merit, only no obstacle: 0.5, neutral; a smaller one counts less.

    Examples
    --------
    >>> size_fit(50, 200), size_fit(300, 200), size_fit(None, 200), size_fit(10, 0)
    (0.125, 0.5, None, None)
    """
    if budget is None or not smallest_project or smallest_project < 0 or budget < 0:
        return None
    return 0.5 * min(1.0, budget / smallest_project)


def both_sides(score: float, view: float | None) -> float:
    """Return the harmonic mean of the score for the enterprise and that for the supplier.

    The supplier's score is the same one times 0.9 for the worst view to 1.1 for the best; 1 where its view
    is unknown or in the middle.

    Examples
    --------
    >>> both_sides(0.7, None), round(both_sides(0.7, 1.0), 4), round(both_sides(0.7, 0.0), 4), both_sides(0.0, 1)
    (0.7, 0.7333, 0.6632, 0.0)
    """
    if view is None or not score:
        return score
    other = score * (1 - REACH + 2 * REACH * view)
    return 2 * score * other / (score + other)


def position_weight(rank: int) -> float:
    """Return the share of attention of a place, 1 ÷ log2(rank + 1), as in nDCG.

    Examples
    --------
    >>> position_weight(1), round(position_weight(3), 3)
    (1.0, 0.5)
    """
    return 1 / math.log2(rank + 1)


def cap_penalty(share: float, largest_share: float | None, near: float) -> float:
    """Return by how much entries of a supplier count lower for their place: 0 up to the cap, ``near`` from twice it on.

    Examples
    --------
    >>> cap_penalty(0.2, 0.2, 0.03), cap_penalty(0.3, 0.2, 0.03), cap_penalty(0.9, 0.2, 0.03), cap_penalty(0.9, None, 1)
    (0.0, 0.015, 0.03, 0.0)
    """
    if largest_share is None or share <= largest_share:
        return 0.0
    excess = (share - largest_share) / largest_share if largest_share else math.inf
    return round(near * min(1.0, excess), 9)


def fair_order(
    entries: Sequence[Entry],
    *,
    shares: Mapping[ListingId, float],
    largest_share: float | None = None,
    near: float = 0.03,
    new_margin: float = 0.0,
) -> tuple[list[int], dict[int, list[Move]]]:
    """Return the places of a list in their new order, and what moved which entry.

    Parameters
    ----------
    entries
        Best first.
    shares
        Share of all exposure of each supplier, in the order by score alone; others have none.
    largest_share
        From this share on a supplier's entries give way to others that are at most ``near`` worse.
    new_margin
        How much worse than the entry on the fourth place a new listing may be to take it.

    Examples
    --------
    >>> list_ = [Entry("a", 0.71, 0, "big"), Entry("b", 0.70, 0, "small"), Entry("c", 0.60, 0, "small")]
    >>> order, moves = fair_order(list_, shares={"big": 0.8, "small": 0.2}, largest_share=0.4)
    >>> [list_[place].id for place in order], moves
    (['b', 'a', 'c'], {0: [Move(rule='cap', before=1, after=2)]})
    """
    order = sorted(range(len(entries)), key=lambda place: entries[place].tier)
    views = [None if entry.tier == BROKEN else entry.view for entry in entries]
    keys = [both_sides(entry.score, view) for entry, view in zip(entries, views, strict=True)]
    moves: dict[int, list[Move]] = {}
    order = _sort(entries, order, keys, "view", [_sign(view) for view in views], moves)
    penalties = [
        0.0
        if entry.supplier is None or entry.tier == BROKEN
        else cap_penalty(shares.get(entry.supplier, 0.0), largest_share, near)
        for entry in entries
    ]
    keys = [key - penalty for key, penalty in zip(keys, penalties, strict=True)]
    order = _sort(entries, order, keys, "cap", [-1 if penalty else 0 for penalty in penalties], moves)
    return _with_new(entries, order, new_margin, moves), moves


def gini(values: Sequence[float]) -> float:
    """Return how unequal amounts are: 0 when all are the same, towards 1 when one has everything; NaN for none.

    Examples
    --------
    >>> gini([1, 1, 1]), gini([0, 0, 0, 4]), gini([])
    (0.0, 0.75, nan)
    """
    amounts = np.sort(np.asarray(values, dtype=float))
    if not len(amounts) or not amounts.sum():
        return math.nan
    ranks = np.arange(1, len(amounts) + 1)
    return float((2 * ranks - len(amounts) - 1) @ amounts / (len(amounts) * amounts.sum()))


def _sign(view: float | None) -> int:
    return 0 if view is None or view == 0.5 else 1 if view > 0.5 else -1


def _sort(entries, order, keys, rule, directions, moves) -> list[int]:
    """Sort by key inside the tiers, ties in the present order; note those that moved where they were pushed."""
    sorted_order = sorted(order, key=lambda place: (entries[place].tier, -keys[place]))
    before = {place: rank for rank, place in enumerate(order, start=1)}
    for rank, place in enumerate(sorted_order, start=1):
        if (before[place] - rank) * directions[place] > 0:
            moves.setdefault(place, []).append(Move(rule, before[place], rank))
    return sorted_order


def _with_new(entries, order, margin, moves) -> list[int]:
    if len(order) <= SLOT or any(entries[place].is_new for place in order[:SLOT]):
        return order
    displaced = entries[order[SLOT - 1]]
    candidates = [
        place
        for place in order[SLOT:]
        if entries[place].is_new
        and entries[place].tier == displaced.tier < BROKEN
        and entries[place].score >= displaced.score - margin
    ]
    if not candidates:
        return order
    chosen = max(candidates, key=lambda place: (entries[place].score, -order.index(place)))
    # Where the other rules had put it no longer matters to anybody.
    earlier = moves.pop(chosen, [])
    before = earlier[0].before if earlier else order.index(chosen) + 1
    moves[chosen] = [Move("new", before, SLOT)]
    rest = [place for place in order if place != chosen]
    return [*rest[: SLOT - 1], chosen, *rest[SLOT - 1 :]]
