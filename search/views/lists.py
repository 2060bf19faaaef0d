"""The lists of both libraries and the search over both."""

from dataclasses import dataclass

from django.core.paginator import Page, Paginator
from django.shortcuts import render
from django.urls import reverse

from catalog.masking import MaskedDemand, masked_for
from catalog.models import Demand, Technology
from search.browsing import (
    PAGE_SIZE,
    Browsing,
    asked_text,
    is_literal,
    page_number,
    reading_line,
    text_url,
    unwanted_chips,
)
from search.engine import Hit, Query, Results
from search.enums import Kind
from search.exporting import MOST_EXPORTED, may_export
from search.reading import reason_lines
from search.services import find
from search.sources import SOURCES
from search.suggesting import remember
from search.wording import Wording

PREVIEW = 5
ADDRESSES = {Kind.TECHNOLOGY: "search:technologies", Kind.DEMAND: "search:demands"}


@dataclass(frozen=True, slots=True)
class Row:
    """A hit with the listing that it stands for."""

    hit: Hit
    listing: Technology | MaskedDemand

    @property
    def why(self) -> list[str]:
        """Return in words why the listing was found."""
        return reason_lines(self.hit)


@dataclass(frozen=True, slots=True)
class PlainRow:
    """A hit of a kind that has no card of its own."""

    hit: Hit
    url: str
    note: str

    @property
    def why(self) -> list[str]:
        """Return in words why it was found."""
        return reason_lines(self.hit)


@dataclass(frozen=True, slots=True)
class Section:
    """The best hits of one kind, or one page of all its hits."""

    kind: Kind
    results: Results
    rows: list[Row] | list[PlainRow]

    @property
    def list_url(self) -> str:
        """Return the address of the list with filters, nothing where the search page itself lists the kind."""
        return reverse(ADDRESSES[self.kind]) if self.kind in ADDRESSES else ""

    @property
    def page(self) -> Page:
        """Return the page for the pagination component."""
        return Paginator(range(self.results.total), self.results.page_size).page(self.results.page)


def technologies(request):
    """List the technology library: search, filters with counts, orders, pages."""
    browsing = Browsing(Kind.TECHNOLOGY, request.GET)
    rows = technology_rows(browsing.results)
    return render(request, "search/technologies.html", list_context(request, browsing, rows))


def demands(request):
    """List the demands as this person may know them; search and filters see only what is public."""
    browsing = Browsing(Kind.DEMAND, request.GET)
    rows = demand_rows(browsing.results, request.user)
    return render(request, "search/demands.html", list_context(request, browsing, rows))


def list_context(request, browsing, rows):
    """Return what a list shows, with the files that this person may take."""
    note_query(request, browsing.text)
    return {
        "browsing": browsing,
        "rows": rows,
        "may_export": may_export(request.user),
        "most_exported": MOST_EXPORTED,
    }


def note_query(request, text):
    """Keep the query among the recent ones of a person who is logged in; of visitors nothing is kept."""
    if request.user.is_authenticated:
        remember(request.session, text)


def search(request):
    """Search everything and show the best of each kind, or all of a kind that has no list of its own."""
    text, is_shortened = asked_text(request.GET)
    note_query(request, text)
    chosen = request.GET.get("kind", "")
    chosen = chosen if chosen in SOURCES else ""
    page = page_number(request.GET.get("page", ""))
    is_wide = request.GET.get("all") == "1"
    queries = [
        Query(kind, text, page=page, page_size=PAGE_SIZE, is_wide=is_wide)
        if kind == chosen
        else Query(kind, text, page_size=PREVIEW, is_wide=is_wide)
        for kind in Kind
    ]
    answer = find(queries, is_literal=is_literal(request.GET))
    sections = [
        section_of(kind, results, request) for kind, results in zip(Kind, answer.results, strict=True)
    ]
    total = sum(section.results.total for section in sections)
    context = {
        "text": text,
        "searched": answer.reading.text if answer.reading else text,
        "is_shortened": is_shortened,
        "unwanted": unwanted_chips(text, text_url),
        "reading": reading_line(text, *answer.results),
        "tabs": sections,
        "sections": [section for section in sections if not chosen or section.kind == chosen],
        "chosen": chosen,
        "total": total,
        "wording": Wording(answer, text, text_url),
    }
    return render(request, "search/search.html", context)


def section_of(kind, results, request):
    """Return the hits of a kind with what they stand for."""
    if kind == Kind.TECHNOLOGY:
        return Section(kind, results, technology_rows(results))
    if kind == Kind.DEMAND:
        return Section(kind, results, demand_rows(results, request.user))
    return Section(kind, results, plain_rows(kind, results))


def plain_rows(kind: str, results: Results) -> list[PlainRow]:
    """Return the rows of a kind that another room brought, without any that left the public view a moment ago."""
    source = SOURCES[kind]
    found = source.public().in_bulk([hit.object_id for hit in results.hits])
    return [
        PlainRow(hit, source.url(found[hit.object_id]), source.note(found[hit.object_id]))
        for hit in results.hits
        if hit.object_id in found
    ]


def technology_rows(results: Results) -> list[Row]:
    """Return the technologies of a page of hits, without any that left the public view a moment ago."""
    found = (
        Technology.objects.public()
        .select_related("organisation")
        .prefetch_related("systems")
        .in_bulk([hit.object_id for hit in results.hits])
    )
    return [Row(hit, found[hit.object_id]) for hit in results.hits if hit.object_id in found]


def demand_rows(results: Results, user) -> list[Row]:
    """Return the demands of a page of hits as the user may know them."""
    found = Demand.objects.public().with_details().in_bulk([hit.object_id for hit in results.hits])
    hits = [hit for hit in results.hits if hit.object_id in found]
    return list(map(Row, hits, masked_for([found[hit.object_id] for hit in hits], user)))
