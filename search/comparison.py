"""Technologies side by side: which ones a visitor has put there, and how they differ."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from django.http import HttpRequest
from django.utils.functional import cached_property

from catalog.models import Technology
from catalog.technology_facts import technology_facts, with_facts

MOST_COMPARED = 4
LONGEST_KEY = 18
SESSION_KEY = "compared"


@dataclass(frozen=True, slots=True)
class Row:
    """One property of all technologies; an empty text is unknown."""

    label: str
    texts: tuple[str, ...]
    is_prose: bool

    @property
    def is_different(self) -> bool:
        """Whether not all technologies have the same."""
        return len(set(self.texts)) > 1

    @property
    def stands_out(self) -> bool:
        """Whether the difference is one of figures or chosen words; sentences always differ."""
        return self.is_different and not self.is_prose


def comparison_rows(technologies: Sequence[Technology], *, without: Collection[str] = ()) -> list[Row]:
    """Return the properties that at least one technology states, `without` those named; see `with_facts`."""
    columns = [technology_facts(technology) for technology in technologies]
    rows = []
    for facts in zip(*columns, strict=True):
        if facts[0].name not in without and any(fact.text for fact in facts):
            rows.append(Row(facts[0].label, tuple(fact.text for fact in facts), facts[0].is_prose))
    return rows


def asked_ids(texts: Sequence[str]) -> list[int]:
    """Return the numbers that addresses and forms name, each once; what is no number is left out.

    >>> asked_ids(["3,1", "x", "3", "9" * 30])
    [3, 1]
    """
    keys = [key.strip() for text in texts for key in text.split(",")[:100]]
    # Longer ones are no keys, and no database takes them as numbers.
    return [
        int(key)
        for key in dict.fromkeys(keys)
        if key.isascii() and key.isdecimal() and len(key) <= LONGEST_KEY
    ]


def public_technologies(ids: Sequence[int]) -> list[Technology]:
    """Return those technologies that every visitor may see, in the order asked for, ready for `comparison_rows`."""
    found = with_facts(Technology.objects.public()).in_bulk(ids)
    return [found[pk] for pk in ids if pk in found]


class Basket:
    """What a visitor compares: kept in the session, and so kept when they log in."""

    def __init__(self, request: HttpRequest):
        self.session = getattr(request, "session", {})

    @property
    def ids(self) -> list[int]:
        """Return the keys in the order in which they were put in."""
        kept = self.session.get(SESSION_KEY, [])
        return [pk for pk in kept if isinstance(pk, int)][:MOST_COMPARED]

    @cached_property
    def entries(self) -> list[Technology]:
        """Return the technologies that are still public."""
        found = Technology.objects.public().only("title").in_bulk(self.ids) if self.ids else {}
        return [found[pk] for pk in self.ids if pk in found]

    @property
    def query(self) -> str:
        """Return the query string of the page that compares them."""
        return "ids=" + ",".join(str(technology.pk) for technology in self.entries)

    @property
    def most(self) -> int:
        """Return how many fit in."""
        return MOST_COMPARED

    def add(self, pk: int) -> bool:
        """Put a public technology in and return whether there was room; one that left the public view makes room."""
        ids = [technology.pk for technology in self.entries]
        if pk in ids:
            return True
        if len(ids) >= MOST_COMPARED:
            return False
        if Technology.objects.public().filter(pk=pk).exists():
            self._keep([*ids, pk])
        return True

    def remove(self, pk: int) -> None:
        """Take one out."""
        self._keep([kept for kept in self.ids if kept != pk])

    def clear(self) -> None:
        """Take all out."""
        self._keep([])

    def _keep(self, ids: list[int]) -> None:
        if ids:
            self.session[SESSION_KEY] = ids
        else:
            self.session.pop(SESSION_KEY, None)
        self.__dict__.pop("entries", None)
