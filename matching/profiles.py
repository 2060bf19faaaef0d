"""What the engine is told of the rows of both libraries."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal

from catalog.enums import Origin
from catalog.masking import Level, MaskedDemand, masked
from catalog.models import Demand, EnergyCarrier, Technology, TechnologyCase, TechnologyCondition
from matching.engine.profiles import Condition, DemandProfile, Range, TechnologyProfile
from matching.engine.quantities import first_of_each, read_fields, read_quantities

TECHNOLOGY_TEXTS = ("summary", "principle", "process", "scope", "conditions_note", "indicators")
CHUNK = 500
SAMPLE_MARK = "示例·"  # data: how sample titles begin


def technology_profiles(technologies) -> Iterator[TechnologyProfile]:
    """Yield profiles of a queryset of technologies, in seven queries for every 500 rows.

    Relations are read as codes: an instance of a clusterable model makes a queryset for each relation, which takes
    longer than all the rest.
    """
    ids = list(technologies.order_by("pk").values_list("pk", flat=True))
    for start in range(0, len(ids), CHUNK):
        chunk = ids[start : start + CHUNK]
        related = _Related.load(chunk)
        for technology in Technology.objects.filter(pk__in=chunk).order_by("pk"):
            yield _technology_profile(technology, related)


@dataclass(frozen=True)
class _Related:
    """What hangs on some technologies, by their primary key."""

    systems: Mapping[int, list]
    carriers: Mapping[int, list]
    industries: Mapping[int, list]
    conditions: Mapping[int, list]
    cases: Mapping[int, list]

    @classmethod
    def load(cls, ids: list[int]) -> "_Related":
        def grouped(model, *fields):
            found = defaultdict(list)
            rows = model.objects.filter(technology__in=ids).order_by("pk")
            for owner, *values in rows.values_list("technology_id", *fields):
                found[owner].append(values[0] if len(values) == 1 else values)
            return found

        return cls(
            grouped(Technology.systems.through, "energysystem__code"),
            grouped(Technology.carriers.through, "energycarrier__code"),
            grouped(Technology.industries.through, "industry__code"),
            grouped(TechnologyCondition, "quantity", "minimum", "maximum", "is_hard"),
            grouped(TechnologyCase, "industry__code"),
        )


def _technology_profile(technology: Technology, related: _Related) -> TechnologyProfile:
    """Return what is compared; where a technology is not suitable is left out, for its words mean the opposite."""
    pk = technology.pk
    cases = related.cases.get(pk, ())
    is_reference = technology.origin == Origin.REFERENCE
    return TechnologyProfile(
        id=pk,
        title=plain_title(technology),
        body="\n".join(text for name in TECHNOLOGY_TEXTS if (text := getattr(technology, name))),
        industries=tuple(related.industries.get(pk, ())),
        applies_to_all_industries=technology.applies_to_all_industries,
        systems=tuple(related.systems.get(pk, ())),
        carriers=tuple(related.carriers.get(pk, ())),
        conditions=tuple(all_conditions(related.conditions.get(pk, ()), technology.conditions_note)),
        saving_rate=number_range(technology.saving_rate_min, technology.saving_rate_max),
        annual_saving_tce=number_range(technology.annual_saving_min_tce, technology.annual_saving_max_tce),
        investment_cny=number_range(technology.investment_min_cny, technology.investment_max_cny),
        payback_years=number_range(technology.payback_min_years, technology.payback_max_years),
        penetration=number(technology.penetration_now),
        # Nobody stands behind the typical values of a reference entry, so its evidence is unknown.
        evidence=None if is_reference else technology.evidence_level,
        case_industries=tuple(code for code in cases if code),
        case_count=len(cases),
        owner="\n".join((technology.owner_name.strip(), str(technology.organisation_id or ""))).strip(),
    )


def all_conditions(rows, note: str) -> Iterator[Condition]:
    """Yield the conditions of a technology: those in fields, and what its note says of other quantities.

    What is only read is never hard, and left out where the words around it leave a doubt.
    """
    typed = set()
    for quantity, minimum, maximum, is_hard in rows:
        typed.add(quantity)
        yield Condition(quantity, number_range(minimum, maximum), is_hard)
    for code, reading in first_of_each(read_quantities(note)).items():
        if reading.is_sure and code not in typed:
            yield Condition(code, reading.range, read_text=reading.text)


def demand_profiles(demands) -> Iterable[DemandProfile]:
    """Yield profiles of a queryset of demands, in a fixed number of queries for every 500 rows."""
    for demand in demands.with_details().order_by("pk").iterator(chunk_size=CHUNK):
        yield demand_profile(demand)


def demand_profile(demand: Demand) -> DemandProfile:
    """Return what is compared of a demand, all of it."""
    return known_profile(masked(demand, Level.OWNER))


def known_profile(demand: MaskedDemand) -> DemandProfile:
    """Return what is compared of a demand as somebody may know it; what is hidden from them counts as unknown.

    Fields that only say what was tried or who asks are left out. Annual use and cost are taken from the amounts of
    single carriers where no total is given.
    """
    derived_from = {"industries": ("industry",)}
    if demand.process:
        derived_from["body"] = ("problem", "process") if demand.problem else ("process",)
    else:
        derived_from["body"] = ("problem",)
    uses = [use for use in demand.energy_uses or () if use.carrier.tce_per_unit]
    annual_use = demand.annual_use_tce
    if annual_use is None and uses:
        annual_use = sum(use.annual_amount * use.carrier.tce_per_unit for use in uses)
        derived_from["annual_use_tce"] = ("energy_uses",)
    annual_cost = demand.annual_cost_cny
    if annual_cost is None and uses and all(use.unit_price_cny is not None for use in uses):
        annual_cost = sum(use.annual_amount * use.unit_price_cny for use in uses)
        derived_from["annual_cost_cny"] = ("energy_uses", "annual_cost_cny")
    return DemandProfile(
        id=demand.pk,
        title=plain_title(demand),
        body="\n".join(text for text in (demand.problem, demand.process) if text),
        industries=(demand.industry.code,) if demand.industry else (),
        systems=tuple(system.code for system in demand.systems),
        carriers=tuple(carrier.code for carrier in demand.carriers),
        quantities={
            each.quantity: number_range(each.minimum, each.maximum) for each in demand.quantities or ()
        },
        read_quantities=read_fields(
            {
                "title": plain_title(demand),
                "problem": demand.problem or "",
                "process": demand.process or "",
            }
        ),
        annual_use_tce=number(annual_use),
        annual_cost_cny=number(annual_cost),
        target_saving_tce=number(demand.target_saving_tce),
        budget_cny=number(demand.budget_cny),
        max_payback_years=number(demand.max_payback_years),
        typical_price_cny_per_tce=typical_price(demand.carriers, uses),
        derived_from=derived_from,
    )


def plain_title(listing: Technology | MaskedDemand) -> str:
    """Return the title without the word that marks sample data, which would make any two samples alike."""
    return listing.title.removeprefix(SAMPLE_MARK) if listing.is_sample else listing.title


def typical_price(carriers: Iterable[EnergyCarrier], uses) -> float | None:
    """Return the typical price of a tce of what the plant uses, in yuan.

    With amounts, their mean weighted by tce; otherwise the plain mean over the carriers named that are energy.
    Water is a working medium without energy of its own: its price for a tce would mean nothing.
    """
    priced = [use for use in uses if use.carrier.typical_price_cny and use.carrier.code != "water"]
    if priced:
        cost = sum(use.annual_amount * use.carrier.typical_price_cny for use in priced)
        energy = sum(use.annual_amount * use.carrier.tce_per_unit for use in priced)
        if energy:
            return float(cost / energy)
    prices = [
        carrier.typical_price_cny / carrier.tce_per_unit
        for carrier in carriers
        if carrier.typical_price_cny and carrier.tce_per_unit and carrier.code != "water"
    ]
    return float(sum(prices) / len(prices)) if prices else None


def number(value: Decimal | float | None) -> float | None:
    """Return a plain number, None for none."""
    return None if value is None else float(value)


def number_range(minimum, maximum) -> Range:
    """Return a range of plain numbers."""
    return Range(number(minimum), number(maximum))
