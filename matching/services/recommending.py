"""Compute recommendations and keep them in step with both libraries.

Every function is idempotent and may run again after a crash.
"""

import gc
from collections.abc import Iterable, Sequence

from django.conf import settings
from django.db import transaction
from django.db.models import Count, Min, Q
from django.utils import timezone
from django.utils.module_loading import import_string

from catalog.models import Demand, Technology
from matching.engine import ENGINE_VERSION
from matching.engine.index import Match
from matching.engine.profiles import DemandProfile
from matching.engine.vectors import TextModel
from matching.models import Recommendation
from matching.profiles import demand_profile, demand_profiles, technology_profiles
from matching.services.library import current_index, prepare_for, rebuild_index
from matching.services.ordering import reorder_many
from matching.services.own_feedback import apply_feedback, lock_lists
from matching.services.storing import Row, replace_lists

LONGEST_LIST = 50
LOWEST_SCORE = 0.35
LOWEST_SCORE_IN_CONFLICT = 0.1
"""A pair that would reach half without its broken hard condition is listed, so that the reason can be read."""
BATCH = 100
MANY_TECHNOLOGIES = 50


def matchable_demands():
    """Return public demands, and drafts that were never live, whose owners see their list before others do."""
    return Demand.objects.filter(
        Q(pk__in=Demand.objects.public().values("pk"))
        | Q(live=False, first_published_at=None, organisation__isnull=False)
    )


def limits() -> dict[str, float]:
    """Return how long lists become and what is too weak for them."""
    return {
        "top": LONGEST_LIST,
        "minimum_score": LOWEST_SCORE,
        "minimum_score_in_conflict": LOWEST_SCORE_IN_CONFLICT,
    }


def recommend_for_demand(demand: Demand) -> list[Recommendation]:
    """Rank the library for one demand, store the list and return it, best first.

    Takes well below a second; a view may call it before it shows the list.
    """
    profile = demand_profile(demand)
    _store([profile], *_ranked([profile]))
    return list(demand.recommendations.order_by("rank").select_related("technology"))


def recommend_for_technology(technology: Technology) -> None:
    """Bring the lists of all demands in step with one technology, public or no longer."""
    update_technologies([technology.pk])


def update_demands(demand_ids: Iterable[int]) -> int:
    """Compute the lists of the demands anew, drop those of demands that are gone; return how many were computed."""
    ids = list(demand_ids)
    open_ids = set(matchable_demands().filter(pk__in=ids).values_list("pk", flat=True))
    Recommendation.objects.filter(demand__in=set(ids) - open_ids).delete()
    return _match(Demand.objects.filter(pk__in=open_ids))


def update_technologies(technology_ids: Iterable[int]) -> int:
    """Compute the lists that the technologies are in or now belong in; return how many were computed."""
    ids = set(technology_ids)
    if len(ids) > MANY_TECHNOLOGIES:
        return _match(matchable_demands())
    affected = set(Recommendation.objects.filter(technology__in=ids).values_list("demand", flat=True))
    public = list(technology_profiles(Technology.objects.public().filter(pk__in=ids)))
    if public:
        lists = _lowest_scores()
        for profiles in _chunks(demand_profiles(matchable_demands())):
            with current_index() as index:
                for technology in public:
                    scores = index.scores_of(technology, profiles)
                    affected.update(
                        profile.id
                        for profile, score in zip(profiles, scores, strict=True)
                        if score >= max(LOWEST_SCORE_IN_CONFLICT, lists.get(profile.id, 0))
                    )
    return update_demands(affected)


def remove_technologies(technology_ids: Iterable[int]) -> None:
    """Take technologies out of every list and close the gaps."""
    ids = list(technology_ids)
    affected = list(
        Recommendation.objects.filter(technology__in=ids).values_list("demand", flat=True).distinct()
    )
    Recommendation.objects.filter(technology__in=ids).delete()
    update_demands(affected)


def remove_demands(demand_ids: Iterable[int]) -> None:
    """Drop the lists of demands."""
    Recommendation.objects.filter(demand__in=list(demand_ids)).delete()


def match_all() -> int:
    """Build the index anew, compute every list and drop what is out of date; return the number of lists."""
    begin_anew()
    return _match(matchable_demands())


def begin_anew() -> None:
    """Build the index anew and drop lists of demands that are gone."""
    rebuild_index()
    Recommendation.objects.exclude(demand__in=matchable_demands()).delete()


def update_all() -> int:
    """Compute every list with the index as it is; return the number of lists."""
    return _match(matchable_demands())


def _match(demands) -> int:
    count = 0
    prepare_for(demands.count())
    try:
        for profiles in _chunks(demand_profiles(demands)):
            # Otherwise the collector walks through index and caches again and again: a third of the time.
            gc.freeze()
            _store(profiles, *_ranked(profiles))
            count += len(profiles)
    finally:
        gc.unfreeze()
    return count


def _ranked(profiles: Sequence[DemandProfile]) -> tuple[list[list[Match]], TextModel, str]:
    """Return the lists of some demands, the words they were compared with and the model that weighed the parts."""
    with current_index() as index:
        lists = None
        if settings.MATCHING_CANDIDATES and settings.ELASTICSEARCH_URL:
            rank = import_string("matching.services.elastic_candidates.rank_candidates")
            lists = rank(index, profiles, settings.MATCHING_CANDIDATES, **limits(), folds_twins=True)
        if lists is None:
            lists = index.rank_many(profiles, **limits(), folds_twins=True)
        return lists, index.model, index.ranking.version


def _chunks(profiles: Iterable[DemandProfile]) -> Iterable[list[DemandProfile]]:
    chunk: list[DemandProfile] = []
    for profile in profiles:
        chunk.append(profile)
        if len(chunk) == BATCH:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _lowest_scores() -> dict[int, float]:
    """Return the score that a technology must reach to enter a list that is full, by demand."""
    full = (
        Recommendation.objects.values("demand")
        .annotate(length=Count("pk", filter=Q(is_twin=False)), lowest=Min("base_score"))
        .filter(length__gte=LONGEST_LIST)
    )
    return {each["demand"]: each["lowest"] for each in full}


@transaction.atomic
def _store(
    profiles: Sequence[DemandProfile], lists: Sequence[list[Match]], model: TextModel, ranking: str
) -> None:
    """Replace the lists of some demands; rows of pairs that stay keep their primary key."""
    demand_ids = [profile.id for profile in profiles]
    demands = Demand.objects.filter(pk__in=demand_ids)
    lock_lists(demands)
    present = set(demands.values_list("pk", flat=True))
    wanted = {match.technology_id for matches in lists for match in matches}
    public = set(Technology.objects.public().filter(pk__in=wanted).values_list("pk", flat=True))
    kept = [[match for match in matches if match.technology_id in public] for matches in lists]
    version = f"{ENGINE_VERSION}/{ranking}"
    ordered = {
        demand_id: [_row(match, rank, version) for rank, match in enumerate(matches, start=1)]
        for demand_id, matches in zip(demand_ids, reorder_many(demand_ids, kept), strict=True)
        if demand_id in present
    }
    apply_feedback(ordered, model)
    replace_lists(ordered, now=timezone.now())


def _row(match: Match, rank: int, version: str) -> Row:
    return Row(
        demand_id=match.demand_id,
        technology_id=match.technology_id,
        base_score=min(1.0, max(0.0, match.score)),
        base_rank=rank,
        has_conflict=any(reason.is_hard for reason in match.reasons),
        is_twin=match.is_twin,
        parts=[part.to_dict() for part in match.parts],
        reasons=[reason.to_dict() for reason in match.reasons],
        engine_version=version,
    )
