"""The vocabulary of this site's index, kept by each process and made anew when the index has changed."""

from dataclasses import dataclass, field
from threading import Lock, Thread

from django.db import connection
from django.db.models import Count, Sum

from search.characters import normalise
from search.embedded import EmbeddedEngine
from search.lexicon import lexicon
from search.models import Entry, Write
from search.vocabulary import Vocabulary

# A larger index is read beside the requests, which meanwhile use the vocabulary of before.
MOST_READ_AT_ONCE = 5_000


@dataclass
class _Kept:
    stamp: tuple | None = None
    vocabulary: Vocabulary = field(default_factory=lambda: Vocabulary.of([], lexicon()))
    titles: list[tuple[str, str, int]] = field(default_factory=list)
    lock: Lock = field(default_factory=Lock)


_kept = _Kept()


def current_vocabulary() -> Vocabulary:
    """Return the words of the index as it is now; of a large index as it was a moment ago."""
    stamp = tuple(Write.objects.aggregate(Count("pk"), Sum("stamp")).values())
    if stamp == _kept.stamp or not _kept.lock.acquire(blocking=False):
        return _kept.vocabulary
    if Entry.objects.count() > MOST_READ_AT_ONCE:
        Thread(target=_read_beside, args=[stamp], daemon=True).start()
    else:
        _read(stamp)
    return _kept.vocabulary


def current_titles() -> list[tuple[str, str, int]]:
    """Return normalised title, kind and id of what the index held when the vocabulary was made, newest first."""
    current_vocabulary()
    return _kept.titles


def _read(stamp: tuple) -> None:
    try:
        _kept.vocabulary = Vocabulary.of(EmbeddedEngine().passages(), lexicon())
        rows = Entry.objects.order_by("-published", "-pk").values_list("title", "kind", "object_id")
        _kept.titles = [(normalise(title), kind, object_id) for title, kind, object_id in rows]
        _kept.stamp = stamp
    finally:
        _kept.lock.release()


def _read_beside(stamp: tuple) -> None:
    try:
        _read(stamp)
    finally:
        connection.close()
