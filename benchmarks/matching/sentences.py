"""Invented sentences of real words of the field, for what depends on words: cutting, reasons, stored lists."""

import random
from functools import cache

import numpy as np

from benchmarks.matching.corpora import SEED
from matching.engine.text import GENERIC_WORDS
from search.lexicon import lexicon


@cache
def _vocabulary() -> tuple[list[str], np.ndarray]:
    words = sorted(lexicon().terms()) + sorted(GENERIC_WORDS)
    random.Random(SEED).shuffle(words)
    chances = 1 / (np.arange(len(words)) + 2.7)
    return words, chances / chances.sum()


def sentences(count: int, words: int, seed: int) -> list[str]:
    """Return texts of terms of energy technology and everyday words, frequent and rare ones by Zipf's law."""
    vocabulary, chances = _vocabulary()
    chosen = np.random.default_rng(seed).choice(len(vocabulary), size=(count, words), p=chances)
    return ["".join(vocabulary[each] for each in line) for line in chosen]


def passages(count: int, length: int, seed: int) -> list[str]:
    """Return texts of several sentences of six words."""
    lines = sentences(count * length, 6, seed)
    return ["。".join(lines[start : start + length]) for start in range(0, len(lines), length)]
