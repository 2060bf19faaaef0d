"""Expected saving of a technology at a plant, from the plant's own figures."""

from dataclasses import dataclass

from matching.engine.compatibility import system_fit
from matching.engine.profiles import DemandProfile, Range, TechnologyProfile


@dataclass(frozen=True, slots=True)
class SavingEstimate:
    """Hold a saving a year in tce and, where a price is known, in yuan.

    ``basis`` is ``"own_use"`` (the plant's use times the saving rate) or ``"typical_project"`` (what
    the supplier states for a typical project). ``price_basis`` is ``"own_cost"``, ``"typical_price"``
    or None. ``uses`` names the fields of the need that went in. ``doubt`` says why the figure may be too
    high: ``"other_system"`` (the rate is that of another system, so a typical project is quoted),
    ``"part_of_use"`` (the use covers further systems), ``"capped"`` (the typical project saves more than
    the plant uses; its use is the limit) or None.
    """

    saving_tce: Range
    saving_cny: Range | None
    basis: str
    price_basis: str | None
    uses: tuple[str, ...]
    doubt: str | None = None

    @property
    def middle_tce(self) -> float:
        """Return the middle of the range."""
        low, high = self.saving_tce.closed()
        return (low + high) / 2


def estimate_saving(demand: DemandProfile, technology: TechnologyProfile) -> SavingEstimate | None:
    """Estimate the saving a year, or return None when neither side gives enough.

    saving [tce/a] = annual use of the system treated [tce/a] × saving rate [share, 0 to 1]
    saving [CNY/a] = saving [tce/a] × price [CNY/tce], where
    price = annual cost [CNY/a] ÷ annual use [tce/a] of the plant, else the typical price of its carriers.

    The saving rate is the technology's own statement for the system it treats; it is not applied to a use
    of systems that it does not treat. Interaction with other measures is not considered. Conversion into tce follows GB/T 2589-2020 before this point.

    Examples
    --------
    >>> demand = DemandProfile(1, "", annual_use_tce=3200, annual_cost_cny=6_400_000)
    >>> estimate = estimate_saving(demand, TechnologyProfile(1, "", saving_rate=Range(0.08, 0.15)))
    >>> estimate.saving_tce
    Range(minimum=256.0, maximum=480.0)
    >>> estimate.saving_cny
    Range(minimum=512000.0, maximum=960000.0)
    """
    use, doubt = demand.annual_use_tce, None
    rate = technology.saving_rate
    is_rate_usable = rate.is_usable and all(0 <= bound <= 1 for bound in rate.closed())
    treated = _share_treated(demand, technology)
    if use and use > 0 and is_rate_usable and treated > 0:
        doubt = "part_of_use" if treated < 1 else None
        saving, basis, uses = Range(*rate.closed()).scaled(use), "own_use", ("annual_use_tce",)
    elif technology.annual_saving_tce.is_usable and min(technology.annual_saving_tce.closed()) >= 0:
        doubt = "other_system" if use and is_rate_usable and treated == 0 else None
        low, high = technology.annual_saving_tce.closed()
        uses: tuple[str, ...] = ()
        if use and 0 < use < high:
            # The limit is the plant's own figure, hidden from whom that is hidden from.
            low, high, doubt, uses = min(low, use), use, "capped", ("annual_use_tce",)
        saving, basis = Range(low, high), "typical_project"
    else:
        return None
    price, price_basis = None, None
    if use and use > 0 and demand.annual_cost_cny and demand.annual_cost_cny > 0:
        price, price_basis = demand.annual_cost_cny / use, "own_cost"
        uses = (*dict.fromkeys((*uses, "annual_use_tce", "annual_cost_cny")),)
    elif demand.typical_price_cny_per_tce:
        price, price_basis = demand.typical_price_cny_per_tce, "typical_price"
    return SavingEstimate(saving, saving.scaled(price) if price else None, basis, price_basis, uses, doubt)


def _share_treated(demand: DemandProfile, technology: TechnologyProfile) -> float:
    """Return which share of the need's systems the technology treats, 1 where either side names none."""
    if not any(demand.systems) or not any(technology.systems):
        return 1.0
    treated = [
        any(system_fit(wanted, offered) > 0 for offered in technology.systems) for wanted in demand.systems
    ]
    return sum(treated) / len(treated)


def is_rate_for_other_system(demand: DemandProfile, technology: TechnologyProfile) -> bool:
    """Tell whether the technology states a rate that says nothing about the use of this need.

    Examples
    --------
    >>> lamps = TechnologyProfile(1, "", systems=("lighting",), saving_rate=Range(0.5, 0.6))
    >>> is_rate_for_other_system(DemandProfile(1, "", systems=("compressed_air",)), lamps)
    True
    """
    return technology.saving_rate.is_usable and _share_treated(demand, technology) == 0
