"""Keep an index of the public technologies in step with the database, in every process.

Each change of the library raises the generation in the database. A process that holds an older index takes the
changed technologies over before it answers; many changes, or none held yet, make it map the index that another
process has written, or build one. The same row names the learned model that weighs the parts.
"""

import logging
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock, RLock, Thread

from django.conf import settings
from django.db import transaction
from django.db.models import F

from catalog.models import Technology
from matching.engine import storage
from matching.engine.index import MatchIndex
from matching.engine.merging import Merge
from matching.engine.model import RankingModel, model_or_shipped, shipped_model
from matching.engine.postings import compile_kernels
from matching.models import LibraryChange, LibraryState, RankingModelVersion
from matching.profiles import technology_profiles

logger = logging.getLogger(__name__)

REBUILD_SHARE = 0.2
FEWEST_CHANGES_FOR_REBUILD = 100
FEWEST_DEMANDS_TO_COMPILE = 100
FEWEST_PAIRS_TO_COMPILE = 20_000_000

_lock = RLock()
_merging = Lock()
_held: dict[str, MatchIndex] = {}
_rankings: dict[int, RankingModel] = {}


@transaction.atomic
def record_changes(technology_ids: Iterable[int]) -> None:
    """Note that technologies entered, changed in or left the public view.

    Call it in the transaction of the change itself: the row of the generation is locked until that commits, so
    that generations become visible in their order.
    """
    ids = set(technology_ids)
    if not ids:
        return
    library_state()
    LibraryState.objects.filter(pk=1).update(generation=F("generation") + 1)
    generation = LibraryState.objects.values_list("generation", flat=True).get(pk=1)
    LibraryChange.objects.bulk_create(
        [LibraryChange(generation=generation, technology_id=each) for each in sorted(ids)], batch_size=400
    )


def library_state() -> LibraryState:
    """Return the row that counts generations."""
    return LibraryState.objects.get_or_create(pk=1)[0]


@contextmanager
def current_index() -> Iterator[MatchIndex]:
    """Lend the index, brought up to date; other threads of the process wait meanwhile.

    Costs one small query when nothing has changed. Segments of changes are put together afterwards, in a thread that
    nobody waits for.
    """
    with _lock:
        index = _bring_up_to_date()
        yield index
        merge = None if _merging.locked() else index.prepare_merge()
    if merge is not None and _merging.acquire(blocking=False):
        Thread(target=_merge_beside, args=(index, merge), name="merge-segments", daemon=True).start()


def _merge_beside(index: MatchIndex, merge: Merge) -> None:
    try:
        merged = merge.run()
        with _lock:
            index.take_over(merge, merged)
    finally:
        _merging.release()


def fit_anew_if_outgrown() -> bool:
    """Fit and index the library anew when a tenth of it has changed, and write it for the other processes.

    Takes seconds to minutes: call it in a task. Meanwhile the index at hand goes on answering; what changes until the
    new one is there, that one takes over like any other change. Return whether it was done.
    """
    with _lock:
        index = _bring_up_to_date()
        if not index.is_outgrown:
            return False
        held = index.profiles()
        generation, library, ranking = index.generation, index.library, index.ranking
    fresh = MatchIndex.build(held, generation, library, ranking)
    _write(fresh)
    with _lock:
        if _held.get("index") is index:
            _held["index"] = fresh
    return True


def rebuild_index() -> None:
    """Build the index from the database, write it for the other processes and drop the record of old changes."""
    with _lock:
        state = library_state()
        index = _build(state)
        LibraryChange.objects.filter(generation__lte=state.generation).delete()
        index.ranking = _ranking(state.ranking)
        _held["index"] = index


def prepare_for(demand_count: int) -> None:
    """Compile the loops of the matcher where many pairs are to come: it takes seconds, once for a machine.

    The lists are the same without; a web request, which ranks for one demand, never waits for it.
    """
    if demand_count < FEWEST_DEMANDS_TO_COMPILE:
        return
    if Technology.objects.count() * demand_count >= FEWEST_PAIRS_TO_COMPILE:
        try:
            compile_kernels(Path(settings.MATCHING_DIR) / "compiled")
        except (ImportError, OSError):
            logger.exception("the loops of the matcher could not be compiled; plain numpy serves instead")


def _bring_up_to_date() -> MatchIndex:
    state = library_state()
    index = _held.get("index")
    if index is None or not _is_of(index, state) or not _reaches(index, state):
        index = _load(state) or _build(state)
    if index.is_outgrown and storage.current_generation(Path(settings.MATCHING_DIR)) > index.fitted_at:
        index = _load(state) or index
    changed = _changed_since(index, state)
    if len(changed) > max(FEWEST_CHANGES_FOR_REBUILD, len(index) * REBUILD_SHARE):
        stored = _load(state)
        if stored is not None and stored.generation > index.generation:
            index, changed = stored, _changed_since(stored, state)
        if len(changed) > max(FEWEST_CHANGES_FOR_REBUILD, len(index) * REBUILD_SHARE):
            index, changed = _build(state), []
    if changed:
        public = {
            profile.id: profile
            for profile in technology_profiles(Technology.objects.public().filter(pk__in=changed))
        }
        for identity in changed:
            if identity in public:
                index.replace(public[identity])
            else:
                index.remove(identity)
    index.generation = state.generation
    index.ranking = _ranking(state.ranking)
    _held["index"] = index
    return index


def _ranking(number: int) -> RankingModel:
    """Return the learned model of that number, the shipped one for 0 and where it is gone or cannot be read."""
    if number == 0:
        return shipped_model()
    held = _rankings.get(number)
    if held is None:
        stored = RankingModelVersion.objects.filter(number=number).values_list("model", flat=True).first()
        held = shipped_model() if stored is None else model_or_shipped(stored)
        _rankings.clear()
        _rankings[number] = held
    return held


def _is_of(index: MatchIndex, state: LibraryState) -> bool:
    return index.library == str(state.token) and index.generation <= state.generation


def _reaches(index: MatchIndex, state: LibraryState) -> bool:
    """Tell whether every change since the index is still on record."""
    if index.generation == state.generation:
        return True
    first = LibraryChange.objects.order_by("generation").values_list("generation", flat=True).first()
    return first is not None and first <= index.generation + 1


def _changed_since(index: MatchIndex, state: LibraryState) -> list[int]:
    if index.generation == state.generation:
        return []
    changes = LibraryChange.objects.filter(generation__gt=index.generation, generation__lte=state.generation)
    return sorted(set(changes.values_list("technology_id", flat=True)))


def _load(state: LibraryState) -> MatchIndex | None:
    try:
        index = storage.load(Path(settings.MATCHING_DIR))
    except storage.IndexUnreadable as reason:
        logger.info("no stored index to use: %s", reason)
        return None
    return index if _is_of(index, state) and _reaches(index, state) else None


def _build(state: LibraryState) -> MatchIndex:
    index = MatchIndex.build(
        technology_profiles(Technology.objects.public()), state.generation, str(state.token)
    )
    _write(index)
    logger.info("indexed %d technologies, generation %d", len(index), state.generation)
    return index


def _write(index: MatchIndex) -> None:
    try:
        storage.save(index, Path(settings.MATCHING_DIR))
    except OSError:
        # Ranking works from memory; a full disk must not take the lists away.
        logger.exception("the index could not be written to %s", settings.MATCHING_DIR)
