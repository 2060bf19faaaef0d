"""Profiles of technologies in a file: each packed by itself, so that single ones are read from a mapped file.

Their texts resemble each other, and each is too short to be packed well alone: a dictionary of some of them is kept
beside them (zlib's preset dictionary), which takes them to a third.
"""

import json
import zlib
from collections.abc import Sequence

import numpy as np

from matching.engine.profiles import TechnologyProfile

DICTIONARY_BYTES = 32_000
"""What zlib looks back over at most."""
SAMPLES = 200
KEPT_PROFILES = 10_000


class StoredProfiles(Sequence):
    """Read technology profiles one by one from a mapped file, and keep some of them at hand."""

    def __init__(self, packed: np.ndarray, offsets: np.ndarray, dictionary: np.ndarray):
        self._packed = packed
        self._offsets = offsets
        self._dictionary = dictionary.tobytes()
        self._kept: dict[int, TechnologyProfile] = {}

    def __len__(self) -> int:
        return len(self._offsets) - 1

    def __getitem__(self, row: int) -> TechnologyProfile:
        if not 0 <= row < len(self):
            raise IndexError(row)
        found = self._kept.get(row)
        if found is None:
            packed = self._packed[self._offsets[row] : self._offsets[row + 1]].tobytes()
            line = zlib.decompressobj(zdict=self._dictionary).decompress(packed)
            found = TechnologyProfile.from_dict(json.loads(line))
            if len(self._kept) >= KEPT_PROFILES:
                self._kept.clear()
            self._kept[row] = found
        return found


def packed_profiles(profiles: Sequence[TechnologyProfile]) -> dict[str, np.ndarray]:
    """Return profiles as the arrays ``packed``, ``offsets`` and ``dictionary`` of ``StoredProfiles``.

    Examples
    --------
    >>> held = StoredProfiles(**packed_profiles([TechnologyProfile(1, "余热锅炉"), TechnologyProfile(2, "热泵")]))
    >>> len(held), held[1].title
    (2, '热泵')
    """
    sample = b"".join(_line(profiles[row]) for row in range(0, len(profiles), 1 + len(profiles) // SAMPLES))
    dictionary = sample[:DICTIONARY_BYTES]
    packed = []
    for profile in profiles:
        packer = zlib.compressobj(level=6, zdict=dictionary)
        packed.append(packer.compress(_line(profile)) + packer.flush())
    offsets = np.zeros(len(packed) + 1, dtype=np.int64)
    np.cumsum([len(each) for each in packed], out=offsets[1:])
    return {
        "packed": np.frombuffer(b"".join(packed), dtype=np.uint8),
        "offsets": offsets,
        "dictionary": np.frombuffer(dictionary, dtype=np.uint8),
    }


def _line(profile: TechnologyProfile) -> bytes:
    return json.dumps(profile.to_dict(), ensure_ascii=False, separators=(",", ":")).encode()
