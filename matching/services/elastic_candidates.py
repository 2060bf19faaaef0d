"""Take from Elasticsearch the technologies worth comparing with a need; our own scorer compares them.

For libraries that outgrow one machine. Loaded only where it is switched on: the client takes most of a second.
"""

import logging
from collections.abc import Sequence

from django.utils import timezone
from elasticsearch import dsl
from elasticsearch.dsl.query import Bool, ConstantScore, Terms

from catalog.models import Technology
from matching.engine.index import Match, MatchIndex
from matching.engine.profiles import DemandProfile
from matching.profiles import technology_profiles
from search.elastic import ElasticEngine
from search.elastic_client import FAILURES, breaker, search_client
from search.elastic_query import any_query, base
from search.enums import Kind
from search.fallback import reliable_engine
from search.text import query_words

SYSTEM_BOOST = 0.5
logger = logging.getLogger(__name__)


def rank_candidates(
    index: MatchIndex, demands: Sequence[DemandProfile], count: int, **limits
) -> list[list[Match]] | None:
    """Rank for each need the ``count`` candidates; None when Elasticsearch cannot be relied on now.

    `limits` are those of `MatchIndex.rank`; the words and weights are those of the index, its rows are not read.
    """
    engine = reliable_engine()
    if engine is None or not breaker.allows():
        return None
    try:
        found = [candidate_ids(engine, demand, count) for demand in demands]
    except FAILURES as error:
        logger.warning("Elasticsearch gave no candidates, the whole library is compared: %s", error)
        breaker.failed()
        return None
    breaker.succeeded()
    wanted = set().union(*found)
    public = Technology.objects.public().filter(pk__in=wanted)
    profiles = {profile.id: profile for profile in technology_profiles(public)}
    return [
        index.among([profiles[pk] for pk in ids if pk in profiles]).rank(demand, **limits)
        for demand, ids in zip(demands, found, strict=True)
    ]


def candidate_ids(engine: ElasticEngine, demand: DemandProfile, count: int) -> list[int]:
    """Return the technologies that share the most telling words with a need, and its energy system first."""
    kind = Kind.TECHNOLOGY
    words = query_words(f"{demand.title}。{demand.body}")
    filters = base(kind, today=timezone.localdate(), without=engine.without.get(kind, ()))
    query = any_query(words, filters)
    if demand.systems:
        facets = [f"system:{code}" for code in demand.systems]
        same_system = ConstantScore(filter=Terms(facets=facets), boost=SYSTEM_BOOST)
        query = Bool(must=[query], should=[same_system])
    search = dsl.Search(using=search_client(), index=engine.alias).query(query).source(False)
    search = search.sort({"_score": {"order": "desc"}}, {"object_id": {"order": "asc"}})
    search = search.extra(size=count, track_total_hits=False).params(allow_partial_search_results=False)
    return [hit["sort"][1] for hit in search.execute().hits.hits]
