"""Which words of a need stand in a technology as well: whole words of real sense, joined where they are neighbours."""

import re
import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path

import rjieba

from matching.engine.text import GENERIC_WORDS
from search.lexicon import lexicon

_WORDS = Path(__file__).parent / "data" / "quoting.txt"
_CLAUSE = re.compile(r"[^\W\d_]+(?:[-/][^\W\d_]+)*")
_BLANKS = re.compile(r"(?<=[^\x00-\x7f])\s+(?=[^\x00-\x7f])")
# Words that join others without a sense of their own: no quotation runs across them.
_JOINTS = frozenset(
    "的了和与及或在是等将把对为以其由从到按并且不就都而则向于该此各每可能应须需使被所且又也很更较太最"
)
# What a thing is called in the end, one character long: part of the word before it.
_HEADS = frozenset("炉泵机器阀塔罐窑釜管箱站阵池膜板灯厂网房")
# Kinds of word, as rjieba marks them, that may name a thing.
_NOUNS = frozenset(["n", "nz", "nr", "nrt", "nrfg", "l", "x"])
# The dictionary's rarest words of two characters are mostly chance pairs.
_RAREST = {2: 5}

KEPT_TECHNOLOGIES = 30_000
"""Texts of technologies that stay cut into words, 2 to 5 kB each: one is compared with the needs of a whole night."""
KEPT_NEEDS = 256

Clause = tuple[str, ...]


def shared_phrases(need: str, technology: str, limit: int = 6) -> list[str]:
    """Return what a need and a technology both say, in whole words, longest first.

    Both texts are normalised. Neighbouring words that are neighbours in the technology as well make one
    phrase. A phrase begins with a word that names something, or with what narrows it, and ends with one or
    with a head noun of one character; numbers, units, everyday words and pieces that no dictionary knows
    are never quoted alone.

    Examples
    --------
    >>> shared_phrases("空压机余热回收用于洗浴热水", "空压机余热回收系统")
    ['空压机余热回收']
    >>> shared_phrases("循环冷却水", "有机朗肯循环"), shared_phrases("电机变频", "海上风电机组变频")
    ([], ['变频'])
    """
    mine, theirs = _need(need), _technology(technology)
    places: dict[str, list[int]] = {}
    for place, word in enumerate(theirs):
        if word in mine.words:
            places.setdefault(word, []).append(place)
    numbers = {number for word in places if word in mine.telling for number in mine.telling[word]}
    found: dict[str, None] = {}
    for number in sorted(numbers):
        clause, start = mine.clauses[number], 0
        while start < len(clause):
            length = 0
            for place in places.get(clause[start], ()):
                length = max(length, _common(clause, start, theirs, place))
            if length:
                found.update(dict.fromkeys(_trimmed(clause[start : start + length])))
            start += max(length, 1)
    if len(found) < 2:
        return list(found)
    longest_first = sorted(found, key=len, reverse=True)
    kept: list[str] = []
    for phrase in longest_first:
        if not any(phrase in other for other in kept):
            kept.append(phrase)
    return kept[:limit]


def telling_words(text: str) -> list[str]:
    """Return the words of normalised text that name something, each once, in order.

    Examples
    --------
    >>> telling_words("空压机余热回收技术与空压机")
    ['空压机', '余热', '回收']
    """
    words = (word for clause in _clauses(text) for word in clause)
    return list(dict.fromkeys(word for word in words if is_telling(word)))


@lru_cache(maxsize=8192)
def is_telling(word: str) -> bool:
    """Tell whether a word of normalised text names something: a known noun or process, and no everyday word.

    Examples
    --------
    >>> [is_telling(word) for word in ("余热", "沸热", "技术", "炉", "led", "kwh", "永磁电机")]
    [True, False, False, False, True, False, True]
    """
    lists = _word_lists()
    if len(word) < 2 or word in GENERIC_WORDS or word in lists["plain"] or word in lists["latin"]:
        return False
    if word.isascii() or word in lists["actions"] or word in _lexicon_terms():
        return True
    is_known = rjieba.has_word(word) and rjieba.suggest_freq(word) >= _RAREST.get(len(word), 0)
    return is_known and rjieba.tag(word)[0][1] in _NOUNS


def _common(mine: Clause, start: int, theirs: tuple[str | None, ...], place: int) -> int:
    """Return how many words from the two places on are the same."""
    length = 0
    longest = min(len(mine) - start, len(theirs) - place)
    while length < longest and mine[start + length] == theirs[place + length] not in _JOINTS:
        length += 1
    return length


@lru_cache(maxsize=8192)
def _trimmed(words: Clause) -> tuple[str, ...]:
    """Return the phrase between the first and the last word that names something, if there is one."""
    telling = [place for place, word in enumerate(words) if is_telling(word)]
    if not telling:
        return ()
    first, last = telling[0], telling[-1]
    if last + 1 < len(words) and words[last + 1] in _HEADS:
        last += 1
    if first and words[first - 1] in _word_lists()["modifiers"]:
        first -= 1
    joined = words[first : last + 1]
    return (" ".join(joined) if all(word.isascii() for word in joined) else "".join(joined),)


@dataclass(frozen=True, slots=True)
class _Need:
    """A need's words by clause, all of them, and the clauses that each word that names something stands in."""

    clauses: tuple[Clause, ...]
    words: frozenset[str]
    telling: Mapping[str, list[int]]


@lru_cache(maxsize=KEPT_NEEDS)
def _need(text: str) -> _Need:
    clauses = _clauses(text)
    telling: dict[str, list[int]] = {}
    for number, clause in enumerate(clauses):
        for word in filter(is_telling, clause):
            telling.setdefault(word, []).append(number)
    return _Need(clauses, frozenset(word for clause in clauses for word in clause), telling)


@lru_cache(maxsize=KEPT_TECHNOLOGIES)
def _technology(text: str) -> tuple[str | None, ...]:
    """Return the words of a text in order, None between two clauses."""
    return tuple(word for clause in _clauses(text) for word in (*clause, None))


def _clauses(text: str) -> tuple[Clause, ...]:
    """Return the words between punctuation and numbers."""
    joined = _BLANKS.sub("", text)
    return tuple(tuple(map(sys.intern, _cut(clause))) for clause in _CLAUSE.findall(joined))


def _cut(clause: str) -> Iterator[str]:
    """Yield the words of a clause; a term of the lexicon stays whole unless it is made of telling words."""
    end = 0
    for term in lexicon().find(clause):
        if _stays_whole(term.term):
            yield from rjieba.cut(clause[end : term.start])
            yield term.term
            end = term.stop
    yield from rjieba.cut(clause[end:])


@cache
def _stays_whole(term: str) -> bool:
    parts = rjieba.cut(term)
    return len(parts) > 1 and not all(
        is_telling(part) or part in _word_lists()["modifiers"] for part in parts
    )


@cache
def _lexicon_terms() -> frozenset[str]:
    return lexicon().terms()


@cache
def _word_lists() -> dict[str, frozenset[str]]:
    lists: dict[str, list[str]] = {}
    for line in _WORDS.read_text(encoding="utf-8").splitlines():
        line = line.split("#")[0].strip()
        if line.startswith("["):
            words = lists.setdefault(line.strip("[]"), [])
        elif line:
            words += line.split()
    return {name: frozenset(words) for name, words in lists.items()}
