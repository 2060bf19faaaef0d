"""Elasticsearch while it can be relied on, the embedded engine otherwise; visitors see no difference but rank."""

import json
import logging
from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from hashlib import sha256

from django.conf import settings
from django.utils import timezone
from elasticsearch import ApiError, NotFoundError

from search.elastic import SETTINGS, ElasticEngine, TooDeep, mapping
from search.elastic_client import FAILURES, breaker
from search.embedded import EmbeddedEngine
from search.engine import Document, Query, Results
from search.enums import Store
from search.models import Change, ElasticState
from search.negation import offered_text
from search.text import index_text
from search.vocabulary import Passages

# When more changes wait, or one for longer, the index is too far behind the libraries to be asked.
MOST_WAITING = 1000
LONGEST_WAIT = timedelta(minutes=3)
_PROBE = "ＬＥＤ照明替代金卤灯 不用餘熱 80℃ 0.75MPa 15t/h CO₂ é 々"  # data: tells one analysis from another
logger = logging.getLogger(__name__)


def alias_stem() -> str:
    """Return how the alias of an index begins that this code, these settings and this analysis can read."""
    parts = [
        settings.ELASTICSEARCH_URL,
        mapping(),
        SETTINGS,
        index_text(_PROBE),
        offered_text(_PROBE, _PROBE, ""),
    ]
    digest = sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:8]
    return f"{settings.ELASTICSEARCH_PREFIX}-{digest}-"


def trusted_alias() -> str:
    """Return the alias of the index that may be asked, or nothing when there is none."""
    alias = ElasticState.objects.filter(pk=1).values_list("alias", flat=True).first() or ""
    return alias if alias.startswith(alias_stem()) else ""


def reliable_engine() -> ElasticEngine | None:
    """Return the engine over the trusted index if it is close enough to the libraries.

    What became hidden and still waits in the outbox is left out by the query itself.
    """
    alias = trusted_alias()
    if not alias:
        return None
    waiting = Change.objects.filter(store=Store.ELASTIC)
    rows = list(waiting.values_list("kind", "object_id", "hides", "recorded_at")[: MOST_WAITING + 1])
    if len(rows) > MOST_WAITING or any(row[3] < timezone.now() - LONGEST_WAIT for row in rows):
        return None
    without = defaultdict(set)
    for kind, object_id, hides, _recorded_at in rows:
        if hides:
            without[kind].add(object_id)
    return ElasticEngine(alias, without={kind: frozenset(ids) for kind, ids in without.items()})


class FallbackEngine:
    """Implements search.engine.Engine; what is written goes to the embedded index, the outbox carries it further."""

    def __init__(self):
        self.embedded = EmbeddedEngine()

    def search(self, query: Query) -> Results:
        """Ask Elasticsearch unless it failed a moment ago, and the embedded engine when it does not answer well."""
        engine = reliable_engine()
        if engine and breaker.allows():
            try:
                results = engine.search(query)
            except TooDeep:
                breaker.succeeded()
            except FAILURES as error:
                _note(error)
            except Exception:  # a mistake of ours must not cost the visitor the page
                logger.exception("a search on Elasticsearch failed, the embedded engine answers")
            else:
                breaker.succeeded()
                return results
        return self.embedded.search(query)

    def add(self, documents: Iterable[Document]) -> None:
        """Index documents in the embedded index."""
        self.embedded.add(documents)

    def remove(self, kind: str, object_ids: Iterable[int]) -> None:
        """Forget listings in the embedded index."""
        self.embedded.remove(kind, object_ids)

    def ids(self, kind: str) -> set[int]:
        """Return which listings of a kind the embedded index has."""
        return self.embedded.ids(kind)

    def passages(self) -> Iterable[Passages]:
        """Return the texts that the embedded index has."""
        return self.embedded.passages()


def _note(error: Exception) -> None:
    is_refusal = (
        isinstance(error, ApiError) and error.status_code < 500 and error.status_code not in {408, 429}
    )
    if is_refusal and not isinstance(error, NotFoundError) and error.status_code not in {401, 403}:
        breaker.succeeded()
        logger.error("Elasticsearch refused a search, the embedded engine answers: %s", error)
        return
    pause = breaker.failed()
    logger.warning("Elasticsearch does not answer, the embedded engine does for %d s: %s", pause, error)


def report() -> dict[str, str | int]:
    """Return for operators which engine answers and how Elasticsearch is, without asking it.

    `elasticsearch` is ok, building (no index can be trusted yet), behind (too many changes wait) or down.
    """
    state = ElasticState.objects.filter(pk=1).first() or ElasticState()
    waiting = Change.objects.filter(store=Store.ELASTIC)
    if state.failures or breaker.is_open:
        status = "down"
    elif not trusted_alias():
        status = "building"
    else:
        status = "ok" if reliable_engine() else "behind"
    details = {"elasticsearch": status, "elasticsearch_waiting": waiting.count()}
    if state.failing_since:
        details["failing_since"] = timezone.localtime(state.failing_since).isoformat(timespec="seconds")
    return {"engine": "elasticsearch" if status == "ok" else "embedded", **details}
