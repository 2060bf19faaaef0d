"""Change the order of the lists between the engine and the database.

`STEPS` run in their order on the lists of a batch of demands, each list best first; what a step moves it explains, by
a part or a reason of the match. The enterprise's own feedback comes after all of them, on the rows to be stored
(`matching.services.own_feedback`), so that a click changes a stored list without the engine.
"""

from collections.abc import Callable, Sequence

from matching.engine.index import Match
from matching.services.fair_order import spread_fairly

Step = Callable[[Sequence[int], Sequence[list[Match]]], list[list[Match]]]
"""Takes demand ids and their lists, returns the lists; reads the database in a fixed number of queries."""

STEPS: tuple[Step, ...] = (spread_fairly,)


def reorder(demand_id: int, matches: list[Match]) -> list[Match]:
    """Return the list of one demand in the order in which it is to be stored."""
    return reorder_many([demand_id], [matches])[0]


def reorder_many(demand_ids: Sequence[int], lists: Sequence[list[Match]]) -> list[list[Match]]:
    """Return the lists of some demands in the order in which they are to be stored."""
    lists = list(lists)
    for step in STEPS:
        lists = step(demand_ids, lists)
    return lists
