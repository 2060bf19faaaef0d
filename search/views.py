"""The lists of both libraries and the search over both."""

from dataclasses import dataclass

from django.shortcuts import render
from django.utils.translation import gettext as _

from catalog.masking import MaskedDemand, masked_for
from catalog.models import Demand, Technology
from search.browsing import Browsing
from search.engine import Hit, Results
from search.enums import Kind

PREVIEW = 5


@dataclass(frozen=True, slots=True)
class Row:
    """A hit with the listing that it stands for."""

    hit: Hit
    listing: Technology | MaskedDemand


def technologies(request):
    """List the technology library: search, filters with counts, orders, pages."""
    browsing = Browsing(Kind.TECHNOLOGY, request.GET)
    rows = technology_rows(browsing.results)
    return render(request, "search/technologies.html", {"browsing": browsing, "rows": rows})


def demands(request):
    """List the demands as this person may know them; search and filters see only what is public."""
    browsing = Browsing(Kind.DEMAND, request.GET)
    rows = demand_rows(browsing.results, request.user)
    return render(request, "search/demands.html", {"browsing": browsing, "rows": rows})


def search(request):
    """Search both libraries and show the best of each."""
    sections = []
    for kind, title, url_name in (
        (Kind.TECHNOLOGY, _("节能技术"), "search:technologies"),
        (Kind.DEMAND, _("技术需求"), "search:demands"),
    ):
        browsing = Browsing(kind, request.GET)
        results = browsing.preview(PREVIEW)
        is_technology = kind == Kind.TECHNOLOGY
        rows = technology_rows(results) if is_technology else demand_rows(results, request.user)
        section = {"kind": kind.value, "title": title, "url_name": url_name, "results": results, "rows": rows}
        sections.append(section)
    total = sum(section["results"].total for section in sections)
    context = {"browsing": browsing, "sections": sections, "total": total}
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
