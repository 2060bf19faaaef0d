"""Put needs under one that an enterprise published again, or that a supplier cannot tell from it."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.demand_facts import demand_facts
from catalog.masking import MaskedDemand, masked, viewer_levels
from catalog.models import Demand


@dataclass(frozen=True, slots=True)
class Folded:
    """Hold the keys of recommendations that are shown, in order, and the needs under each of them."""

    keys: list[int]
    repeated: Mapping[int, list[MaskedDemand]]


def fold_repeated(found: QuerySet, keys: Sequence[int], user) -> Folded:
    """Put needs for one technology under the first of the same title, supplier's answer and enterprise.

    An enterprise that hides its name stays unknown: then every fact that the user may read must be the same. `found`
    are the recommendations of `needs_for`, `keys` their order. Takes one query, and those of a page of needs where a
    title stands twice.
    """
    fields = ("pk", "technology", "demand", "demand__title", "answer")
    demand_of, same = {}, defaultdict(list)
    for pk, technology, demand, title, answer in found.order_by().values_list(*fields):
        demand_of[pk] = demand
        same[technology, title.strip(), answer].append(pk)
    group_of = {pk: key for key, group in same.items() if len(group) > 1 for pk in group}
    looks = _looks({demand_of[pk] for pk in group_of}, user)
    shown, repeated, first_of = [], defaultdict(list), {}
    for pk in keys:
        if pk not in group_of:
            shown.append(pk)
            continue
        demand, look = looks[demand_of[pk]]
        first = first_of.setdefault((group_of[pk], look), pk)
        if first == pk:
            shown.append(pk)
        else:
            repeated[first].append(demand)
    return Folded(shown, repeated)


def _looks(demand_ids: set[int], user) -> dict[int, tuple[MaskedDemand, object]]:
    """Return each demand as the user may know it, with what tells it from others."""
    if not demand_ids:
        return {}
    demands = list(Demand.objects.with_details().filter(pk__in=demand_ids))
    levels = viewer_levels(demands, user)
    found = {}
    for demand in demands:
        known = masked(demand, levels[demand.pk])
        if known.organisation is not None:
            look = known.organisation.pk
        else:
            look = tuple((fact.name, fact.text, fact.is_hidden) for fact in demand_facts(known))
        found[demand.pk] = (known, look)
    return found
