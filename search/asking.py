"""What a query asks for, read from its text: words, and what is not wanted. Knows nothing of Django."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from search.characters import normalise
from search.negation import Exclusion, exclusions
from search.text import LONGEST_QUERY, Word, pieces, words_of


@dataclass(frozen=True, slots=True)
class Asked:
    """What a query asks for; `text` is its normalised form, in which the places of exclusions are."""

    text: str
    words: tuple[Word, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()

    @property
    def is_empty(self) -> bool:
        """Whether nothing in the text can be looked for."""
        return not (self.words or self.exclusions)

    def without(self, exclusion: Exclusion) -> str:
        """Return the query that no longer rules this out; what else it rules out is written with a minus."""
        others = [f"-{each.text}" for each in self.exclusions if each is not exclusion]
        return " ".join([*_blanked(self.text, self.exclusions).split(), *others]).removeprefix(
            "的"
        )  # data: a word between the two


@lru_cache(maxsize=256)
def read_query(text: str) -> Asked:
    """Return what the first LONGEST_QUERY characters of a text ask for.

    >>> asked = read_query("热泵 -干燥")
    >>> [word.text for word in asked.words], [each.text for each in asked.exclusions]
    (['热泵'], ['干燥'])
    """
    plain = normalise(text[:LONGEST_QUERY])
    unwanted = tuple(exclusions(plain))
    return Asked(plain, words_of(pieces(_blanked(plain, unwanted))), unwanted)


def _blanked(text: str, spans: Iterable[Exclusion]) -> str:
    """Return the text with spaces where something was read already."""
    for span in spans:
        text = text[: span.start] + " " * (span.stop - span.start) + text[span.stop :]
    return text
