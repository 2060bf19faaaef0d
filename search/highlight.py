"""Mark in a text what a query asked for, and cut the passage around it."""

import re
import unicodedata
from collections.abc import Sequence

from search.characters import normalise, with_places
from search.engine import Fragment
from search.text import HAN, LETTERS, Phrase, Word

_BEFORE, _EXCERPT_LENGTH = 30, 120
_BOUNDARIES = {"digit": (r"(?<!\d)", r"(?!\d)"), "letter": (rf"(?<!{LETTERS})", rf"(?!{LETTERS})")}


def pattern_of(words: Sequence[Word], *, is_equal: bool = False) -> re.Pattern | None:
    """Return a pattern that finds every phrase of the words in a normalised text, longest first.

    With `is_equal`, phrases that are only a kind of what was typed are left out.
    """
    wanted = {
        phrase for word in words for phrase in word.phrases if not (is_equal and phrase in word.narrower)
    }
    phrases = sorted(wanted, key=len, reverse=True)
    if not phrases:
        return None
    return re.compile("|".join(map(_phrase_pattern, phrases)))


def mark(text: str, pattern: re.Pattern | None) -> tuple[Fragment, ...]:
    """Split a text into fragments, those that the pattern finds marked; adding them up gives the text again."""
    fragments, end = [], 0
    for start, stop in _spans(text, pattern):
        if start > end:
            fragments.append(Fragment(text[end:start]))
        fragments.append(Fragment(text[start:stop], is_match=True))
        end = stop
    if end < len(text):
        fragments.append(Fragment(text[end:]))
    return tuple(fragments)


def lacking(words: Sequence[Word], text: str) -> tuple[str, ...]:
    """Return the words of which a text has no alternative."""
    text = normalise(text)
    return tuple(
        word.text
        for word in words
        if not any(all(_phrase(each).search(text) for each in phrases) for phrases in word.alternatives)
    )


def excerpt(text: str, words: Sequence[Word], *, beside: str = "") -> tuple[Fragment, ...]:
    """Return the passage around the first word that `beside`, shown already, does not have; empty when none is found.

    The passage stays within its line and has every word marked.
    """
    shown = normalise(beside)
    missing = [word for word in words if not pattern_of([word]).search(shown)]
    spans = _spans(text, pattern_of(missing))
    if not spans:
        return ()
    pattern, first = pattern_of(words), spans[0][0]
    line_start = text.rfind("\n", 0, first) + 1
    line_end = text.find("\n", first)
    line_end = len(text) if line_end < 0 else line_end
    start = max(line_start, first - _BEFORE)
    stop = min(line_end, start + _EXCERPT_LENGTH)
    fragments = mark(text[start:stop], pattern)
    if start > line_start:
        fragments = (Fragment("…"), *fragments)
    if stop < line_end:
        fragments = (*fragments, Fragment("…"))
    return fragments


def _phrase(phrase: Phrase) -> re.Pattern:
    return re.compile(_phrase_pattern(phrase))


def _phrase_pattern(phrase: Phrase) -> str:
    return r"[\W_]*".join(map(_token_pattern, phrase))


def _token_pattern(token: str) -> str:
    if re.match(f"[{HAN}]", token):
        return token
    before, after = _BOUNDARIES["digit" if token[0].isdigit() else "letter"]
    return before + re.escape(token) + after


def _spans(text: str, pattern: re.Pattern | None) -> list[tuple[int, int]]:
    """Return the matches as positions in the text as it was written."""
    return _merged(_found(text, pattern)) if pattern else []


def _merged(spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join matches that touch."""
    merged: list[tuple[int, int]] = []
    for start, stop in spans:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], stop)
        else:
            merged.append((start, stop))
    return merged


def _found(text: str, pattern: re.Pattern) -> list[tuple[int, int]]:
    normalised = normalise(text)
    if len(normalised) == len(text) and unicodedata.is_normalized("NFKC", text):
        return [match.span() for match in pattern.finditer(normalised)]
    plain, places = with_places(text)
    return [(places[match.start()], places[match.end() - 1] + 1) for match in pattern.finditer(plain)]
