"""Split many texts at once with arrays, to the same tokens as search.text.index_text, and find the lexicon's terms in them.

Knows no Django. Characters whose form depends on their neighbours, and those beyond 16 bits, are left to index_text.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256

import numpy as np

from search.characters import normalise
from search.lexicon import lexicon
from search.text import HAN, Phrase, index_text, tokens

_SPACE, _HAN, _DIGIT, _LETTER, _HARD = range(5)
_SIZE = 1 << 16
_LONGEST_RUN = 64
_HAN_RUN = re.compile(f"[{HAN}]+")
# Composes with what stands before or behind it, or is lowered according to it.
_DEPENDENT = re.compile("[\u1100-\u11ffΣ]")
_AT_ONCE = 500


@dataclass(frozen=True, slots=True)
class _Characters:
    """For every character of 16 bits its normal form and class; `several` finds those that become more than one."""

    forms: np.ndarray
    classes: np.ndarray
    several: re.Pattern


@cache
def _characters() -> _Characters:
    forms, classes = np.zeros(_SIZE, np.uint32), np.zeros(_SIZE, np.uint8)
    several = []
    for code in range(_SIZE):
        character = chr(code)
        form = normalise(character)
        if any(unicodedata.category(each)[0] == "M" for each in character + form) or _DEPENDENT.match(
            character
        ):
            classes[code] = _HARD
        elif len(form) > 1:
            several.append(character)
        else:
            forms[code], classes[code] = ord(form), _class_of(form)
    return _Characters(forms, classes, re.compile(f"[{re.escape(''.join(several))}]"))


def _class_of(form: str) -> int:
    if not form.isalnum():
        return _LETTER if re.fullmatch(r"[^\W\d_]", form) else _SPACE
    if _HAN_RUN.match(form):
        return _HAN
    return _DIGIT if re.fullmatch(r"\d", form) else _LETTER


class Terms:
    """The terms of the lexicon that are made of several Han characters, as a tree to walk with many texts at once."""

    def __init__(self, terms: Sequence[str]):
        self.terms = np.array([*terms, ""], dtype=object)
        letters = sorted({letter for term in terms for letter in term})
        self.width = len(letters) + 1
        self.number_of = np.zeros(_SIZE, np.int32)
        self.deepest = max(map(len, terms))
        for number, letter in enumerate(letters, start=1):
            self.number_of[ord(letter)] = number
        steps: dict[tuple[int, int], int] = {}
        term_at = {}
        for place, term in enumerate(terms):
            state = 0
            for letter in term:
                step = (state, int(self.number_of[ord(letter)]))
                state = steps.setdefault(step, len(steps) + 1)
            term_at[state] = place
        self.term_at = np.full(len(steps) + 1, -1, np.int64)
        self.term_at[list(term_at)] = list(term_at.values())
        keys = np.array([state * self.width + number for state, number in steps], np.int64)
        self.pairs = np.zeros(self.width**2, np.int32)
        for (state, number), after in steps.items():
            for (second_state, second), state_after in steps.items() if state == 0 else ():
                if second_state == after:
                    self.pairs[number * self.width + second] = state_after
        self.goes_on = np.zeros(len(steps) + 1, bool)
        self.goes_on[[state for state, _number in steps]] = True
        order = np.argsort(keys)
        self.keys, self.states = keys[order], np.array(list(steps.values()), np.int64)[order]

    def find(self, letters: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Return where terms begin in a row of characters (0 for a break) and which, from left to right."""
        numbers = np.concatenate([self.number_of[letters], np.zeros(self.deepest, np.int32)])
        # Most places are settled by their first two letters.
        states = self.pairs[numbers[: len(letters)] * self.width + numbers[1 : len(letters) + 1]]
        places = np.flatnonzero(states)
        states = states[places]
        starts, found = [], []
        for depth in range(2, self.deepest + 1):
            ends = self.term_at[states]
            starts.append(places[ends >= 0])
            found.append(ends[ends >= 0])
            goes_on = self.goes_on[states]
            places, states = places[goes_on], states[goes_on]
            wanted = states.astype(np.int64) * self.width + numbers[places + depth]
            at = np.minimum(np.searchsorted(self.keys, wanted), len(self.keys) - 1)
            is_known = self.keys[at] == wanted
            places, states = places[is_known], self.states[at[is_known]]
        starts, found = np.concatenate(starts), np.concatenate(found)
        order = np.argsort(starts, kind="stable")
        return starts[order], found[order]


@cache
def known_terms() -> frozenset[Phrase]:
    """Return the terms that are indexed as tokens of their own: of two Han characters or more."""
    phrases = map(tuple, map(tokens, lexicon().terms()))
    return frozenset(
        phrase
        for phrase in phrases
        if len(phrase) > 1 and all(len(token) == 1 and "\u3400" <= token < "\uffff" for token in phrase)
    )


@cache
def vocabulary() -> str:
    """Return a digest of the terms that are indexed as tokens of their own."""
    return sha256(" ".join(sorted(map("".join, known_terms()))).encode()).hexdigest()[:8]


@cache
def _terms() -> Terms:
    return Terms(sorted(map("".join, known_terms())))


def split(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Yield for each text what index_text returns, and the lexicon's terms in it, also within others, as often as they stand there.

    >>> list(split(["空压机 LED，80℃", ""]))
    [('空 压 机 led 80 c', '空压机'), ('', '')]
    """
    for start in range(0, len(texts), _AT_ONCE):
        yield from _split(texts[start : start + _AT_ONCE])


def _split(texts: Sequence[str]) -> Iterator[tuple[str, str]]:
    table = _characters()
    plain = [table.several.sub(lambda found: normalise(found[0]), text) for text in texts]
    joined = "\0".join(plain) + "\0"
    codes = np.frombuffer(joined.encode("utf-32-le", "surrogatepass"), np.uint32)
    is_wide = codes >= _SIZE
    codes = np.where(is_wide, 0, codes)
    classes = table.classes[codes]
    ends = np.cumsum([len(text) + 1 for text in plain]) - 1
    is_hard = np.zeros(len(texts), bool)
    is_hard[np.searchsorted(ends, np.flatnonzero(is_wide | (classes == _HARD)))] = True
    is_kept = (classes > _SPACE) & (classes < _HARD)
    is_first = is_kept & ((classes == _HAN) | (classes != np.concatenate([[_SPACE], classes[:-1]])))
    edges = np.flatnonzero(is_first | ~is_kept)
    is_hard[np.searchsorted(ends, edges[:-1][np.diff(edges) > _LONGEST_RUN])] = True
    # A space before each token; the first of a text is cut off again.
    places = np.cumsum(is_kept.astype(np.int64) + is_first)
    split_codes = np.full(int(places[-1]), ord(" "), np.uint32)
    split_codes[places[is_kept] - 1] = table.forms[codes[is_kept]]
    together = split_codes.tobytes().decode("utf-32-le")
    stops = places[ends]
    found = _terms_in(table.forms[codes], classes, ends)
    begin = 0
    for text, stop, hard, terms in zip(texts, stops.tolist(), is_hard.tolist(), found, strict=True):
        if hard:
            plain_text = index_text(text)
            yield plain_text, _slowly(plain_text)
        else:
            yield together[begin:stop][1:], terms
        begin = stop


def _terms_in(forms: np.ndarray, classes: np.ndarray, ends: np.ndarray) -> list[str]:
    """Return the terms of each text; what is no letter does not part them, as it does not part tokens."""
    is_break = np.zeros(len(classes), bool)
    is_break[ends] = True
    is_used = (classes > _SPACE) | is_break
    letters = np.where((classes == _HAN) & (forms < _SIZE), forms, 0)[is_used]
    starts, terms = _terms().find(letters)
    text_ends = np.cumsum(is_used)[ends]
    bounds = np.concatenate([[0], np.searchsorted(starts, text_ends)]).tolist()
    words = _terms().terms[terms].tolist()
    return [" ".join(words[first:last]) for first, last in zip(bounds, bounds[1:], strict=False)]


def _slowly(split_text: str) -> str:
    runs = re.findall(r"(?:(?<= )|^)[^ ](?: [^ ](?= |$))+", split_text)
    return " ".join(_terms_of_run(run.replace(" ", "")) for run in runs).strip()


def _terms_of_run(run: str) -> str:
    letters = np.array([ord(each) if ord(each) < _SIZE else 0 for each in run], np.int64)
    return " ".join(_terms().terms[_terms().find(letters)[1]].tolist())
