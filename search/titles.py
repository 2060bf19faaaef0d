"""Which titles have a phrase of tokens, answered from memory. Knows no Django."""

from collections.abc import Iterable, Sequence
from functools import cached_property

import numpy as np

from search.text import Phrase

_END = 0


class Titles:
    """Token numbers of all titles in a row, each title followed by an end, with the places of each token.

    Titles that came later are few and looked through one by one. `settled` is how many titles have places.
    """

    def __init__(self, vocabulary: dict[str, int], stream: np.ndarray, settled_length: int, settled: int):
        self.vocabulary, self.stream = vocabulary, stream
        self.settled_length, self.settled = settled_length, settled

    @classmethod
    def of(cls, titles: Sequence[list[str]]) -> "Titles":
        """Return the titles given as tokens.

        >>> titles = Titles.of([["余", "热"], ["热", "泵"], ["余", "热", "泵"]])
        >>> titles.rows_with(("热", "泵")).tolist()
        [1, 2]
        """
        vocabulary: dict[str, int] = {}
        numbers = []
        for title in titles:
            numbers += [vocabulary.setdefault(token, len(vocabulary) + 1) for token in title]
            numbers.append(_END)
        return cls(vocabulary, np.array(numbers, np.int32), len(numbers), len(titles))

    def with_more(self, later: "Titles") -> "Titles":
        """Return these titles and later ones after them; what was worked out for these is kept."""
        vocabulary = dict(self.vocabulary)
        translated = np.zeros(len(later.vocabulary) + 1, np.int32)
        for token, number in later.vocabulary.items():
            translated[number] = vocabulary.setdefault(token, len(vocabulary) + 1)
        stream = np.concatenate([self.stream, translated[later.stream]])
        titles = Titles(vocabulary, stream, self.settled_length, self.settled)
        titles._places = self._places
        return titles

    @cached_property
    def _places(self) -> tuple[np.ndarray, np.ndarray]:
        """Return the places of all tokens, token after token, and where each begins."""
        stream = self.stream[: self.settled_length]
        counts = np.bincount(stream, minlength=len(self.vocabulary) + 1)
        return np.argsort(stream, kind="stable").astype(np.int32), np.concatenate([[0], np.cumsum(counts)])

    @cached_property
    def _ends(self) -> np.ndarray:
        return np.flatnonzero(self.stream == _END)

    def _places_of(self, number: int) -> np.ndarray:
        places, starts = self._places
        known = places[starts[number] : starts[number + 1]] if number + 1 < len(starts) else places[:0]
        later = np.flatnonzero(self.stream[self.settled_length :] == number) + self.settled_length
        return np.concatenate([known, later]) if len(later) else known

    def rows_with(self, phrase: Phrase) -> np.ndarray:
        """Return the rows of the titles that have the phrase, perhaps more than once."""
        numbers = [self.vocabulary.get(token) for token in phrase]
        if not numbers or None in numbers:
            return np.empty(0, np.int64)
        lists = [self._places_of(number) for number in numbers]
        rarest = min(range(len(lists)), key=lambda place: len(lists[place]))
        starts = lists[rarest] - rarest
        starts = starts[(starts >= 0) & (starts + len(numbers) <= len(self.stream))]
        for place, number in enumerate(numbers):
            if place != rarest:
                starts = starts[self.stream[starts + place] == number]
        return np.searchsorted(self._ends, starts)

    def having(self, words: Iterable[Iterable[Iterable[Phrase]]]) -> np.ndarray:
        """Return for every title whether it has all words, each given as alternatives of phrases all required."""
        has_all = np.ones(len(self._ends), bool)
        for alternatives in words:
            has_one = np.zeros(len(self._ends), bool)
            for phrases in alternatives:
                has_these = np.ones(len(self._ends), bool)
                for phrase in phrases:
                    has_this = np.zeros(len(self._ends), bool)
                    has_this[self.rows_with(phrase)] = True
                    has_these &= has_this
                has_one |= has_these
            has_all &= has_one
        return has_all

    def shares(self, words: Iterable[Iterable[tuple[float, Iterable[Phrase]]]]) -> np.ndarray:
        """Return for every title the mean over words of the highest share whose phrases it has.

        A word is given as (share, phrases), the lowest share first.
        """
        total, words = np.zeros(len(self._ends)), list(words)
        for shares in words:
            one = np.zeros(len(total))
            for share, phrases in shares:
                for phrase in phrases:
                    one[self.rows_with(phrase)] = share
            total += one
        return total / max(1, len(words))
