"""Keep the index in step with the libraries."""

import logging
from collections.abc import Iterable
from itertools import groupby
from operator import attrgetter

from django.db import transaction
from django.utils import timezone

from search.documents import documents, public_ids
from search.embedded import EmbeddedEngine
from search.engine import Engine
from search.enums import Kind
from search.models import Change

_BATCH = 500
logger = logging.getLogger(__name__)


def current_engine() -> Engine:
    """Return the engine that answers."""
    return EmbeddedEngine()


@transaction.atomic
def record_changes(kind: str, ids: Iterable[int]) -> None:
    """Note that listings changed, in the caller's transaction, and hide at once what visitors may no longer see.

    A demand leaves the index until it is indexed anew, because the enterprise may just have hidden a field.
    """
    ids, now = set(ids), timezone.now()
    Change.objects.bulk_create(
        [Change(kind=kind, object_id=object_id, recorded_at=now) for object_id in sorted(ids)],
        update_conflicts=True,
        unique_fields=["kind", "object_id"],
        update_fields=["recorded_at"],
        batch_size=_BATCH,
    )
    hidden = ids - public_ids(kind, ids) if kind == Kind.TECHNOLOGY else ids
    current_engine().remove(kind, hidden)


def apply_changes() -> int:
    """Bring the index up to date with every recorded change and return how many there were.

    Safe to run at the same time elsewhere: a change recorded meanwhile keeps its row and is applied next time.
    """
    done = 0
    while changes := list(Change.objects.all()[:_BATCH]):
        with transaction.atomic():
            for kind in Kind.values:
                update_index(kind, [change.object_id for change in changes if change.kind == kind])
            for recorded_at, same in groupby(changes, key=attrgetter("recorded_at")):
                Change.objects.filter(pk__in=[change.pk for change in same], recorded_at=recorded_at).delete()
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
    engine, found = current_engine(), list(documents(kind, ids))
    engine.add(found)
    engine.remove(kind, set(ids) - {document.object_id for document in found})
    return len(found)


def _update_alone(kind: str, object_id: int) -> int:
    try:
        return _update(kind, [object_id])
    except Exception:
        logger.exception("%s %s cannot be indexed and is left out of search", kind, object_id)
        current_engine().remove(kind, [object_id])
        return 0


def rebuild_index() -> dict[str, int]:
    """Index every public listing anew without a gap, forget the rest, and return how many of each kind there are."""
    counts = {}
    for kind in Kind.values:
        public = public_ids(kind)
        counts[kind] = update_index(kind, sorted(public))
        current_engine().remove(kind, current_engine().ids(kind) - public)
    return counts
