"""What a query asks for, read from its text: words, and what is not wanted. Knows nothing of Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from search.amounts import AskedAmount, asked_amounts
from search.characters import normalise
from search.negation import Exclusion, exclusions
from search.text import LONGEST_QUERY, Word, pieces, words_of

_OF = "的"  # data: between what is not wanted and what is


@dataclass(frozen=True, slots=True)
class Attempt:
    """One way to read a query: listings with all the words, or any, and values in every range asked for."""

    words: tuple[Word, ...]
    amounts: tuple[AskedAmount, ...] = ()
    is_any: bool = False

    @property
    def has_score(self) -> bool:
        """Whether some listings answer better than others."""
        return bool(self.words or self.amounts)

    @property
    def is_telling(self) -> bool:
        """Whether a title with all the words says that a listing is about them; a single character tells nothing."""
        return bool(self.words) and not self.is_any and (len(self.words) > 1 or len(self.words[0].text) > 1)


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks for; `text` is its normalised form, in which the places of amounts and exclusions are.

    `words` are those beside the amounts, `literal` all words, the amounts' own as well.
    """

    text: str
    words: tuple[Word, ...] = ()
    literal: tuple[Word, ...] = ()
    amounts: tuple[AskedAmount, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the text can be looked for."""
        return not (self.literal or self.exclusions)

    @property
    def attempts(self) -> list[Attempt]:
        """Return how to read the query, the most exact way first; the first that finds something counts."""
        ways = [Attempt(self.words, self.amounts)] if self.amounts else []
        ways.append(Attempt(self.literal))
        if self.amounts and len(self.words) > 1:
            ways.append(Attempt(self.words, self.amounts, is_any=True))
        if len(self.literal) > 1:
            ways.append(Attempt(self.literal, is_any=True))
        return ways

    def without(self, exclusion: Exclusion) -> str:
        """Return the query that no longer rules this out; what else it rules out is written with a minus."""
        others = [f"-{each.text}" for each in self.exclusions if each is not exclusion]
        return " ".join([*_blanked(self.text, self.exclusions).split(), *others]).removeprefix(_OF)


@lru_cache(maxsize=256)
def read_query(text: str) -> Asked:
    """Return what the first LONGEST_QUERY characters of a text ask for.

    >>> asked = read_query("热泵 -干燥")
    >>> [word.text for word in asked.words], [each.text for each in asked.exclusions]
    (['热泵'], ['干燥'])
    >>> asked = read_query("热水温度 ≥ 80℃")
    >>> [word.text for word in asked.words], [each.amount.low for each in asked.amounts]
    (['热水'], [80.0])
    """
    plain = normalise(text[:LONGEST_QUERY])
    unwanted = tuple(exclusions(plain))
    wanted = _blanked(plain, unwanted)
    literal = words_of(pieces(wanted))
    amounts = tuple(asked_amounts(wanted))
    words = words_of(pieces(_blanked(wanted, amounts)), is_alone=False) if amounts else literal
    return Asked(plain, words, literal, amounts, unwanted)


def _blanked(text: str, spans: Iterable[Exclusion | AskedAmount]) -> str:
    """Return the text with spaces where something was read already."""
    for span in spans:
        text = text[: span.start] + " " * (span.stop - span.start) + text[span.stop :]
    return text
