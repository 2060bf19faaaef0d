"""Put small segments of an index together beside the queries that read them.

A merge is prepared while nobody changes the index, carried out at leisure, in a thread of its own, and taken over at
once. Segments never change; what was replaced or removed meanwhile stays so.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.profiles import ListingId, TechnologyProfile
from matching.engine.segment import Segment
from matching.engine.vectors import TextModel

SMALL_SEGMENT = 64
"""Up to so many technologies are put together by the next query itself: a few milliseconds."""


@dataclass(frozen=True)
class Merge:
    """Segments to become one: the number of the first, and which of their rows counted when this was prepared."""

    model: TextModel
    first: int
    segments: tuple[Segment, ...]
    is_open: tuple[np.ndarray, ...]

    def run(self) -> Segment:
        """Return one segment with what the others hold; touches nothing that a query could see."""
        return Segment.build(self.model, list(open_profiles(self.segments, self.is_open)))


def segments_to_merge(sizes: Sequence[int]) -> range | None:
    """Return the numbers of neighbouring segments that are to become one, None while there are none.

    The first segment, fitted with the library, is left alone, and so is the last while it is small. Afterwards each
    segment is at least twice as large as the next, so that there are few and each change is indexed few times.

    Examples
    --------
    >>> segments_to_merge([5000, 300, 200, 100]), segments_to_merge([5000, 900, 300, 20])
    (range(1, 4), None)
    >>> segments_to_merge([5000, 900, 200, 150, 20]), segments_to_merge([5000, 70])
    (range(2, 4), None)
    """
    last = len(sizes) - (len(sizes) > 1 and sizes[-1] <= SMALL_SEGMENT)
    for first in range(1, last - 1):
        if sizes[first] < 2 * sum(sizes[first + 1 : last]):
            return range(first, last)
    return None


def open_profiles(segments: Sequence[Segment], is_open: Sequence[np.ndarray]) -> Iterator[TechnologyProfile]:
    """Yield the technologies that count, segment by segment."""
    for segment, own in zip(segments, is_open, strict=True):
        for row in np.flatnonzero(own).tolist():
            yield segment.profiles[row]


def open_after(merge: Merge, merged: Segment, position: dict[ListingId, tuple[int, int]]) -> np.ndarray:
    """Return which rows of the merged segment still count, by where each technology stands now."""
    old = {
        segment.ids[row]: (merge.first + number, row)
        for number, (segment, own) in enumerate(zip(merge.segments, merge.is_open, strict=True))
        for row in np.flatnonzero(own).tolist()
    }
    return np.array([position.get(identity) == old[identity] for identity in merged.ids], dtype=bool)
