"""Order the needs for a supplier by what it said of others, at once and for it alone.

Nothing is stored and no score changes: what the supplier said is read anew for every page, and only what it may know of
the needs goes in, so that no place in its list depends on a figure that an enterprise keeps from it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass

from django.db.models import QuerySet

from catalog.masking import masked, viewer_levels
from catalog.models import Demand, Technology
from matching.engine.feedback import Effect, changed_score
from matching.engine.similar import similarities
from matching.engine.supplier_feedback import NeedWord, effects_on_need
from matching.enums import Side, Verdict
from matching.models import Feedback
from matching.profiles import known_profile, technology_profiles
from matching.services.library import current_index
from matching.services.needs import suppliers_of

MOST_COMPARED = 400
"""So many of the best needs are compared with what was said; the others keep their place behind their score."""


@dataclass(frozen=True, slots=True)
class NeedOrder:
    """Hold recommendations in the order for a supplier, and for those that moved what moved them, by primary key."""

    keys: list[int]
    effects: Mapping[int, list[Effect]]


def order_needs(found: QuerySet, user) -> NeedOrder:
    """Return the recommendations of ``needs_for`` in the order that the supplier's own words make of them.

    Technologies keep their order; within one, needs go by the score after the effects. Takes a fixed number of
    queries, and none beyond two while nothing was said.
    """
    rows = list(found.values_list("pk", "demand", "technology", "technology__organisation", "base_score"))
    words = _words(user)
    if not words:
        return NeedOrder([pk for pk, *_rest in rows], {})
    compared = sorted(rows, key=lambda row: -row[-1])[:MOST_COMPARED]
    listed = list(dict.fromkeys(row[1] for row in compared))
    spoken = list(dict.fromkeys(word.demand_id for own in words.values() for word in own))
    needs = _known_needs({*listed, *spoken}, user)
    profiles = {
        each.id: each
        for each in technology_profiles(Technology.objects.filter(pk__in={row[2] for row in compared}))
    }
    spoken = [pk for pk in spoken if pk in needs]
    with current_index() as index:
        likeness = similarities(index.model, [needs[pk] for pk in listed], [needs[pk] for pk in spoken])
    place_of = {pk: place for place, pk in enumerate(listed)}
    column_of = {pk: place for place, pk in enumerate(spoken)}
    effects = {}
    for pk, demand_id, technology_id, supplier, _score in compared:
        own = [word for word in words.get(supplier, ()) if word.demand_id in column_of]
        effects[pk] = effects_on_need(
            needs[demand_id],
            profiles[technology_id],
            [
                NeedWord(word.technology_id, needs[word.demand_id], word.verdict, word.reason_code)
                for word in own
            ],
            [likeness[place_of[demand_id], column_of[word.demand_id]] for word in own],
        )
    groups: dict[int, list] = defaultdict(list)
    for row in rows:
        groups[row[2]].append((changed_score(row[-1], effects.get(row[0], ())), row[0]))
    keys, moved = [], {}
    for group in groups.values():
        before = [pk for _score, pk in group]
        # A stable sort: what equals keeps the order in which it was found.
        after = [pk for _score, pk in sorted(group, key=lambda each: -each[0])]
        for pk in before:
            if pushes := [effect for effect in effects.get(pk, ()) if _has_moved(pk, before, after, effect)]:
                moved[pk] = pushes
        keys += after
    return NeedOrder(keys, moved)


def _has_moved(pk: int, before: list[int], after: list[int], effect: Effect) -> bool:
    """Tell whether something passed an entry that was pushed down, or fell behind one that was lifted."""
    if effect.factor < 1:
        return not {*before[before.index(pk) :]}.isdisjoint(after[: after.index(pk)])
    return not {*before[: before.index(pk)]}.isdisjoint(after[after.index(pk) :])


def _words(user) -> dict[int, list[Feedback]]:
    """Return what each of the user's suppliers said of needs that are still published."""
    words = defaultdict(list)
    said = Feedback.objects.filter(
        side=Side.SUPPLIER, technology__organisation__in=suppliers_of(user), demand__live=True
    )
    for word in said.exclude(verdict=Verdict.LATER).select_related("technology").order_by("pk"):
        words[word.technology.organisation_id].append(word)
    return dict(words)


def _known_needs(keys: set[int], user) -> dict:
    """Return the profiles of needs as the user may know them."""
    demands = list(Demand.objects.with_details().filter(pk__in=keys))
    levels = viewer_levels(demands, user)
    return {demand.pk: known_profile(masked(demand, levels[demand.pk])) for demand in demands}
