"""Why a technology is not among the matches of a demand, as either side may know it."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import QuerySet

from catalog.masking import MaskedDemand
from catalog.models import Demand, Technology
from matching.engine.index import Match
from matching.engine.profiles import DemandProfile
from matching.engine.why_not import (
    Change,
    Limits,
    Standing,
    changes_of_demand,
    changes_of_technology,
    standing,
)
from matching.enums import Side, Verdict
from matching.models import Feedback, Recommendation
from matching.models.recommendations import MATCHED_SCORE
from matching.profiles import demand_profile, known_profile
from matching.services.library import current_index
from matching.services.recommending import LONGEST_LIST, LOWEST_SCORE, LOWEST_SCORE_IN_CONFLICT
from search.engine import Query
from search.enums import Kind
from search.services import current_engine

MOST_FOUND = 10
OWN_LIST = Limits(LOWEST_SCORE, LOWEST_SCORE_IN_CONFLICT, LONGEST_LIST)
SUPPLIERS_LIST = Limits(MATCHED_SCORE, None, LONGEST_LIST)


@dataclass(frozen=True, slots=True)
class Finding:
    """What the engine found about a pair; `stored` is its row on the list, `compared` others by what they are called."""

    standing: Standing
    changes: list[Change]
    limits: Limits
    stored: Recommendation | None = None
    word: Feedback | None = None
    compared: dict[str, Recommendation | Match] = field(default_factory=dict)


def find_technologies(text: str) -> list[Technology]:
    """Return public technologies for what somebody typed, those with it in their title first, at most ten."""
    return _found(text, Kind.TECHNOLOGY, Technology.objects.public().select_related("organisation"))


def find_demands(text: str) -> list[Demand]:
    """Return public demands likewise; only what every visitor may read is searched."""
    return _found(text, Kind.DEMAND, Demand.objects.public())


def _found(text: str, kind: Kind, public: QuerySet) -> list:
    text = text.strip()
    if not text:
        return []
    rows = {row.pk: row for row in public.filter(title__icontains=text).order_by("title")[:MOST_FOUND]}
    hits = current_engine().search(Query(kind, text, page_size=MOST_FOUND)).hits
    rows |= public.in_bulk([hit.object_id for hit in hits if hit.object_id not in rows])
    return list(rows.values())[:MOST_FOUND]


def explain_to_enterprise(
    demand: Demand, technology: Technology, listed: Iterable[Recommendation]
) -> Finding | None:
    """Return why a public technology is or is not on the list of a demand; None when the index lacks it as yet.

    `listed` is the stored list in its order.
    """
    profile = demand_profile(demand)
    with current_index() as index:
        found = standing(index, profile, technology.pk, OWN_LIST)
        if found is None:
            return None
        theirs = index.profile(technology.pk)
        changes = changes_of_demand(index, profile, theirs, OWN_LIST)
    rows = [row for row in listed if not row.is_set_aside]
    stored = next((row for row in listed if row.technology_id == technology.pk), None)
    others = [row for row in rows if row.technology_id != technology.pk]
    compared = {"first": others[0]} if others else {}
    if len(others) > 1:
        compared["last"] = others[-1]
    word = Feedback.objects.filter(
        demand=demand, technology=technology, side=Side.ENTERPRISE, verdict=Verdict.REFUSED
    ).first()
    return Finding(found, changes, OWN_LIST, stored, word, compared)


def explain_to_supplier(shown: MaskedDemand, technology: Technology, *, is_listed: bool) -> Finding | None:
    """Return why a public demand is or is not among the needs for a technology, from what the supplier may know.

    Everything is scored with the hidden fields unknown, so that no figure, part or sentence depends on them.
    """
    profile: DemandProfile = known_profile(shown)
    with current_index() as index:
        found = standing(index, profile, technology.pk, SUPPLIERS_LIST)
        if found is None:
            return None
        theirs = index.profile(technology.pk)
        changes = [] if is_listed else changes_of_technology(index, profile, theirs, SUPPLIERS_LIST)
        (best,) = index.rank(profile, top=1)
    compared = {} if best.technology_id == technology.pk else {"first": best}
    return Finding(found, changes, SUPPLIERS_LIST, compared=compared)


def is_among_needs(demand: Demand, technology: Technology) -> bool:
    """Tell whether a supplier finds this demand among the needs for this technology."""
    return Recommendation.objects.for_suppliers().filter(demand=demand, technology=technology).exists()


def as_row(match: Match, demand: Demand) -> Recommendation:
    """Return a match as an unsaved row of a list, so that it can be worded like one."""
    return Recommendation(
        demand=demand,
        technology_id=match.technology_id,
        score=match.score,
        parts=[part.to_dict() for part in match.parts],
        reasons=[reason.to_dict() for reason in match.reasons],
    )
