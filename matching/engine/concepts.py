"""Fields and concepts of technology: texts that share no character may still be about the same thing.

The table of words is data (``data/concepts.txt``) and nothing of it is fitted, so that it serves a library of any
size and a listing changed a moment ago.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import numpy as np
from scipy import sparse

from matching.engine.vectors import of_length_one

FILE = Path(__file__).with_name("data") / "concepts.txt"
SINGLE_CHARACTER_COUNT = 0.3
"""A single character stands in many words, so it counts less than a word, however often it comes."""
BODY_SHARE = 0.5
"""What the body of a listing counts beside its title."""

_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True)
class Concepts:
    """Hold the table: ``membership`` has a row per word and a column per concept, then one per field."""

    names: tuple[str, ...]
    fields: tuple[str, ...]
    words: dict[str, int]
    membership: sparse.csr_matrix
    lengths: dict[str, tuple[int, ...]]

    @classmethod
    def read(cls, lines: Iterable[str]) -> "Concepts":
        """Read the table from lines of text.

        Examples
        --------
        >>> table = Concepts.read(["[水]", "灌溉: 灌溉 喷灌", "河流: 河 水库", "[热]", "余热: 余热 热泵"])
        >>> table.names, table.fields, sorted(table.counts("喷灌用水库"))
        (('灌溉', '河流', '余热'), ('水', '热'), ['喷灌', '水库'])
        """
        names: list[str] = []
        fields: list[str] = []
        field_of: list[int] = []
        member: dict[str, list[int]] = {}
        for line in (each.strip() for each in lines):
            if line.startswith("["):
                fields.append(line.strip("[]"))
            elif line and not line.startswith("#"):
                name, _, words = line.partition(":")
                for word in words.split():
                    member.setdefault(word, []).append(len(names))
                names.append(name)
                field_of.append(len(fields) - 1)
        words = {word: row for row, word in enumerate(member)}
        # A word of several concepts says less about each.
        entries = [
            (words[word], concept, len(of) ** -0.5)
            for word, of in member.items()
            for concept in sorted(set(of))
        ]
        rows, columns, shares = np.array(entries, dtype=float).reshape(-1, 3).T
        to_concept = sparse.csr_matrix((shares, (rows, columns)), shape=(len(words), len(names)))
        to_field = sparse.csr_matrix(
            (np.ones(len(names)), (np.arange(len(names)), field_of)), shape=(len(names), len(fields))
        )
        membership = sparse.hstack([to_concept, to_concept @ to_field]).tocsr()
        lengths: dict[str, set[int]] = {}
        for word in words:
            lengths.setdefault(word[0], set()).add(len(word))
        in_order = {first: tuple(sorted(found)) for first, found in lengths.items()}
        return cls(tuple(names), tuple(fields), words, membership, in_order)

    @property
    def width(self) -> int:
        """Return the number of columns of the vectors."""
        return self.membership.shape[1]

    def counts(self, text: str) -> Counter:
        """Return how often each word of the table stands in normalised text, words within words included."""
        joined = _BLANKS.sub("", text)
        found: Counter = Counter()
        for start, first in enumerate(joined):
            for length in self.lengths.get(first, ()):
                word = joined[start : start + length]
                if len(word) == length and word in self.words:
                    found[word] += 1
        return found

    def vectors(self, titles: Sequence[str], bodies: Sequence[str]) -> sparse.csr_matrix:
        """Return one vector of length 1 per listing from its normalised title and body, zero without a word.

        Half of the product of two vectors is the cosine of their concepts, half the cosine of their fields.

        Examples
        --------
        >>> table = Concepts.read(["[水]", "灌溉: 灌溉 喷灌", "[热]", "余热: 余热 热泵"])
        >>> vectors = table.vectors(["节水灌溉", "喷灌机", "空气源热泵"], ["", "", ""])
        >>> (vectors @ vectors.T).toarray().round(2).tolist()
        [[1.0, 1.0, 0.0], [1.0, 1.0, 0.0], [0.0, 0.0, 1.0]]
        """
        halves = []
        concept_count = len(self.names)
        of_titles, of_bodies = self._sums(titles), self._sums(bodies)
        for part in (slice(0, concept_count), slice(concept_count, None)):
            both = of_length_one(of_titles[:, part]) + BODY_SHARE * of_length_one(of_bodies[:, part])
            halves.append(of_length_one(both) * 0.5**0.5)
        return sparse.hstack(halves).tocsr().astype(np.float32)

    def _sums(self, texts: Sequence[str]) -> sparse.csr_matrix:
        entries = [
            (row, self.words[word], 1 + np.log(count) if len(word) > 1 else SINGLE_CHARACTER_COUNT)
            for row, text in enumerate(texts)
            for word, count in self.counts(text).items()
        ]
        rows, columns, values = np.array(entries, dtype=float).reshape(-1, 3).T
        shape = (len(texts), len(self.words))
        return (sparse.csr_matrix((values, (rows, columns)), shape=shape) @ self.membership).tocsr()


@lru_cache(maxsize=1)
def concept_table() -> Concepts:
    """Return the table that comes with the engine, read once."""
    return Concepts.read(FILE.read_text(encoding="utf-8").splitlines())
