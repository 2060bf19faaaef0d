"""From an address to a query and back: what a list page was asked for, and what it answers."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property

from django.core.paginator import Page, Paginator
from django.http import QueryDict
from django.urls import reverse
from django.utils.translation import gettext as _

from search.answering import Answer
from search.asking import read_query
from search.engine import Filters, Query, Results
from search.enums import Kind
from search.facets import FIELDS, MOST_VALUES, SORTS, Choice, Field, Labels
from search.reading import amount_name, reading_of
from search.services import find
from search.text import LONGEST_QUERY
from search.wording import Wording

PAGE_SIZE = 20
SHOWN_CHOICES = 8
FORMATS = (("Excel", "xlsx"), ("CSV", "csv"))


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter in force, and the address without it."""

    label: str
    value: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """A filter with its choices."""

    field: Field
    choices: list[Choice]

    @property
    def is_open(self) -> bool:
        """Whether the page shows the choices at once."""
        return self.field.is_open or any(choice.is_chosen for choice in self.choices)

    @property
    def is_long(self) -> bool:
        """Whether some of the choices are folded away and can be looked up by typing."""
        return len(self.choices) > SHOWN_CHOICES + 2

    @property
    def shown(self) -> list[Choice]:
        """Return the chosen values and those that leave most, in their order; all where there are few."""
        if not self.is_long:
            return self.choices
        first = sorted(self.choices, key=lambda choice: (not choice.is_chosen, -(choice.count or 0)))
        kept = {choice.value for choice in first[:SHOWN_CHOICES] if not choice.is_chosen}
        return [choice for choice in self.choices if choice.is_chosen or choice.value in kept]

    @property
    def folded(self) -> list[Choice]:
        """Return the choices that `shown` leaves out, in their order."""
        shown = {choice.value for choice in self.shown}
        return [choice for choice in self.choices if choice.value not in shown]


@dataclass(frozen=True, slots=True)
class SortOption:
    """An order to choose, and the address with it."""

    label: str
    url: str
    is_current: bool


class Browsing:
    """One visit of a list: reads the parameters forgivingly, asks the engine once, offers links that keep the rest.

    An unknown filter value, order or page never raises: it is left out, and `has_unknown` says so.
    """

    def __init__(self, kind: str, parameters: QueryDict):
        self.kind = kind
        self.fields = FIELDS[kind]
        self.text, self.is_shortened = asked_text(parameters)
        self.is_literal = is_literal(parameters)
        self.unknown: list[str] = []
        self.labels: dict[str, Labels] = {}
        self.chosen: dict[str, list[str]] = {}
        for field in self.fields:
            asked = list(dict.fromkeys(parameters.getlist(field.name)))[:MOST_VALUES]
            asked = [value for value in asked if value]
            self.labels[field.name] = labels = field.labels(asked)
            self.chosen[field.name] = known = [value for value in asked if value in labels]
            self.unknown += [f"{field.label}: {value[:40]}" for value in asked if value not in known]
        self.sort = parameters.get("sort", "")
        self.has_unknown = bool(self.unknown) or (bool(self.sort) and self.sort not in SORTS[kind])
        if self.sort not in SORTS[kind] or (self.sort == "relevance" and not self.text):
            self.sort = "relevance" if self.text else "newest"
        self.is_wide = bool(self.text) and parameters.get("all") == "1"
        self.asked_page = page_number(parameters.get("page", ""))

    @property
    def export_urls(self) -> list[tuple[str, str]]:
        """Return the formats in which the whole result can be had, with their addresses."""
        name = "search:export_technologies" if self.kind == Kind.TECHNOLOGY else "search:export_demands"
        query = self.url()
        return [(label, reverse(name, args=[ending]) + query) for label, ending in FORMATS]

    @cached_property
    def query(self) -> Query:
        """Return what the engine is asked."""
        accepted: Mapping = {
            field.name: frozenset().union(*map(field.accepted, self.chosen[field.name]))
            for field in self.fields
            if self.chosen[field.name]
        }
        order = SORTS[self.kind][self.sort][0]
        return Query(
            self.kind, self.text, Filters(accepted), order, self.asked_page, PAGE_SIZE, is_wide=self.is_wide
        )

    @cached_property
    def answer(self) -> Answer:
        """Ask the engine for the text, or what it was meant to say."""
        return find([self.query], is_literal=self.is_literal)

    @property
    def searched(self) -> Query:
        """Return the query that was answered: as asked, or as it was read."""
        reading = self.answer.reading
        return replace(self.query, text=reading.text) if reading else self.query

    @property
    def results(self) -> Results:
        """Return what was found."""
        return self.answer.results[0]

    @cached_property
    def wording(self) -> Wording:
        """Return what is to be said of the words that were searched."""
        return Wording(self.answer, self.text, self.url)

    @property
    def in_words(self) -> str:
        """Return the text and the filters as one line."""
        parts = [f"“{self.text}”"] if self.text else []  # data: quotation marks
        for field in self.fields:
            if chosen := self.chosen[field.name]:
                values = " / ".join(str(self.labels[field.name][value]) for value in chosen)
                parts.append(f"{field.label}: {values}")
        return " · ".join(parts)

    @property
    def conditions(self) -> str:
        """Return the text and the filters as a query string, without order and page."""
        return _query_string(self._pairs())

    @property
    def save_url(self) -> str:
        """Return the address at which this search is saved, with the words that were searched."""
        reading = self.answer.reading
        pairs = [
            ("q", reading.text) if reading and name == "q" else (name, value) for name, value in self._pairs()
        ]
        return f"{reverse('search:save')}?{_query_string([('kind', self.kind), *pairs])}"

    @property
    def page(self) -> Page:
        """Return the page for the pagination component."""
        return Paginator(range(self.results.total), self.results.page_size).page(self.results.page)

    @cached_property
    def groups(self) -> list[Group]:
        """Return the filters that have a choice to offer."""
        facets = self.results.facets
        groups = [
            Group(
                field,
                field.choices(self.labels[field.name], facets.get(field.name), self.chosen[field.name]),
            )
            for field in self.fields
        ]
        return [group for group in groups if group.choices]

    @property
    def chips(self) -> list[Chip]:
        """Return the filters in force, each with the address that drops it."""
        return [
            Chip(field.label, self.labels[field.name][value], self.url(without=(field.name, value)))
            for field in self.fields
            for value in self.chosen[field.name]
        ]

    @property
    def unwanted(self) -> list[Chip]:
        """Return what the text rules out, each with the address that no longer does."""
        return unwanted_chips(self.text, self.url)

    @property
    def wide_url(self) -> str:
        """Return the address that also shows what only mentions the words."""
        return f"{self.url()}&all=1"

    @property
    def reading(self) -> str:
        """Return how the amounts in the text were read, empty where there are none."""
        return reading_line(self.text, self.results)

    @property
    def sorts(self) -> list[SortOption]:
        """Return the orders; relevance only when there is a text."""
        return [
            SortOption(label, self.url(sort=name), name == self.sort)
            for name, (_order, label) in SORTS[self.kind].items()
            if name != "relevance" or self.text
        ]

    @property
    def reset_url(self) -> str:
        """Return the address with the text but no filter."""
        return text_url(self.text)

    @property
    def all_url(self) -> str:
        """Return the address of the whole list."""
        return "?"

    def url(
        self,
        *,
        without: tuple[str, str] = ("", ""),
        sort: str = "",
        text: str | None = None,
        is_literal: bool = False,
    ) -> str:
        """Return the address of this visit, first page, without one filter value, in another order or for another text."""
        text = self.text if text is None else text
        pairs = self._pairs(without, text, is_literal=is_literal)
        default = "relevance" if text else "newest"
        if (sort or self.sort) not in (default, "relevance"):
            pairs.append(("sort", sort or self.sort))
        return "?" + _query_string(pairs)

    def _pairs(
        self, without: tuple[str, str] = ("", ""), text: str | None = None, *, is_literal: bool = False
    ) -> list[tuple[str, str]]:
        text = self.text if text is None else text
        pairs = [("q", text)] if text else []
        if is_literal or (self.is_literal and text == self.text):
            pairs.append(("literal", text))
        if text and self.is_wide:
            pairs.append(("all", "1"))
        return pairs + [
            (name, value)
            for name, values in self.chosen.items()
            for value in values
            if (name, value) != without
        ]


def unwanted_chips(text: str, url: Callable[..., str]) -> list[Chip]:
    """Return what a text rules out; `url` gives the address for another text."""
    asked = read_query(text)
    return [Chip(_("不含"), each.text, url(text=asked.without(each))) for each in asked.exclusions]


def reading_line(text: str, *results: Results) -> str:
    """Return how the amounts in a text were read for the results, empty where there are none."""
    names = [amount_name(each.amount) for each in read_query(text).amounts]
    return reading_of(names, has_values=any(each.has_values for each in results)) if names else ""


def text_url(text: str, *, is_literal: bool = False) -> str:
    """Return the address of a page for a text alone, perhaps to be searched as it is."""
    pairs = [("q", text)] if text else []
    return "?" + _query_string(pairs + [("literal", text)] * is_literal)


def asked_text(parameters: QueryDict) -> tuple[str, bool]:
    """Return the text of the search box without needless space, and whether it had to be shortened."""
    text = " ".join(parameters.get("q", "").replace("\0", " ").split())
    return text[:LONGEST_QUERY], len(text) > LONGEST_QUERY


def is_literal(parameters: QueryDict) -> bool:
    """Tell whether the text is to be searched as it is: the address then names it a second time."""
    text, _is_shortened = asked_text(parameters)
    return bool(text) and parameters.get("literal") == text


def _query_string(pairs) -> str:
    parameters = QueryDict(mutable=True)
    for name, value in pairs:
        parameters.appendlist(name, value)
    return parameters.urlencode()


def page_number(text: str) -> int:
    """Return a positive page number, 1 for anything that is none."""
    return max(1, int(text)) if text.isdecimal() and len(text) < 12 else 1
