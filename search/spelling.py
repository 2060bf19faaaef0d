"""What a query may have been meant to say: pinyin read as Chinese, slips of Chinese and Latin words put right.

A query is covered with words of the vocabulary at the least cost; every word costs something, less when it is
common, and more the less what was typed looks and sounds like it. Knows no Django.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from heapq import nsmallest
from itertools import product

import rjieba

from search.characters import normalise
from search.pinyin import careless, difference, readings
from search.text import EMPTY, HAN, LONGEST_QUERY
from search.vocabulary import LONGEST_TERM, Vocabulary

MOST_READINGS = 3
_LONGEST_LETTERS, _LONGEST_RUN, _LONGEST_SPELLING = 60, 40, 36
# Letters that stand alone; those at a digit or a slash belong to a unit.
_SPAN = re.compile(
    rf"(?P<latin>(?<![\d°/.a-zü])[a-zü]++(?![\d/])(?:[' ]++[a-zü]++(?![\d/]))*+)|(?P<han>[{HAN}]+)"
)
_ALPHABET = "abcdefghijklmnopqrstuvwxyz"

_WORD, _CHARACTER, _KEPT_LETTERS, _MERIT = 1.0, 2.0, 6.0, 0.12
# A word of the language that no listing has: in a sentence it is meant so, alone it is rather a slip.
_DICTIONARY_WORD, _DICTIONARY_WORD_ALONE, _SENTENCE = 1.5, 2.4, 5
_INITIALS, _UNFINISHED, _CARELESS, _SLIP, _MIXED = 3.0, 2.5, 1.8, 2.0, 3.5
_SOUND_ALIKE, _SWAP, _ADDED, _DROPPED, _STRANGE = 1.2, 1.5, 1.6, 2.0, 2.2


@dataclass(frozen=True, slots=True)
class Reading:
    """A query as it may have been meant; `changes` are what was typed and what it is read as, in order."""

    text: str
    changes: tuple[tuple[str, str], ...]
    cost: float

    @property
    def is_pinyin(self) -> bool:
        """Whether letters were read as Chinese and nothing else changed."""
        return all(typed.isascii() and not read.isascii() for typed, read in self.changes)


# A cover of a piece of text: what it costs and, for each part, what was typed and what it is read as.
_Cover = tuple[float, tuple[tuple[str, str], ...]]
_Edge = tuple[int, float, str]


def meant(text: str, vocabulary: Vocabulary) -> list[Reading]:
    """Return what is likelier to be meant by a query than what it says, the likeliest first, at most three readings.

    >>> from search.lexicon import Lexicon
    >>> from search.vocabulary import Passages
    >>> vocabulary = Vocabulary.of([Passages("空压机余热"), Passages("Inverter")], Lexicon())
    >>> [meant(text, vocabulary)[0].text for text in ("kyj 余热", "空压鸡yure", "invertor")]
    ['空压机余热', '空压机余热', 'inverter']
    >>> meant("余热", vocabulary)
    []
    """
    text = normalise(text[:LONGEST_QUERY])
    covers: list[_Cover] = [(0.0, ())]
    end = 0
    for match in _SPAN.finditer(text):
        cover = _letters(match[0], vocabulary) if match["latin"] else _characters(match[0], vocabulary)
        between = [(0.0, ((text[end : match.start()],) * 2,))]
        covers = _joined(_joined(covers, between), cover)
        end = match.end()
    found: dict[str, Reading] = {}
    for cost, parts in _joined(covers, [(0.0, ((text[end:],) * 2,))]):
        stripped = ((typed.strip(), read.strip()) for typed, read in parts)
        changes = tuple((typed, read) for typed, read in stripped if typed != read)
        if not changes:
            break
        reading = Reading(_written(parts), changes, cost)
        found.setdefault(reading.text, reading)
    return list(found.values())


def _joined(before: list[_Cover], after: list[_Cover]) -> list[_Cover]:
    both = [(one + other, first + second) for (one, first), (other, second) in product(before, after)]
    return nsmallest(MOST_READINGS, both)


def _written(parts: tuple[tuple[str, str], ...]) -> str:
    """Return the parts as one text; a space stays only beside letters and digits."""
    text = " ".join("".join(read for _typed, read in parts).split())
    return re.sub(rf"(?<=[{HAN}]) (?=[{HAN}])", "", text)


def _covered(length: int, edges: Callable[[int], Iterator[_Edge]], text: str) -> list[_Cover]:
    """Return the cheapest covers of a text, given the edges that begin at a place: end, cost, what is read."""
    best: list[list[_Cover]] = [[] for _place in range(length + 1)]
    best[0] = [(0.0, ())]
    for start in range(length):
        if not best[start]:
            continue
        for stop, cost, read in edges(start):
            part = ((text[start:stop], read),)
            best[stop] = nsmallest(
                MOST_READINGS, best[stop] + [(before + cost, parts + part) for before, parts in best[start]]
            )
    return best[length]


def _letters(span: str, vocabulary: Vocabulary) -> list[_Cover]:
    """Return the covers of Latin words by themselves, by Chinese words that are spelled so, and by like ones."""
    words = span.replace("ü", "v").replace("'", " ").split()
    covers: list[_Cover] = [(0.0, (("", " " * span.startswith(" ")),))]
    unknown: list[str] = []
    for word in (*words, ""):
        if word and word not in vocabulary.latin:
            unknown.append(word)
            continue
        if unknown:
            covers = _joined(covers, _spelled(unknown, vocabulary))
            unknown = []
        if word:
            covers = _joined(covers, [(_WORD, ((f" {word} ", f" {word} "),))])
    return covers


def _spelled(pieces: list[str], vocabulary: Vocabulary) -> list[_Cover]:
    """Return the covers of letters that stand for no Latin word of the index."""
    letters = "".join(pieces)[:_LONGEST_LETTERS]
    ends = {}
    place = 0
    for word in pieces:
        ends[place] = place + len(word)
        place += len(word)

    def edges(start: int) -> Iterator[_Edge]:
        for stop in range(start + 2, min(len(letters), start + _LONGEST_SPELLING) + 1):
            part = letters[start:stop]
            for price, words in (
                (_WORD, vocabulary.by_letters.get(part, ())),
                (_CARELESS, vocabulary.by_careless.get(careless(part), ())),
                (_INITIALS, vocabulary.by_initials.get(part, ())),
            ):
                for word in words[:MOST_READINGS]:
                    yield stop, price - _MERIT * vocabulary.merit(word), word
        rest = letters[start:]
        if 3 <= len(rest) <= _LONGEST_SPELLING:
            for word in unfinished(rest, vocabulary):
                yield len(letters), _UNFINISHED - _MERIT * vocabulary.merit(word), word
        if (stop := ends.get(start)) and stop <= len(letters):
            word = letters[start:stop]
            yield stop, _KEPT_LETTERS, f" {word} "
            yield from ((stop, price, read) for price, read in _slips(word, vocabulary))

    return [
        (cost, tuple((typed, f" {typed} " if read.strip() == typed else read) for typed, read in parts))
        for cost, parts in _covered(len(letters), edges, letters)
    ]


def unfinished(letters: str, vocabulary: Vocabulary, *, most: int = MOST_READINGS) -> list[str]:
    """Return the words whose spelling goes on after these letters, the commonest first."""
    keys = vocabulary.sorted_letters
    words: dict[str, None] = {}
    for place in range(bisect_left(keys, letters), min(len(keys), bisect_left(keys, letters) + 200)):
        if not keys[place].startswith(letters):
            break
        words.update(dict.fromkeys(vocabulary.by_letters[keys[place]]))
    return nsmallest(most, words, key=lambda word: -vocabulary.merit(word))


def _slips(word: str, vocabulary: Vocabulary) -> Iterator[tuple[float, str]]:
    """Yield what a run of letters is one slip away from: a Latin word, or the spelling of a Chinese one."""
    if len(word) < 4:
        return
    near = one_away(word)
    for other in nsmallest(MOST_READINGS, near & vocabulary.latin, key=lambda each: -vocabulary.merit(each)):
        yield _WORD + _SLIP - _MERIT * vocabulary.merit(other), other
    if len(word) > 4:
        words = {
            each
            for letters in near
            if letters in vocabulary.by_letters
            for each in vocabulary.by_letters[letters]
        }
        for other in nsmallest(MOST_READINGS, words, key=lambda each: -vocabulary.merit(each)):
            yield _WORD + _SLIP - _MERIT * vocabulary.merit(other), other


def one_away(word: str) -> set[str]:
    """Return every run of letters that is one letter more, less, other or swapped.

    >>> {"pump", "ump", "puump"} & one_away("upmp") == {"pump", "ump"}
    True
    """
    cuts = [(word[:place], word[place:]) for place in range(len(word) + 1)]
    changed = {head + tail[1:] for head, tail in cuts if tail}
    changed.update(head + tail[1] + tail[0] + tail[2:] for head, tail in cuts if len(tail) > 1)
    for letter in _ALPHABET:
        changed.update(head + letter + tail[1:] for head, tail in cuts if tail)
        changed.update(head + letter + tail for head, tail in cuts)
    return changed - {word}


def _characters(run: str, vocabulary: Vocabulary) -> list[_Cover]:
    """Return the covers of Chinese characters by words as typed and by words that are nearly so."""
    if len(run) > _LONGEST_RUN:
        return [(0.0, ((run, run),))]
    dictionary_word = _DICTIONARY_WORD if len(run) >= _SENTENCE else _DICTIONARY_WORD_ALONE

    def edges(start: int) -> Iterator[_Edge]:
        character = run[start]
        yield start + 1, _WORD if character in EMPTY else _CHARACTER, character
        for stop in range(start + 2, min(len(run), start + LONGEST_TERM + 1) + 1):
            part = run[start:stop]
            if part in vocabulary:
                yield stop, _WORD - _MERIT * vocabulary.merit(part), part
                continue
            if part in EMPTY or rjieba.has_word(part):
                yield stop, dictionary_word, part
            for price, word in _nearly(part, vocabulary):
                yield stop, _WORD + price - _MERIT * vocabulary.merit(word), word

    return _covered(len(run), edges, run)


def _nearly(part: str, vocabulary: Vocabulary) -> Iterator[tuple[float, str]]:
    """Yield the words that a part may be a slip of, with what the slip costs."""
    seen = set()
    for spelling in product(*map(readings, part)) if len(part) <= 6 else ():
        for word in vocabulary.by_sound.get("'".join(spelling), ()):
            if word not in seen:
                seen.add(word)
                yield _SOUND_ALIKE, word
    for place, character in enumerate(part):
        gap = f"{part[:place]}?{part[place + 1 :]}"
        for word in vocabulary.with_gap.get(gap, ()):
            unlike = difference(character, word[place])
            if unlike < 1:
                yield _SOUND_ALIKE + unlike, word
            elif len(part) >= 4:
                yield _STRANGE, word
        if len(part) >= 4 and (shorter := part[:place] + part[place + 1 :]) in vocabulary:
            is_repeated = character in part[max(0, place - 1) : place] + part[place + 1 : place + 2]
            yield (_SOUND_ALIKE if is_repeated else _ADDED), shorter
        swapped = part[:place] + part[place : place + 2][::-1] + part[place + 2 :]
        if len(part) >= 3 and swapped != part and swapped in vocabulary:
            yield _SWAP, swapped
    if len(part) >= 3:
        for word in vocabulary.shortened.get(part, ()):
            yield _DROPPED, word
