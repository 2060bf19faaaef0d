"""The interface of every search engine: plain values in, plain values out.

An engine holds one Document for each listing that every visitor may see, with public text only: what is hidden
is not in the index, so that it can show in no hit, count, facet or highlight.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from math import ceil
from typing import Protocol

from search.vocabulary import Passages

RELEVANCE = "relevance"
# A partial result leaves out what has less than this share of what the best listing has of the words; what a listing
# has of them counts so much in the rank, where the text counts up to 1 and the words in the title up to 2.
LEAST_COVERAGE, COVERAGE_WEIGHT = 0.5, 2.0


LEAST, MOST = -1e18, 1e18


@dataclass(frozen=True, slots=True)
class Amount:
    """A range of values of one kind, see search.amounts; LEAST and MOST stand for an open end.

    `text` is how it was written, or what it is called.
    """

    kind: str
    low: float
    high: float
    text: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """What is indexed of one listing.

    `facets` are (name, value) pairs without spaces; `numbers` are what it may be sorted by, named as in
    NUMBERS. `amounts` are values of its fields; those in its texts are read by the engine. After the day
    `visible_until` it is found no more.
    """

    kind: str
    object_id: int
    title: str
    summary: str = ""
    terms: str = ""
    body: str = ""
    facets: frozenset[tuple[str, str]] = frozenset()
    numbers: Mapping[str, float] = field(default_factory=dict)
    visible_until: date | None = None
    amounts: tuple[Amount, ...] = ()


NUMBERS = ("published", "payback_years", "investment_cny", "annual_saving_tce", "saving_rate", "deadline")


@dataclass(frozen=True, slots=True)
class Filters:
    """For each facet name the values any of which a listing must carry; facets not named do not restrict."""

    accepted: Mapping[str, frozenset[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Query:
    """What is asked: a text (empty for all), filters, order and page.

    `sort` is RELEVANCE or a name of NUMBERS, with a minus for descending; without a text relevance means newest.
    Listings without the number come last. A page beyond the last is the last. With `allows_partial`, listings with
    some of the words are found when none has all. Where the title of a listing has all words, those that only mention
    them in their body by another name are left out unless `is_wide`.
    """

    kind: str
    text: str = ""
    filters: Filters = Filters()
    sort: str = RELEVANCE
    page: int = 1
    page_size: int = 20
    allows_partial: bool = True
    is_wide: bool = False


@dataclass(frozen=True, slots=True)
class Fragment:
    """A piece of text, marked when it is what was asked for."""

    text: str
    is_match: bool = False


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a listing was found: what was asked, how it was found, as what, and in which fields (title, summary, terms, body).

    `how` is word, synonym, kind (a kind of what was asked), parts (its parts, apart) or value, which is then given.
    """

    asked: str
    how: str
    found: str = ""
    fields: tuple[str, ...] = ()
    value: Amount | None = None


@dataclass(frozen=True, slots=True)
class Hit:
    """One listing found; `excerpt` shows in context what title and summary do not show, and may be empty.

    `missing` are the words of a partial result that this listing does not have.
    """

    object_id: int
    score: float
    title: tuple[Fragment, ...]
    summary: tuple[Fragment, ...]
    excerpt: tuple[Fragment, ...]
    missing: tuple[str, ...] = ()
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Facet:
    """How many listings each value would leave, given the text and every other facet's filter."""

    name: str
    counts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of hits with the counts of all; `is_partial` says that no listing has all words.

    `has_values` says that the amounts in the query were compared as values; without it they are words like others.
    `matched` counts what the text finds before the filters.
    `mentions` is how many more only mention the words, see Query.
    """

    hits: tuple[Hit, ...]
    total: int
    facets: Mapping[str, Facet]
    page: int
    page_size: int
    is_partial: bool = False
    has_values: bool = False
    matched: int = 0
    mentions: int = 0

    @property
    def pages(self) -> int:
        """Return the number of pages, at least one."""
        return max(1, ceil(self.total / self.page_size))


class Engine(Protocol):
    """What an engine does; changes are visible to the next search of the same transaction."""

    def search(self, query: Query) -> Results:
        """Answer the query; never raises for anything that a visitor can type."""

    def add(self, documents: Iterable[Document]) -> None:
        """Index documents, replacing those of the same kind and id."""

    def remove(self, kind: str, object_ids: Iterable[int]) -> None:
        """Forget listings; unknown ids do no harm."""

    def ids(self, kind: str) -> set[int]:
        """Return which listings of a kind are indexed."""

    def passages(self) -> Iterable[Passages]:
        """Return title, summary and terms of every listing that may be found today."""
