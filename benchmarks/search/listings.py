"""Invented listings of any number, the same each time: real words of the field in made-up order, and what to ask of them."""

import csv
import pickle
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import numpy as np
import rjieba

from search.engine import Document
from search.lexicon import lexicon

ROOT = Path(__file__).resolve().parents[2]
KIND = "technology"
SEED = 20_261_122
LENGTH = 1_500
PARTS = 500
_TOPIC_TERMS, _TOPIC_SHARE = 25, 0.25
_RARE_WORDS, _CHARACTERS = 20_000, 2_500
_CHOICES = {
    "system": 21,
    "carrier": 14,
    "payback": 6,
    "investment": 6,
    "penetration": 5,
    "evidence": 5,
    "origin": 3,
}
_DIVISIONS = 97
_WORDS = 720


def _zipf(count: int, shift: float) -> np.ndarray:
    chances = 1 / (np.arange(count) + shift)
    return chances / chances.sum()


@cache
def _terms() -> np.ndarray:
    """Return the terms of the lexicon, shuffled: their order is how frequent they are."""
    terms = sorted(lexicon().terms())
    np.random.default_rng(SEED).shuffle(terms)
    return np.array(terms, dtype=object)


@cache
def _everyday() -> tuple[np.ndarray, np.ndarray]:
    """Return words with their chances: those of the reference library as often as they stand there, and rare invented ones."""
    text = "".join(path.read_text() for path in sorted((ROOT / "catalog/data/technologies").glob("*.toml")))
    known = [word for word in rjieba.cut(text) if word.strip() and not word.isascii()]
    words, counts = np.unique(known, return_counts=True)
    generator = np.random.default_rng(SEED)
    characters = [chr(0x4E00 + place) for place in generator.permutation(20_000)[:_CHARACTERS]]
    lengths = generator.choice([2, 3, 4], size=_RARE_WORDS, p=[0.75, 0.17, 0.08])
    rare = ["".join(generator.choice(characters, size=length)) for length in lengths]
    chances = np.concatenate([0.9 * counts / counts.sum(), 0.1 * _zipf(_RARE_WORDS, 20.0)])
    return np.array([*words, *rare], dtype=object), chances


def write(folder: Path, count: int) -> None:
    """Write `count` listings into files, PARTS each, unless they are there."""
    for start in range(0, count, PARTS):
        path = folder / f"{start}.pickle"
        if not path.exists():
            path.with_suffix(".new").write_bytes(pickle.dumps(_part(start)))
            path.with_suffix(".new").rename(path)


def read(folder: Path, count: int) -> Iterator[list[Document]]:
    """Yield the first `count` listings, PARTS at a time."""
    for start in range(0, count, PARTS):
        yield pickle.loads((folder / f"{start}.pickle").read_bytes())[: count - start]


def _part(start: int, count: int = PARTS) -> list[Document]:
    """Return listings with a title of some twenty characters, a summary, and LENGTH characters in all.

    Each has 25 terms of the lexicon as its subjects, drawn by Zipf's law; a quarter of its words are of these.
    """
    generator = np.random.default_rng([SEED, start])
    terms, (everyday, chances) = _terms(), _everyday()
    topics = generator.choice(len(terms), size=(count, _TOPIC_TERMS), p=_zipf(len(terms), 5.0))
    words = generator.choice(everyday, size=(count, _WORDS), p=chances)
    own = terms[np.take_along_axis(topics, generator.integers(_TOPIC_TERMS, size=(count, _WORDS)), axis=1)]
    text = np.where(generator.random((count, _WORDS)) < _TOPIC_SHARE, own, words)
    numbers = generator.random((count, 4))
    return [
        Document(
            KIND,
            start + row + 1,
            title="".join(terms[topics[row, :3]]) + str(everyday[generator.integers(2_000)]),
            summary="".join(text[row, :20]),
            terms=" ".join(terms[topics[row, 3:6]]),
            body="，".join("".join(text[row, at : at + 9]) for at in range(20, _WORDS, 9))[: LENGTH - 110],
            facets=frozenset(_facets(generator)),
            numbers={
                "published": float(start + row),
                "payback_years": round(float(numbers[row, 0] * 8), 1),
                "investment_cny": float(int(numbers[row, 1] * 1e7)),
                **(
                    {"annual_saving_tce": float(int(numbers[row, 2] * 5_000))}
                    if numbers[row, 3] < 0.8
                    else {}
                ),
            },
        )
        for row in range(count)
    ]


def _facets(generator: np.random.Generator) -> Iterator[tuple[str, str]]:
    for name, number in _CHOICES.items():
        for _time in range(1 + (name in {"system", "carrier"})):
            yield name, f"{name}-{int(number * generator.random() ** 2)}"
    for _time in range(2):
        division = int(_DIVISIONS * generator.random() ** 2)
        section = chr(ord("A") + division // 5)
        code = f"{section}{division:02}"
        yield from (("industry", section), ("industry", code), ("industry", f"={code}"))
    yield "cooperation", f"cooperation-{int(4 * generator.random())}"


def everyday_words() -> list[str]:
    """Return words that are in no term's group, the more frequent first: candidates for queries."""
    words, chances = _everyday()
    known = lexicon().terms()
    order = np.argsort(-chances)[:3_000]
    return [words[place] for place in order if len(words[place]) > 1 and words[place] not in known]


def listed_queries() -> list[str]:
    """Return the queries of the quality table."""
    with (ROOT / "tests/search/queries.csv").open(encoding="utf-8", newline="") as file:
        return [row["query"] for row in csv.DictReader(file)]
