"""The words that a search can lead to: those of the listings that every visitor may see, and the lexicon's.

From them a query in pinyin is read and a slip corrected. Knows no Django; what is passed in is public.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from math import log1p

import rjieba

from search.characters import normalise
from search.lexicon import Lexicon
from search.pinyin import careless, spellings
from search.text import EMPTY, HAN

MOST_TERMS = 30_000
LONGEST_TERM = 10
_RUN = re.compile(rf"[{HAN}]+|[a-z]{{2,30}}")
_LEXICON_WEIGHT, _TITLE_WEIGHT = 0.5, 3
_MOST_JOINED = 3


@dataclass(frozen=True, slots=True)
class Passages:
    """The public texts of one listing; `terms` are names of systems, industries, carriers and owners."""

    title: str
    summary: str = ""
    terms: str = ""


class Vocabulary:
    """Words with their weights, and what finds them by sound, by first letters and with one character wrong."""

    def __init__(self, weights: Mapping[str, float]):
        commonest = sorted(weights.items(), key=lambda item: (-item[1], item[0]))[:MOST_TERMS]
        self.weights = dict(commonest)

    @classmethod
    def of(cls, passages: Iterable[Passages], lexicon: Lexicon) -> "Vocabulary":
        """Return the vocabulary of listings; words of titles weigh more than those of summaries and names.

        >>> vocabulary = Vocabulary.of([Passages("空压机余热回收")], Lexicon.read(["空压机, 空气压缩机"]))
        >>> vocabulary.by_sound["yu're"], vocabulary.by_initials["kyj"], "空压机余热" in vocabulary.weights
        (['余热'], ['空压机'], True)
        """
        weights: Counter[str] = Counter(dict.fromkeys(lexicon.terms(), _LEXICON_WEIGHT))
        for passage in passages:
            for word in _words(passage.title, lexicon, joined=_MOST_JOINED):
                weights[word] += _TITLE_WEIGHT
            for text in (passage.summary, passage.terms):
                for word in _words(text, lexicon, joined=1):
                    weights[word] += 1
        return cls(weights)

    def __contains__(self, word: str) -> bool:
        return word in self.weights

    def merit(self, word: str) -> float:
        """Return how common a word is, 0 for an unknown one, growing slowly."""
        return log1p(self.weights.get(word, 0.0))

    @cached_property
    def han(self) -> list[str]:
        """Return the Chinese words, the commonest first."""
        return [word for word in self.weights if re.fullmatch(rf"[{HAN}]{{2,{LONGEST_TERM}}}", word)]

    @cached_property
    def latin(self) -> frozenset[str]:
        """Return the single Latin words."""
        return frozenset(
            part for word in self.weights for part in word.split() if part.isascii() and part.isalpha()
        )

    @cached_property
    def _spelled(self) -> dict[str, list[tuple[str, ...]]]:
        return {word: list(spellings(word)) for word in self.han}

    @cached_property
    def by_sound(self) -> dict[str, list[str]]:
        """Return the words by their syllables with ' between, the commonest first."""
        return self._indexed("'".join)

    @cached_property
    def by_letters(self) -> dict[str, list[str]]:
        """Return the words by their syllables written together."""
        return self._indexed("".join)

    @cached_property
    def by_careless(self) -> dict[str, list[str]]:
        """Return the words by their syllables as search.pinyin.careless writes them."""
        return self._indexed(lambda spelling: careless("".join(spelling)))

    @cached_property
    def by_initials(self) -> dict[str, list[str]]:
        """Return the words by the first letters of their syllables."""
        return self._indexed(lambda spelling: "".join(syllable[0] for syllable in spelling))

    @cached_property
    def sorted_letters(self) -> list[str]:
        """Return the keys of `by_letters` in order, to look up what an unfinished word may become."""
        return sorted(self.by_letters)

    @cached_property
    def with_gap(self) -> dict[str, list[str]]:
        """Return the words by what is left when one character is covered by ?."""
        found = defaultdict(list)
        for word in self.han:
            for place in range(len(word)):
                found[f"{word[:place]}?{word[place + 1 :]}"].append(word)
        return found

    @cached_property
    def shortened(self) -> dict[str, list[str]]:
        """Return the words of four characters and more by what is left without one of them."""
        found = defaultdict(list)
        for word in self.han:
            if len(word) >= 4:
                for shorter in {word[:place] + word[place + 1 :] for place in range(len(word))}:
                    found[shorter].append(word)
        return found

    def _indexed(self, key) -> dict[str, list[str]]:
        found: dict[str, list[str]] = defaultdict(list)
        for word, spelled in self._spelled.items():
            for each in dict.fromkeys(map(key, spelled)):
                found[each].append(word)
        return dict(found)


def _words(text: str, lexicon: Lexicon, *, joined: int) -> Iterator[str]:
    """Yield the words of a text, the terms of the lexicon in it, and up to `joined` neighbouring words as one."""
    text = normalise(text)
    seen = set()
    for match in _RUN.finditer(text):
        run = match[0]
        if run.isascii():
            yield run
            continue
        words = rjieba.cut(run)
        for start in range(len(words)):
            for stop in range(start + 1, min(len(words), start + joined) + 1):
                word = "".join(words[start:stop])
                is_loose = words[start] in EMPTY or words[stop - 1] in EMPTY
                if 2 <= len(word) <= LONGEST_TERM and not (is_loose and stop - start > 1):
                    seen.add(word)
    seen.update(found.term for found in lexicon.find(text) if len(found.term) > 1)
    yield from sorted(seen)
