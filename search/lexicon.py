"""The words of energy technology: what means the same, and what is a kind of what.

Two tables in one format, one loader, for search and matcher alike; this module knows nothing of Django.

A line is a group of terms separated by commas, each standing for all (`synonyms.txt`), or `broader > narrower,
narrower` (`hypernyms.txt`), which is followed downwards only: who looks for 压缩机 is glad of 空压机, not the reverse.
`#` starts a comment.
"""

import string
import unicodedata
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from operator import add
from pathlib import Path

DATA = Path(__file__).parent / "data"
TABLES = ("synonyms.txt", "hypernyms.txt")
_PREFIX = 2
_LATIN = frozenset(string.ascii_lowercase + string.digits)


class LexiconError(ValueError):
    """A line of a table breaks a rule; the text names line and cure."""


@dataclass(frozen=True, slots=True)
class Found:
    """A term of the lexicon in a text: as it stands there, where, and the word that stands for its group."""

    term: str
    start: int
    stop: int
    concept: str


@dataclass(frozen=True)
class Lexicon:
    """Groups of equal terms and what is narrower than what; terms are normalised.

    `groups` maps every term of a group to the whole group, first the word that stands for it. `narrower` maps a
    concept to the concepts directly below it.
    """

    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    narrower: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @classmethod
    def read(cls, lines: Iterable[str]) -> "Lexicon":
        """Read a table.

        Raises LexiconError for a group of one, a term of one character, a term in two groups, a term that is not
        normalised, or a circle of broader and narrower terms.

        >>> table = Lexicon.read(["空压机, 空气压缩机", "压缩机 > 空压机  # a kind"])
        >>> table.canonical("空气压缩机"), table.synonyms("空压机"), table.below("压缩机")
        ('空压机', ('空气压缩机',), ('空压机', '空气压缩机'))
        """
        groups: dict[str, tuple[str, ...]] = {}
        pairs = []
        for number, line in enumerate(lines, start=1):
            line = line.split("#")[0].strip()
            if not line:
                continue
            left, arrow, right = line.partition(">")
            heads, others = _terms(left, number), _terms(right, number) if arrow else ()
            if arrow:
                pairs += [(head, other) for head in heads for other in others]
                continue
            if len(heads) < 2:
                raise LexiconError(f"line {number}: a group of one term says nothing: {line}")
            for term in heads:
                if term in groups:
                    raise LexiconError(f"line {number}: {term} stands in two groups")
                groups[term] = heads
        narrower: dict[str, list[str]] = defaultdict(list)
        for head, other in pairs:
            broad, narrow = (groups.get(term, (term,))[0] for term in (head, other))
            if broad == narrow:
                raise LexiconError(f"{head} > {other}: these are synonyms")
            if narrow not in narrower[broad]:
                narrower[broad].append(narrow)
        lexicon = cls(groups, {term: tuple(below) for term, below in narrower.items()})
        lexicon._refuse_circles()
        return lexicon

    def canonical(self, term: str) -> str:
        """Return the word that stands for a term's group; a term without synonyms stands for itself."""
        return self.groups.get(term, (term,))[0]

    def synonyms(self, term: str) -> tuple[str, ...]:
        """Return the other terms of the group."""
        return tuple(other for other in self.groups.get(term, ()) if other != term)

    def group(self, concept: str) -> tuple[str, ...]:
        """Return all terms of a concept, itself first."""
        return self.groups.get(concept, (concept,))

    def concepts_below(self, concept: str) -> tuple[str, ...]:
        """Return every narrower concept, nearest first."""
        found: dict[str, None] = {}
        level = list(self.narrower.get(concept, ()))
        while level:
            found.update(dict.fromkeys(level))
            level = [each for term in level for each in self.narrower.get(term, ()) if each not in found]
        return tuple(found)

    def below(self, term: str) -> tuple[str, ...]:
        """Return every term narrower than a term, with synonyms, nearest first."""
        concepts = self.concepts_below(self.canonical(term))
        return tuple(each for concept in concepts for each in self.group(concept))

    def terms(self) -> frozenset[str]:
        """Return every term of both tables."""
        narrower = {each for below in self.narrower.values() for each in below}
        return frozenset(self.groups) | frozenset(self.narrower) | narrower

    def find(self, text: str) -> Iterator[Found]:
        """Yield the terms in a normalised text from left to right, the longest at each place, without overlap.

        Latin terms stand alone: `orc` is not found in `force`.

        >>> [found.term for found in lexicon().find("空气压缩机的余热接orc, force")]
        ['空气压缩机', '余热', 'orc']
        """
        starts, position = _starts(self), 0
        # Most places begin no term: they are passed over in one go.
        for place in [place for place, pair in enumerate(map(add, text, text[1:])) if pair in starts]:
            if place < position:
                continue
            for term in starts[text[place : place + _PREFIX]]:
                stop = place + len(term)
                if text.startswith(term, place) and _stands_alone(text, place, stop):
                    yield Found(term, place, stop, self.canonical(term))
                    position = stop
                    break

    def __hash__(self) -> int:
        return id(self)

    def _refuse_circles(self) -> None:
        for concept in self.narrower:
            if concept in self.concepts_below(concept):
                raise LexiconError(f"{concept} is narrower than itself")


def _terms(text: str, number: int) -> tuple[str, ...]:
    terms = tuple(term.strip() for term in text.split(","))
    for term in terms:
        if unicodedata.normalize("NFKC", term) != term or "  " in term:
            raise LexiconError(f"line {number}: write {unicodedata.normalize('NFKC', term)} for {term}")
        if len(term) < 2:
            raise LexiconError(f"line {number}: a term needs two characters at least: {term or text}")
    normalised = tuple(term.lower() for term in terms)
    if len(set(normalised)) < len(normalised):
        raise LexiconError(f"line {number}: a term stands twice in one line")
    return normalised


def _stands_alone(text: str, start: int, stop: int) -> bool:
    """Tell whether Latin letters or digits at the ends of a passage are not part of a longer run."""
    if start > 0 and text[start] in _LATIN and text[start - 1] in _LATIN:
        return False
    return not (stop < len(text) and text[stop - 1] in _LATIN and text[stop] in _LATIN)


@cache
def _starts(table: Lexicon) -> dict[str, tuple[str, ...]]:
    starts: dict[str, list[str]] = defaultdict(list)
    for term in table.terms():
        starts[term[:_PREFIX]].append(term)
    return {
        start: tuple(sorted(terms, key=lambda term: (-len(term), term))) for start, terms in starts.items()
    }


@cache
def lexicon() -> Lexicon:
    """Return the lexicon of both tables, read once for each process."""
    lines = [line for name in TABLES for line in (DATA / name).read_text(encoding="utf-8").splitlines()]
    return Lexicon.read(lines)
