"""What of a listing goes into the index: only what every visitor may see."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.utils import timezone

from accounts.models import Area, Industry
from catalog.enums import Origin
from catalog.masking import Level, masked
from catalog.models import Demand, Technology
from catalog.models.listings import Listing
from catalog.models.technologies import CONFIRMATION_PERIOD
from search.amounts import INVESTMENT, PAYBACK
from search.bands import INVESTMENT_CNY, PAYBACK_YEARS, PENETRATION, band_of, middle, validity_of
from search.engine import LEAST, MOST, Amount, Document
from search.enums import Kind
from search.sources import SOURCES

EVERY_INDUSTRY = "*"
OWN = "="
SAMPLE = "sample"


def documents(kind: str, ids: Iterable[int]) -> Iterator[Document]:
    """Yield the documents of those listings that are public now."""
    if kind == Kind.TECHNOLOGY:
        listings = (
            Technology.objects.public()
            .filter(pk__in=ids)
            .select_related("organisation__area__parent__parent")
            .prefetch_related("industries", "systems", "carriers", "cases", "conditions")
        )
        divisions = Divisions()
        return (technology_document(listing, divisions) for listing in listings)
    if kind == Kind.DEMAND:
        listings = Demand.objects.public().filter(pk__in=ids).with_details()
        return map(demand_document, listings.select_related("organisation__area__parent__parent"))
    return map(SOURCES[kind].document, SOURCES[kind].public().filter(pk__in=ids))


def public_ids(kind: str, among: Iterable[int] | None = None) -> set[int]:
    """Return the listings that every visitor may see now, all or among some."""
    libraries = {Kind.TECHNOLOGY: Technology, Kind.DEMAND: Demand}
    listings = libraries[kind].objects.public() if kind in libraries else SOURCES[kind].public()
    if among is not None:
        listings = listings.filter(pk__in=among)
    return set(listings.values_list("pk", flat=True))


class Divisions:
    """The divisions of each section of the industry tree, read once when needed."""

    def __init__(self):
        self._codes = None

    def of(self, section: str) -> list[str]:
        """Return the codes of a section's divisions."""
        if self._codes is None:
            self._codes = list(Industry.objects.filter(level=1).values_list("code", flat=True))
        return [code for code in self._codes if code.startswith(section)]


def industry_line(code: str) -> list[str]:
    """Return a code with the codes above it, deepest first.

    >>> industry_line("C261")
    ['C261', 'C26', 'C']
    """
    return [code[:length] for length in (5, 4, 3, 1) if len(code) >= length]


def industry_values(industries: Iterable[Industry], *, is_for_all: bool, divisions: Divisions) -> set[str]:
    """Return the facet values of a listing's industries.

    Each industry stands with all above it, a section also with its divisions, so that a division finds what is
    meant for it, below it or above it. OWN marks what was chosen itself. A listing for every industry has one value.
    """
    if is_for_all:
        return {EVERY_INDUSTRY}
    values = set()
    for industry in industries:
        values.update(industry_line(industry.code), [OWN + industry.code])
        if len(industry.code) == 1:
            values.update(divisions.of(industry.code))
    return values


def area_values(area: Area | None) -> set[str]:
    """Return the codes of an area and of what it lies in, so that a town finds what is in its parks."""
    values = set()
    while area is not None:
        values.add(area.code)
        area = area.parent
    return values


def technology_document(technology: Technology, divisions: Divisions) -> Document:
    """Return the document of a technology; what it is not suitable for is left out, lest it be found for that."""
    systems, carriers = technology.systems.all(), technology.carriers.all()
    industries = technology.industries.all()
    payback_years = middle(technology.payback_min_years, technology.payback_max_years)
    investment_cny = middle(technology.investment_min_cny, technology.investment_max_cny)
    facets = {
        "industry": industry_values(
            industries, is_for_all=technology.applies_to_all_industries, divisions=divisions
        ),
        "system": {system.code for system in systems},
        "carrier": {carrier.code for carrier in carriers},
        "payback": {band_of(payback_years, PAYBACK_YEARS)},
        "investment": {band_of(investment_cny, INVESTMENT_CNY)},
        "penetration": {band_of(middle(technology.penetration_now, None), PENETRATION)},
        # Nobody stands behind a reference entry, so it belongs to no level of evidence.
        "evidence": set() if technology.origin == Origin.REFERENCE else {technology.evidence_level},
        "origin": {technology.origin} | ({SAMPLE} if technology.is_sample else set()),
        "cooperation": set(technology.cooperation_modes),
        "area": area_values(technology.organisation.area if technology.organisation else None),
        "validity": {validity_of(technology.valid_until, timezone.localdate())},
    }
    cases = [f"{case.site} {case.description}".strip() for case in technology.cases.all()]
    return Document(
        kind=Kind.TECHNOLOGY,
        object_id=technology.pk,
        title=technology.title,
        summary=technology.summary,
        terms=_words(*systems, *carriers, *(row.name for row in industries), technology.owner_label),
        body=_lines(
            technology.principle,
            technology.process,
            technology.scope,
            technology.conditions_note,
            technology.indicators,
            *cases,
            _words(technology.source_catalogue, technology.source_edition),
        ),
        facets=_pairs(facets),
        numbers=_known(
            published=published(technology),
            payback_years=payback_years,
            investment_cny=investment_cny,
            annual_saving_tce=middle(technology.annual_saving_min_tce, technology.annual_saving_max_tce),
            saving_rate=middle(technology.saving_rate_min, technology.saving_rate_max),
        ),
        visible_until=last_day(technology),
        amounts=_technology_amounts(technology),
    )


# By the end of a quantity's code: the kind that search compares, and the factor to its unit.
_CONDITIONS = {
    "_temperature_c": ("temperature_c", 1),
    "_t_per_h": ("mass_flow_t_per_h", 1),
    "_pressure_mpa": ("pressure_mpa", 1),
    "_m3_per_h": ("volume_flow_m3_per_h", 1),
    "_m3_per_min": ("volume_flow_m3_per_h", 60),
    "_kw": ("power_kw", 1),
    "_hours": ("hours", 1),
    "_m2": ("area_m2", 1),
    "_days": ("days", 1),
    "_kv": ("voltage_kv", 1),
}


def _technology_amounts(technology: Technology) -> tuple[Amount, ...]:
    """Return the values of a technology's fields that a number in a query may mean."""
    known = [
        (PAYBACK, technology.payback_min_years, technology.payback_max_years, 1),
        (INVESTMENT, technology.investment_min_cny, technology.investment_max_cny, 1),
        ("share", technology.saving_rate_min, technology.saving_rate_max, 1),
        ("coal_tce", technology.annual_saving_min_tce, technology.annual_saving_max_tce, 1),
    ]
    for condition in technology.conditions.all():
        for end, (kind, factor) in _CONDITIONS.items():
            if condition.quantity.endswith(end):
                known.append((kind, condition.minimum, condition.maximum, factor))
    return tuple(
        Amount(
            kind,
            LEAST if low is None else round(float(low) * factor, 9),
            MOST if high is None else round(float(high) * factor, 9),
        )
        for kind, low, high, factor in known
        if low is not None or high is not None
    )


def demand_document(demand: Demand) -> Document:
    """Return the document of a demand as a visitor may know it."""
    seen = masked(demand, Level.PUBLIC)
    facets = {
        "system": {system.code for system in seen.systems},
        "carrier": {carrier.code for carrier in seen.carriers},
        "area": area_values(seen.area),
        "industry": set(industry_line(seen.industry.code)) if seen.industry else set(),
        "source": {seen.source.value},
        "finance": {"yes"} if seen.wants_finance else set(),
        "origin": {SAMPLE} if seen.is_sample else set(),
    }
    return Document(
        kind=Kind.DEMAND,
        object_id=demand.pk,
        title=seen.title,
        terms=_words(
            *seen.systems,
            *seen.carriers,
            seen.industry.name if seen.industry else "",
            seen.area or "",
            seen.organisation or "",
        ),
        body=_lines(
            seen.problem or "",
            seen.process or "",
            seen.shutdown_window or "",
            seen.space_limit or "",
            seen.tried_before or "",
        ),
        facets=_pairs(facets),
        numbers=_known(
            published=published(demand),
            annual_saving_tce=middle(seen.target_saving_tce, None),
            deadline=float(seen.deadline.toordinal()) if seen.deadline else None,
        ),
        visible_until=seen.deadline,
    )


def last_day(technology: Technology) -> date:
    """Return the last whole day, so that the index never shows what the library no longer does."""
    day = timezone.localdate(technology.confirmed_at + CONFIRMATION_PERIOD) - timedelta(days=1)
    return min(filter(None, [technology.valid_until, day]))


def published(listing: Listing) -> float:
    """Return the moment at which visitors could first see a listing, as a number to sort by."""
    return (listing.first_published_at or listing.created_at).timestamp()


def _words(*parts) -> str:
    return " ".join(filter(None, map(str, parts)))


def _lines(*parts: str) -> str:
    return "\n".join(filter(None, parts))


def _known(**numbers) -> dict[str, float]:
    return {name: number for name, number in numbers.items() if number is not None}


def _pairs(facets: dict[str, set[str]]) -> frozenset[tuple[str, str]]:
    """Return (name, value) pairs; a value with a space could not be told from two."""
    return frozenset(
        (name, value) for name, values in facets.items() for value in values if value and " " not in value
    )
