"""What the engine knows of a listing. ``None`` and empty mean "unknown", never "none of it"."""

import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from matching.engine.quantity_kinds import USED_TODAY

ListingId = int | str


@dataclass(frozen=True, slots=True)
class Range:
    """Hold a range of a quantity; a missing bound is unknown.

    Bounds that are not finite numbers count as missing.

    Examples
    --------
    >>> Range(80, None)
    Range(minimum=80, maximum=None)
    >>> Range(float("nan"), 5).minimum is None
    True
    >>> Range(250, 80).is_usable, Range(80, 250).is_usable, Range().is_usable
    (False, True, False)
    """

    minimum: float | None = None
    maximum: float | None = None

    def __post_init__(self):
        for name in ("minimum", "maximum"):
            value = getattr(self, name)
            if value is not None and not math.isfinite(value):
                object.__setattr__(self, name, None)

    @property
    def is_usable(self) -> bool:
        """Tell whether at least one bound is known and the bounds do not contradict each other."""
        if self.minimum is None or self.maximum is None:
            return self.minimum is not None or self.maximum is not None
        return self.minimum <= self.maximum

    def closed(self) -> tuple[float, float]:
        """Return both bounds; a single known bound stands for both.

        Examples
        --------
        >>> Range(None, 45).closed()
        (45, 45)
        """
        minimum = self.maximum if self.minimum is None else self.minimum
        maximum = self.minimum if self.maximum is None else self.maximum
        return minimum, maximum

    def scaled(self, factor: float) -> "Range":
        """Return the range with both bounds multiplied.

        Examples
        --------
        >>> Range(2, None).scaled(3)
        Range(minimum=6, maximum=None)
        """
        return Range(
            None if self.minimum is None else self.minimum * factor,
            None if self.maximum is None else self.maximum * factor,
        )


@dataclass(frozen=True, slots=True)
class Condition:
    """State that a technology needs a quantity within a range; a hard one decides alone."""

    quantity: str
    range: Range
    is_hard: bool = False
    read_text: str = ""
    """The passage that it was read from; empty when somebody typed it into a field."""


@dataclass(frozen=True, slots=True)
class ReadQuantity:
    """A quantity read from the text of a need: the range, the passage, the field it stands in, and whether the
    words around it leave no doubt.
    """

    range: Range
    text: str
    field: str
    is_sure: bool


@dataclass(frozen=True, slots=True)
class Given:
    """What a need says for a condition: the range, the quantity that it is the figure of, and where it was read.

    It is sure when it was typed or clearly read, and speaks of the quantity of the condition itself.
    """

    range: Range
    quantity: str
    read: ReadQuantity | None
    is_sure: bool

    @property
    def field(self) -> str:
        """Return the field of the listing that says it."""
        return "quantities" if self.read is None else self.read.field


@dataclass(frozen=True, slots=True)
class TechnologyProfile:
    """Describe a technology to the engine.

    ``industries`` and ``case_industries`` hold GB/T 4754 codes such as ``"C26"`` or ``"C2614"``.
    ``saving_rate`` and ``penetration`` are shares from 0 to 1. Technologies of one ``owner`` and title are the same
    thing listed again; an empty owner is unknown, and owns nothing twice.
    """

    id: ListingId
    title: str
    body: str = ""
    industries: tuple[str, ...] = ()
    applies_to_all_industries: bool = False
    systems: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    conditions: tuple[Condition, ...] = ()
    saving_rate: Range = field(default_factory=Range)
    annual_saving_tce: Range = field(default_factory=Range)
    investment_cny: Range = field(default_factory=Range)
    payback_years: Range = field(default_factory=Range)
    penetration: float | None = None
    evidence: str | None = None
    case_industries: tuple[str, ...] = ()
    case_count: int = 0
    owner: str = ""

    def to_dict(self) -> dict[str, Any]:
        """Return the profile as JSON-able values; ``from_dict`` reads it back."""
        return asdict(self)

    @classmethod
    def from_dict(cls, values: Mapping[str, Any]) -> "TechnologyProfile":
        """Read what ``to_dict`` wrote.

        Examples
        --------
        >>> profile = TechnologyProfile(7, "余热锅炉", conditions=(Condition("power_kw", Range(1, 2), True),))
        >>> TechnologyProfile.from_dict(profile.to_dict()) == profile
        True
        """
        values = dict(values)
        for name in ("saving_rate", "annual_saving_tce", "investment_cny", "payback_years"):
            values[name] = Range(**values[name])
        for name in ("industries", "systems", "carriers", "case_industries"):
            values[name] = tuple(values[name])
        values["conditions"] = tuple(
            Condition(each["quantity"], Range(**each["range"]), each["is_hard"], each.get("read_text", ""))
            for each in values["conditions"]
        )
        return cls(**values)


@dataclass(frozen=True, slots=True)
class DemandProfile:
    """Describe a need to the engine.

    ``quantities`` maps a quantity code to the range available at the plant, as typed into fields;
    ``read_quantities`` to what stands in the texts, which counts only where nothing was typed. ``annual_use_tce`` and
    ``annual_cost_cny`` are those of the system in question. ``typical_price_cny_per_tce`` is the
    price to assume when the plant gives no cost of its own. ``derived_from`` names, for a field of
    this profile, the fields of the listing that it was taken from, where they are called otherwise.
    """

    id: ListingId
    title: str
    body: str = ""
    industries: tuple[str, ...] = ()
    systems: tuple[str, ...] = ()
    carriers: tuple[str, ...] = ()
    quantities: Mapping[str, Range] = field(default_factory=dict)
    read_quantities: Mapping[str, ReadQuantity] = field(default_factory=dict)
    annual_use_tce: float | None = None
    annual_cost_cny: float | None = None
    target_saving_tce: float | None = None
    budget_cny: float | None = None
    max_payback_years: float | None = None
    typical_price_cny_per_tce: float | None = None
    derived_from: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    def read(self, quantity: str) -> ReadQuantity | None:
        """Return what was read of a quantity from the texts, None where a usable range was typed.

        Examples
        --------
        >>> said = ReadQuantity(Range(80, 80), "80℃", "problem", True)
        >>> DemandProfile(1, "", read_quantities={"power_kw": said}).read("power_kw").text
        '80℃'
        >>> DemandProfile(1, "", "", (), (), (), {"power_kw": Range(1, 2)}, {"power_kw": said}).read("power_kw")
        """
        typed = self.quantities.get(quantity)
        found = self.read_quantities.get(quantity)
        is_typed = typed is not None and typed.is_usable
        return None if is_typed or found is None or not found.range.is_usable else found

    def quantity(self, quantity: str) -> Range | None:
        """Return the usable range of a quantity: as typed, else as read, else None."""
        if found := self.read(quantity):
            return found.range
        typed = self.quantities.get(quantity)
        return typed if typed is not None and typed.is_usable else None

    def given(self, quantity: str) -> Given | None:
        """Return what to compare with a condition on a quantity: its own figure, else that of what is used today.

        Examples
        --------
        >>> need = DemandProfile(1, "", quantities={"steam_pressure_mpa": Range(0.8, 0.8)})
        >>> [need.given(each).is_sure for each in ("steam_pressure_mpa", "steam_supply_pressure_mpa")]
        [True, False]
        >>> wanting = DemandProfile(1, "", quantities={"steam_supply_pressure_mpa": Range(0.8, 0.8)})
        >>> wanting.given("steam_pressure_mpa")
        """
        for code in (quantity, USED_TODAY.get(quantity)):
            if code and (found := self.quantity(code)):
                read = self.read(code)
                is_sure = code == quantity and (read is None or read.is_sure)
                return Given(found, code, read, is_sure)
        return None

    def stated_quantities(self) -> list[str]:
        """Return the quantities that are known without doubt: typed, or clearly read."""
        codes = dict.fromkeys((*self.quantities, *self.read_quantities))
        return [
            code
            for code in codes
            if self.quantity(code) is not None and ((read := self.read(code)) is None or read.is_sure)
        ]

    def origins(self, *names: str) -> tuple[str, ...]:
        """Return the fields of the listing behind fields of this profile, each once.

        Examples
        --------
        >>> DemandProfile(1, "", derived_from={"annual_use_tce": ("energy_uses",)}).origins("title", "annual_use_tce")
        ('title', 'energy_uses')
        """
        if self.derived_from.keys().isdisjoint(names):
            return names
        return tuple(dict.fromkeys(each for name in names for each in self.derived_from.get(name, (name,))))
