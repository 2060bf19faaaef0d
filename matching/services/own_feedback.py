"""Let what an enterprise said change the order of its own lists, and of nobody else's.

The same function serves a click, on stored rows, and the background, on rows about to be stored; both start from what
the engine gave (`base_score`, `base_rank`), so that the result is the same and taking a word back restores the order.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from django.db.models import Q

from catalog.models import Demand, DemandQuantity, Technology
from matching.engine.feedback import Effect, Word, changed_score, effects_on, order_after
from matching.engine.similar import similarities
from matching.engine.vectors import TextModel
from matching.enums import Side, Verdict
from matching.models import Feedback, Recommendation
from matching.profiles import number_range, technology_profiles
from matching.services.storing import Row
from matching.wording import OWN_FEEDBACK

PART = "feedback"
REASON_PREFIX = "feedback_"
CHANGED_FIELDS = ["score", "rank", "is_set_aside", "parts", "reasons"]


def refresh_lists(demand: Demand, model: TextModel) -> None:
    """Order the stored lists of a demand and of all others of its enterprise anew, without the engine.

    Call it in the transaction that changed the feedback, after `lock_lists`.
    """
    rows = defaultdict(list)
    stored = Recommendation.objects.filter(demand__in=sibling_demands(demand))
    for row in stored.order_by("demand", "base_rank"):
        rows[row.demand_id].append(row)
    before = {row.pk: _state(row) for own in rows.values() for row in own}
    apply_feedback(rows, model)
    changed = [row for own in rows.values() for row in own if _state(row) != before[row.pk]]
    # An upsert: it takes a fifth of the time of `bulk_update`, whose conditions grow with every row.
    Recommendation.objects.bulk_create(
        changed, update_conflicts=True, unique_fields=["pk"], update_fields=CHANGED_FIELDS,
        batch_size=500,
    )  # fmt: skip


def lock_lists(demands) -> None:
    """Hold the lists of some demands until the transaction ends: who computes and who speaks wait for each other."""
    list(demands.order_by("pk").select_for_update(of=("self",)).values_list("pk", flat=True))


def sibling_demands(demand: Demand):
    """Return the demands for which a word on one of them counts."""
    if demand.organisation_id is None:
        return Demand.objects.filter(pk=demand.pk)
    return Demand.objects.filter(organisation=demand.organisation_id)


def apply_feedback(lists: Mapping[int, list[Recommendation] | list[Row]], model: TextModel) -> None:
    """Set score, rank, parts and reasons of rows from what the engine gave and what their enterprise said.

    `lists` maps a demand to its whole list, ordered by `base_rank`. Nothing is stored. Rows whose enterprise said
    nothing get what the engine gave. Takes a fixed number of queries.
    """
    for rows in lists.values():
        for row in rows:
            _restore(row)
    words = _words_about(lists)
    if not words:
        return
    spoken = {word.technology_id for own in words.values() for word in own}
    listed = {row.technology_id for demand_id in words for row in lists[demand_id]}
    found = technology_profiles(Technology.objects.filter(pk__in=spoken | listed))
    profiles = {profile.id: profile for profile in found}
    quantities = _quantities(words)
    likeness = _likeness(model, profiles, sorted(listed), sorted(spoken))
    for demand_id, own in words.items():
        known = [
            Word(word.demand_id, profiles[word.technology_id], word.verdict, word.reason_code) for word in own
        ]
        rows = lists[demand_id]
        effects = [
            effects_on(
                profiles[row.technology_id],
                known,
                [likeness(row.technology_id, word.technology.id) for word in known],
                demand_id=demand_id,
                quantities=quantities[demand_id],
            )
            for row in rows
        ]
        order = order_after([row.base_score for row in rows], effects)
        for rank, place in enumerate(order, start=1):
            _change(rows[place], rank, effects[place])


def _restore(row: Recommendation | Row) -> None:
    row.score, row.rank, row.is_set_aside = row.base_score, row.base_rank, False
    row.parts = [part for part in row.parts if part["name"] != PART]
    row.reasons = [reason for reason in row.reasons if not reason["code"].startswith(REASON_PREFIX)]


def _change(row: Recommendation | Row, rank: int, effects: list[Effect]) -> None:
    row.rank = rank
    if not effects:
        return
    score = changed_score(row.base_score, effects)
    row.parts = [
        *row.parts,
        {"name": PART, "value": None, "contribution": score - row.base_score},
    ]
    row.reasons = [*row.reasons, *map(_reason, effects)]
    row.score = min(1.0, max(0.0, score))
    row.is_set_aside = any(effect.is_out for effect in effects)


def _reason(effect: Effect) -> dict:
    return {
        "code": REASON_PREFIX + effect.code,
        "verdict": "fits" if effect.lift else "conflict",
        "params": dict(effect.params),
        "uses": [OWN_FEEDBACK],
        "missing": None,
        "is_hard": False,
    }


def _words_about(lists: Iterable[int]) -> dict[int, list[Feedback]]:
    """Return for each demand what its enterprise said that may change its list; demands without it are left out."""
    owners = dict(Demand.objects.filter(pk__in=list(lists)).values_list("pk", "organisation_id"))
    organisations = {owner for owner in owners.values() if owner is not None}
    said = (
        Feedback.objects.filter(
            Q(demand__in=owners) | Q(demand__organisation__in=organisations), side=Side.ENTERPRISE
        )
        .exclude(verdict=Verdict.LATER)
        .select_related("demand")
        .only("demand__organisation", "technology_id", "verdict", "reason_code")
        .order_by("pk")
    )
    by_organisation, by_demand = defaultdict(list), defaultdict(list)
    for word in said:
        by_demand[word.demand_id].append(word)
        by_organisation[word.demand.organisation_id].append(word)
    words = {
        demand: by_demand[demand] if owner is None else by_organisation[owner]
        for demand, owner in owners.items()
    }
    return {demand: own for demand, own in words.items() if own}


def _quantities(demand_ids: Iterable[int]) -> dict[int, dict]:
    found: dict[int, dict] = defaultdict(dict)
    for each in DemandQuantity.objects.filter(demand__in=list(demand_ids)):
        found[each.demand_id][each.quantity] = number_range(each.minimum, each.maximum)
    return found


def _likeness(model: TextModel, profiles: Mapping, listed: list[int], spoken: list[int]):
    matrix = similarities(model, [profiles[pk] for pk in listed], [profiles[pk] for pk in spoken])
    row_of = {pk: place for place, pk in enumerate(listed)}
    column_of = {pk: place for place, pk in enumerate(spoken)}
    return lambda first, second: matrix[row_of[first], column_of[second]]


def _state(row: Recommendation) -> tuple:
    return (row.score, row.rank, row.is_set_aside, row.parts, row.reasons)
