"""The lists of both libraries and the search over both."""

from dataclasses import dataclass

from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.masking import MaskedDemand, masked_for
from catalog.models import Demand, Technology
from search.browsing import Browsing, asked_text, reading_line, text_url, unwanted_chips
from search.engine import Hit, Query, Results
from search.enums import Kind
from search.exporting import MOST_EXPORTED, may_export
from search.services import current_engine

PREVIEW = 5
ADDRESSES = {Kind.TECHNOLOGY: "search:technologies", Kind.DEMAND: "search:demands"}


@dataclass(frozen=True, slots=True)
class Row:
    """A hit with the listing that it stands for."""

    hit: Hit
    listing: Technology | MaskedDemand


@dataclass(frozen=True, slots=True)
class Section:
    """The best hits of one kind."""

    kind: str
    title: str
    results: Results
    rows: list[Row]

    @property
    def url(self) -> str:
        """Return the address of the list with every hit."""
        return reverse(ADDRESSES[self.kind])


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
    return {
        "browsing": browsing,
        "rows": rows,
        "may_export": may_export(request.user),
        "most_exported": MOST_EXPORTED,
    }


def search(request):
    """Search both libraries and show the best of each."""
    text, is_shortened = asked_text(request.GET)
    technology_results, demand_results = (
        current_engine().search(Query(kind, text, page_size=PREVIEW))
        for kind in (Kind.TECHNOLOGY, Kind.DEMAND)
    )
    sections = [
        Section("technology", _("节能技术"), technology_results, technology_rows(technology_results)),
        Section("demand", _("技术需求"), demand_results, demand_rows(demand_results, request.user)),
    ]
    total = technology_results.total + demand_results.total
    unwanted = unwanted_chips(text, text_url)
    context = {
        "text": text,
        "is_shortened": is_shortened,
        "unwanted": unwanted,
        "reading": reading_line(text, technology_results, demand_results),
        "sections": sections,
        "total": total,
    }
    return render(request, "search/search.html", context)


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
