"""What a viewer may know of a demand.

The enterprise chooses for each field who sees it. Everything shown to anyone goes through `masked`, so that no
template can forget the choice. Who counts as matched is known only to the room above, which answers the signal
`matches_asked`.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from django.utils.translation import gettext as _

from accounts.models import Area, Industry, Organisation
from accounts.roles import is_official
from catalog.enums import DemandSource, Visibility
from catalog.models import Demand, DemandEnergyUse, DemandQuantity, EnergyCarrier, EnergySystem
from catalog.models.demands import FIELD_VISIBILITY
from catalog.signals import matches_asked


class Level(StrEnum):
    """How close a viewer is to a demand; owner and officials see every field."""

    OWNER = "owner"
    OFFICIALS = "officials"
    MATCHED = "matched"
    PUBLIC = "public"

    @property
    def permits(self) -> frozenset[Visibility]:
        """Return the choices of the enterprise under which this viewer sees a field."""
        return PERMITTED[self]


PERMITTED = {
    Level.OWNER: frozenset(Visibility),
    Level.OFFICIALS: frozenset(Visibility),
    Level.MATCHED: frozenset({Visibility.PUBLIC, Visibility.MATCHED}),
    Level.PUBLIC: frozenset({Visibility.PUBLIC}),
}


@dataclass(frozen=True, slots=True)
class Contact:
    """Whom to call."""

    name: str
    phone: str


@dataclass(frozen=True, slots=True)
class MaskedDemand:
    """What one viewer may know of one demand; a hidden value is None and its field is named in `hidden`.

    An empty but permitted value is "", (), or None without being named in `hidden`.
    """

    pk: int | None
    level: Level
    hidden: frozenset[str]
    title: str
    systems: tuple[EnergySystem, ...]
    carriers: tuple[EnergyCarrier, ...]
    source: DemandSource
    deadline: date | None
    published_at: datetime | None
    is_sample: bool
    organisation: Organisation | None = None
    area: Area | None = None
    industry: Industry | None = None
    problem: str | None = None
    process: str | None = None
    quantities: tuple[DemandQuantity, ...] | None = None
    energy_uses: tuple[DemandEnergyUse, ...] | None = None
    annual_use_tce: Decimal | None = None
    annual_cost_cny: Decimal | None = None
    target_saving_tce: Decimal | None = None
    budget_cny: Decimal | None = None
    max_payback_years: Decimal | None = None
    shutdown_window: str | None = None
    space_limit: str | None = None
    tried_before: str | None = None
    wants_finance: bool | None = None
    source_file: str | None = None
    source_page: str | None = None
    contact: Contact | None = None
    visibility: dict[str, Visibility] = field(default_factory=dict, compare=False)

    def hides(self, name: str) -> bool:
        """Tell whether the enterprise keeps this field from the viewer."""
        return name in self.hidden

    @property
    def organisation_label(self) -> str:
        """Return the name of the enterprise or what stands for it."""
        if self.organisation is not None:
            return self.organisation.name
        return _("企业名称未公开") if self.hides("organisation") else ""


def viewer_level(demand: Demand, user) -> Level:
    """Return how close the user is to the demand."""
    return viewer_levels([demand], user)[demand.pk]


def viewer_levels(demands: Iterable[Demand], user) -> dict[int, Level]:
    """Return the level of the user for each demand by primary key, in at most three queries."""
    demands = list(demands)
    levels = {demand.pk: Level.PUBLIC for demand in demands}
    if not demands or not user.is_authenticated or not user.is_active:
        return levels
    if is_official(user):
        levels = dict.fromkeys(levels, Level.OFFICIALS)
    else:
        for _receiver, matched_ids in matches_asked.send(Demand, user=user, demand_ids=list(levels)):
            levels.update(dict.fromkeys(levels.keys() & matched_ids, Level.MATCHED))
    own = set(Organisation.objects.of_member(user).values_list("pk", flat=True))
    levels.update({demand.pk: Level.OWNER for demand in demands if demand.organisation_id in own})
    return levels


def masked(demand: Demand, level: Level | str) -> MaskedDemand:
    """Return what a viewer of that level may know of the demand.

    Reads relations of the demand: load it with `Demand.objects.with_details()` where there are several.
    """
    level = Level(level)
    chosen = {name: demand.visibility_of(name) for name in FIELD_VISIBILITY}
    hidden = frozenset(name for name, visibility in chosen.items() if visibility not in level.permits)
    permitted = {}
    for name in FIELD_VISIBILITY:
        if name not in hidden:
            permitted.update(READERS[name](demand) if name in READERS else {name: getattr(demand, name)})
    if "annual_cost_cny" in hidden and permitted.get("energy_uses"):
        permitted["energy_uses"] = tuple(without_price(use) for use in permitted["energy_uses"])
    return MaskedDemand(
        pk=demand.pk,
        level=level,
        hidden=hidden,
        title=demand.title,
        systems=tuple(demand.systems.all()),
        carriers=tuple(demand.carriers.all()),
        source=DemandSource(demand.source),
        deadline=demand.deadline,
        published_at=demand.first_published_at,
        is_sample=demand.is_sample,
        visibility=chosen,
        **permitted,
    )


def masked_for(demands: Iterable[Demand], user) -> list[MaskedDemand]:
    """Return each demand, in order, as the user may know it; the number of queries does not grow."""
    demands = list(demands)
    levels = viewer_levels(demands, user)
    return [masked(demand, levels[demand.pk]) for demand in demands]


def without_price(use):
    """Return the yearly use, as an unsaved copy without its price where it has one: price and amount are the cost."""
    if use.unit_price_cny is None:
        return use
    return DemandEnergyUse(demand=use.demand, carrier=use.carrier, annual_amount=use.annual_amount)


def read_contact(demand):
    """Return the stated contact; of an account only the name, for its address was never released."""
    name = demand.contact_name or (demand.contact.name if demand.contact else "")
    is_stated = name or demand.contact_phone
    return {"contact": Contact(name, demand.contact_phone) if is_stated else None}


READERS = {
    "area": lambda demand: {"area": demand.organisation.area if demand.organisation else None},
    "industry": lambda demand: {"industry": demand.organisation.industry if demand.organisation else None},
    "quantities": lambda demand: {"quantities": tuple(demand.quantities.all())},
    "energy_uses": lambda demand: {"energy_uses": tuple(demand.energy_uses.all())},
    "source_file": lambda demand: {"source_file": demand.source_file, "source_page": demand.source_page},
    "contact": read_contact,
}
