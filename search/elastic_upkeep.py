"""Keep the index on Elasticsearch in step with the libraries: apply the outbox, build anew, swap.

Only who holds the lease writes, so that no one overwrites what another read later.
"""

import logging
import re
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from itertools import groupby
from operator import attrgetter
from uuid import uuid4

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from search.documents import documents, public_ids
from search.elastic import SETTINGS, ElasticEngine, mapping
from search.elastic_client import FAILURES, write_client
from search.engine import Document
from search.enums import Kind, Store
from search.fallback import alias_stem, trusted_alias
from search.models import Change, ElasticState

LEASE = timedelta(minutes=5)
FIRST_PAUSE, LONGEST_PAUSE = timedelta(seconds=30), timedelta(minutes=5)
_BATCH = 500
logger = logging.getLogger(__name__)


class Busy(Exception):
    """Another process writes to the index, or has taken it over."""


class Lease:
    """The right to write, until it is not renewed in time."""

    def __init__(self, token: str):
        self.token = token

    def renew(self) -> None:
        """Keep the right for another while; raises Busy when somebody else has it."""
        mine = ElasticState.objects.filter(pk=1, lease=self.token)
        if not mine.update(leased_until=timezone.now() + LEASE):
            raise Busy


@contextmanager
def lease(*, wait_seconds: float = 0) -> Iterator[Lease]:
    """Hold the right to write, or raise Busy when it is not to be had within the time."""
    ElasticState.objects.get_or_create(pk=1)
    held, give_up_at = Lease(uuid4().hex), time.monotonic() + wait_seconds
    while True:
        now = timezone.now()
        free = ElasticState.objects.filter(Q(lease="") | Q(leased_until__lt=now), pk=1)
        if free.update(lease=held.token, leased_until=now + LEASE):
            break
        if time.monotonic() >= give_up_at:
            raise Busy
        time.sleep(0.2)
    try:
        yield held
    finally:
        ElasticState.objects.filter(pk=1, lease=held.token).update(lease="")


def keep_up() -> int:
    """Apply what waits for Elasticsearch, building its index if none can be trusted; return how many changes there were.

    Never raises for the server's sake: a failure is logged, and after a pause that doubles with every failure, up to
    five minutes, it is tried again. Safe to run at the same time elsewhere.
    """
    state = ElasticState.objects.filter(pk=1).first()
    if state and state.retry_at and state.retry_at > timezone.now():
        return 0
    done = 0
    try:
        for _attempt in range(3):
            with lease() as held:
                if not _is_there():
                    _build(held)
                done += _drain([ElasticEngine(trusted_alias())], held)
            # What came while the lease was held found nobody who would apply it.
            if not Change.objects.filter(store=Store.ELASTIC).exists():
                break
    except Busy:
        return done
    except FAILURES as error:
        _note_failure(error)
        return done
    _note_success()
    return done


def rebuild(*, wait_seconds: float = 30) -> dict[str, int]:
    """Build the index anew beside the old one and swap them; return how many listings of each kind it has.

    Raises Busy when another process is at it, and the errors in search.elastic_client.FAILURES.
    """
    try:
        with lease(wait_seconds=wait_seconds) as held:
            counts = _build(held)
            _drain([ElasticEngine(trusted_alias())], held)
    except FAILURES as error:
        _note_failure(error)
        raise
    _note_success()
    return counts


def rebuild_or_log() -> None:
    """Build the index anew, unless another process is at it or the server fails; both are logged."""
    try:
        rebuild()
    except Busy:
        logger.warning("Elasticsearch is not indexed anew: another process is writing there")
    except FAILURES:
        logger.warning("Elasticsearch is not indexed anew, the embedded index answers until it is")


def _is_there() -> bool:
    alias = trusted_alias()
    return bool(alias) and bool(write_client().indices.exists_alias(name=alias))


def _build(held: Lease) -> dict[str, int]:
    """Fill a new index, catch up with what changed meanwhile, and let the alias point to it in one step.

    The alias keeps its name unless the old one cannot be trusted. Until the swap the old index gets every change too.
    """
    indices = write_client().indices
    old = trusted_alias() if _is_there() else ""
    _delete_leftovers(old)
    alias = old or f"{alias_stem()}{uuid4().hex[:8]}"
    index = f"{alias}-{time.time_ns()}"
    unfinished = f"{index}-unfinished"
    indices.create(index=index, aliases={unfinished: {}}, mappings=mapping(), settings=SETTINGS)
    engines = [ElasticEngine(unfinished), *([ElasticEngine(old)] if old else [])]
    counts = {}
    for kind in Kind.values:
        ids, counts[kind] = sorted(public_ids(kind)), 0
        for start in range(0, len(ids), _BATCH):
            found = readable_documents(kind, ids[start : start + _BATCH])
            counts[kind] += len(found)
            _report_refused(engines[0].add(found, is_refreshed=False))
            held.renew()
            _drain(engines, held)
    _drain(engines, held)
    indices.refresh(index=unfinished)
    held.renew()
    indices.update_aliases(
        actions=[
            {"add": {"index": index, "alias": alias}},
            {"remove": {"index": index, "alias": unfinished}},
            *({"remove_index": {"index": name}} for name in _own_indices() if name != index),
        ]
    )
    ElasticState.objects.filter(pk=1).update(alias=alias)
    return counts


def _delete_leftovers(alias: str) -> None:
    """Delete what earlier attempts left, all but the index behind the alias."""
    leftovers = [name for name, index in _own_indices().items() if alias not in index["aliases"]]
    for name in leftovers:
        write_client().indices.delete(index=name, ignore_unavailable=True)


def _own_indices() -> dict[str, dict]:
    """Return the indices that this site made, by name."""
    prefix = settings.ELASTICSEARCH_PREFIX
    found = write_client().indices.get(index=f"{prefix}-*", features=["aliases"], expand_wildcards="all")
    form = re.compile(rf"{re.escape(prefix)}-[0-9a-f]{{8}}-[0-9a-f]{{8}}-\d+")
    return {name: index for name, index in found.items() if form.fullmatch(name)}


def _drain(engines: Sequence[ElasticEngine], held: Lease) -> int:
    """Apply every change to the indices and return how many there were."""
    done, waiting = 0, Change.objects.filter(store=Store.ELASTIC)
    while changes := list(waiting[:_BATCH]):
        for kind in {change.kind for change in changes}:
            ids = {change.object_id for change in changes if change.kind == kind}
            found = readable_documents(kind, ids)
            gone = ids - {document.object_id for document in found}
            for engine in engines:
                _report_refused(engine.add(found))
                engine.remove(kind, gone)
        for recorded_at, same in groupby(changes, key=attrgetter("recorded_at")):
            waiting.filter(pk__in=[change.pk for change in same], recorded_at=recorded_at).delete()
        held.renew()
        done += len(changes)
    return done


def readable_documents(kind: str, ids: Sequence[int]) -> list[Document]:
    """Return the documents of the public listings among some; one that cannot be read is logged and left out."""
    try:
        return list(documents(kind, ids))
    except Exception:  # whatever one row holds, the rest must be found
        return [document for object_id in ids for document in _readable(kind, object_id)]


def _readable(kind: str, object_id: int) -> list[Document]:
    try:
        return list(documents(kind, [object_id]))
    except Exception:
        logger.exception("%s %s cannot be indexed and is left out of search", kind, object_id)
        return []


def _report_refused(refused: Sequence[str]) -> None:
    for reason in refused:
        logger.error("Elasticsearch refuses a listing, it is left out of search: %s", reason)


def _note_failure(error: Exception) -> None:
    state, now = ElasticState.objects.get(pk=1), timezone.now()
    pause = min(FIRST_PAUSE * 2 ** min(state.failures, 10), LONGEST_PAUSE)
    state.failures += 1
    state.failing_since = state.failing_since or now
    state.retry_at = now + pause
    state.save(update_fields=["failures", "failing_since", "retry_at"])
    logger.warning(
        "Elasticsearch cannot be kept up to date, next try in %d s: %s", pause.total_seconds(), error
    )


def _note_success() -> None:
    failing = ElasticState.objects.filter(pk=1, failures__gt=0)
    if failing.update(failures=0, failing_since=None, retry_at=None):
        logger.info("Elasticsearch is up to date again")
