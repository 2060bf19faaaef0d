"""The vocabulary of this site's index, kept by each process and made anew when the index has changed."""

from dataclasses import dataclass, field
from threading import Lock, Thread

from django.db import connection
from django.db.models import Count, Sum

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


def _read(stamp: tuple) -> None:
    try:
        _kept.vocabulary = Vocabulary.of(EmbeddedEngine().passages(), lexicon())
        _kept.stamp = stamp
    finally:
        _kept.lock.release()


def _read_beside(stamp: tuple) -> None:
    try:
        _read(stamp)
    finally:
        connection.close()
