"""Texts to match: invented ones of any size, the same each time, or real titles from a file."""

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer

from matching.engine.text import normalise, terms

CHARACTERS = 2_500
WORDS = 20_000
TITLE_WORDS = (5, 13)
SEED = 20_261_122


@dataclass(frozen=True)
class Corpus:
    """Hold vectors of technologies and needs, each of length 1; a term counts once in a text.

    ``term_weights`` are the weights that terms have in needs before division by the length.
    """

    name: str
    technologies: sparse.csr_matrix
    needs: sparse.csr_matrix
    term_weights: np.ndarray

    @classmethod
    def build(cls, name: str, technologies: Sequence[str], needs: Sequence[str]) -> "Corpus":
        """Turn texts into vectors with the terms of our engine and plain TF-IDF, which every engine can take."""
        vectorizer = TfidfVectorizer(analyzer=terms, binary=True, dtype=np.float32)
        matrix = vectorizer.fit_transform(normalise(text) for text in technologies).tocsr()
        wanted = vectorizer.transform(normalise(text) for text in needs).tocsr()
        matrix.sort_indices()
        wanted.sort_indices()
        return cls(name, matrix, wanted[np.diff(wanted.indptr) > 0], vectorizer.idf_.astype(np.float32))

    @property
    def postings_per_need(self) -> float:
        """Return how many places of the lists a need touches in the mean."""
        frequency = np.bincount(self.technologies.indices, minlength=self.technologies.shape[1])
        return float(frequency[self.needs.indices].sum() / self.needs.shape[0])


def invented_texts(count: int, *, seed: int = SEED) -> list[str]:
    """Return texts of 5 to 12 invented words, whose frequencies follow Zipf's law as those of characters do."""
    shared = np.random.default_rng(SEED)
    characters = np.array([chr(0x4E00 + each) for each in shared.permutation(CHARACTERS)])
    lengths = shared.choice([2, 3, 4], size=WORDS, p=[0.75, 0.17, 0.08])
    picked = shared.choice(CHARACTERS, size=lengths.sum(), p=_zipf(CHARACTERS, 20.0))
    ends = np.cumsum(lengths)
    words = [
        "".join(characters[picked[end - length : end]]) for end, length in zip(ends, lengths, strict=True)
    ]
    generator = np.random.default_rng(seed)
    sizes = generator.integers(*TITLE_WORDS, size=count)
    chosen = generator.choice(WORDS, size=sizes.sum(), p=_zipf(WORDS, 2.7))
    bounds = np.concatenate([[0], np.cumsum(sizes)])
    return [
        "".join(words[word] for word in chosen[first:last])
        for first, last in zip(bounds, bounds[1:], strict=False)
    ]


def invented(count: int, need_count: int) -> Corpus:
    """Return a corpus of invented technologies and needs."""
    return Corpus.build(
        f"{count:,} invented", invented_texts(count), invented_texts(need_count, seed=SEED + 1)
    )


def real(path: Path, need_count: int) -> Corpus:
    """Return a corpus of the titles in a CSV file; the needs are titles of the same file, drawn by lot."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        titles = [row.get("title") or row["title_words"] for row in csv.DictReader(file)]
    drawn = np.random.default_rng(SEED).choice(len(titles), size=need_count)
    return Corpus.build(f"{len(titles):,} real titles", titles, [titles[each] for each in drawn])


def _zipf(count: int, shift: float) -> np.ndarray:
    chances = 1 / (np.arange(count) + shift)
    return chances / chances.sum()
