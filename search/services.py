"""Ask the engine in use, and keep its index in step with the libraries."""

import logging
from collections.abc import Iterable, Sequence
from itertools import groupby
from operator import attrgetter

from django.conf import settings
from django.db import transaction
from django.utils import timezone
from django.utils.module_loading import import_string

from search.answering import Answer, answer
from search.current_vocabulary import current_vocabulary
from search.documents import documents, public_ids
from search.embedded import EmbeddedEngine
from search.engine import Engine, Query
from search.enums import Kind, Store
from search.models import Change, ElasticState, SavedSearch
from search.vocabulary import Vocabulary

_BATCH = 500
logger = logging.getLogger(__name__)


def current_engine() -> Engine:
    """Return the engine that answers: Elasticsearch with the embedded one behind it, or that alone."""
    if settings.ELASTICSEARCH_URL:
        # Named, not imported: the client takes most of a second to load and most sites have no use for it.
        return import_string("search.fallback.FallbackEngine")()
    return EmbeddedEngine()


def find(queries: Sequence[Query], *, is_literal: bool = False) -> Answer:
    """Answer queries that differ in anything but the text; see search.answering.answer."""
    vocabulary = current_vocabulary() if queries[0].text and not is_literal else Vocabulary({})
    return answer(current_engine(), queries, vocabulary, is_literal=is_literal)


@transaction.atomic
def record_changes(kind: str, ids: Iterable[int]) -> None:
    """Note that listings changed, in the caller's transaction, and hide at once what visitors may no longer see.

    A demand leaves the index until it is indexed anew, because the enterprise may just have hidden a field.
    """
    ids = set(ids)
    hidden = ids if kind == Kind.DEMAND else ids - public_ids(kind, ids)
    _note(Store.EMBEDDED, kind, ids - hidden)
    _note(Store.EMBEDDED, kind, hidden, hides=True)
    if settings.ELASTICSEARCH_URL:
        _note(Store.ELASTIC, kind, ids - hidden)
        _note(Store.ELASTIC, kind, hidden, hides=True)
    else:
        # An index that missed a change must not be trusted should the server be named again.
        ElasticState.objects.exclude(alias="").update(alias="")
    EmbeddedEngine().remove(kind, hidden)


def _note(store: str, kind: str, ids: Iterable[int], *, hides: bool = False) -> None:
    """Write into the outbox; what once hides goes on hiding until it is applied."""
    now = timezone.now()
    Change.objects.bulk_create(
        [
            Change(store=store, kind=kind, object_id=object_id, recorded_at=now, hides=hides)
            for object_id in sorted(ids)
        ],
        update_conflicts=True,
        unique_fields=["store", "kind", "object_id"],
        update_fields=["recorded_at", "hides"] if hides else ["recorded_at"],
        batch_size=_BATCH,
    )


def apply_changes() -> int:
    """Bring the embedded index up to date with every recorded change and return how many there were.

    Safe to run at the same time elsewhere: a change recorded meanwhile keeps its row and is applied next time.
    """
    done = 0
    while changes := list(Change.objects.filter(store=Store.EMBEDDED)[:_BATCH]):
        with transaction.atomic():
            for kind in Kind.values:
                update_index(kind, [change.object_id for change in changes if change.kind == kind])
            for recorded_at, same in groupby(changes, key=attrgetter("recorded_at")):
                Change.objects.filter(pk__in=[change.pk for change in same], recorded_at=recorded_at).delete()
            SavedSearch.objects.wake(timezone.now())
        done += len(changes)
    return done


def update_index(kind: str, ids: Iterable[int]) -> int:
    """Index those listings that are public, forget the others, and return how many were indexed.

    A listing that cannot be indexed is logged and left out; it keeps none of the others waiting.
    """
    ids, count = list(ids), 0
    for start in range(0, len(ids), _BATCH):
        part = ids[start : start + _BATCH]
        try:
            count += _update(kind, part)
        except Exception:  # whatever one row holds, the rest must be found
            count += sum(_update_alone(kind, object_id) for object_id in part)
    return count


@transaction.atomic
def _update(kind: str, ids: list[int]) -> int:
    engine, found = EmbeddedEngine(), list(documents(kind, ids))
    engine.add(found)
    engine.remove(kind, set(ids) - {document.object_id for document in found})
    return len(found)


def _update_alone(kind: str, object_id: int) -> int:
    try:
        return _update(kind, [object_id])
    except Exception:
        logger.exception("%s %s cannot be indexed and is left out of search", kind, object_id)
        EmbeddedEngine().remove(kind, [object_id])
        return 0


def rebuild_index() -> dict[str, int]:
    """Index every public listing anew without a gap, forget the rest, and return how many of each kind there are.

    Elasticsearch, if there is one, follows; its errors are logged, as those of search.tasks.update_index are.
    """
    counts, engine = {}, EmbeddedEngine()
    for kind in Kind.values:
        public = public_ids(kind)
        counts[kind] = update_index(kind, sorted(public))
        engine.remove(kind, engine.ids(kind) - public)
    SavedSearch.objects.wake(timezone.now())
    if settings.ELASTICSEARCH_URL:
        import_string("search.elastic_upkeep.rebuild_or_log")()
    return counts


def follow() -> int:
    """Bring every index up to date with the outbox and return how many changes the embedded one took in."""
    done = apply_changes()
    if settings.ELASTICSEARCH_URL:
        import_string("search.elastic_upkeep.keep_up")()
    return done


def engine_report() -> dict[str, str | int]:
    """Return for operators which engine answers and how many changes wait."""
    waiting = Change.objects.filter(store=Store.EMBEDDED).count()
    details = (
        import_string("search.fallback.report")() if settings.ELASTICSEARCH_URL else {"engine": "embedded"}
    )
    return {"waiting": waiting, **details}
