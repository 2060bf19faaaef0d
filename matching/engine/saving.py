"""Expected saving of a technology at a plant, from the plant's own figures."""

from dataclasses import dataclass

from matching.engine.profiles import DemandProfile, Range, TechnologyProfile


@dataclass(frozen=True, slots=True)
class SavingEstimate:
    """Hold a saving a year in tce and, where a price is known, in yuan.

    ``basis`` is ``"own_use"`` (the plant's use times the saving rate) or ``"typical_project"`` (what
    the supplier states for a typical project). ``price_basis`` is ``"own_cost"``, ``"typical_price"``
    or None. ``uses`` names the fields of the need that went in.
    """

    saving_tce: Range
    saving_cny: Range | None
    basis: str
    price_basis: str | None
    uses: tuple[str, ...]

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

    The saving rate is the technology's own statement for the system it treats; interaction with
    other measures is not considered. Conversion into tce follows GB/T 2589-2020 before this point.

    Examples
    --------
    >>> demand = DemandProfile(1, "", annual_use_tce=3200, annual_cost_cny=6_400_000)
    >>> estimate = estimate_saving(demand, TechnologyProfile(1, "", saving_rate=Range(0.08, 0.15)))
    >>> estimate.saving_tce
    Range(minimum=256.0, maximum=480.0)
    >>> estimate.saving_cny
    Range(minimum=512000.0, maximum=960000.0)
    """
    use = demand.annual_use_tce
    rate = technology.saving_rate
    is_rate_usable = rate.is_usable and all(0 <= bound <= 1 for bound in rate.closed())
    if use and use > 0 and is_rate_usable:
        saving, basis, uses = Range(*rate.closed()).scaled(use), "own_use", ("annual_use_tce",)
    elif technology.annual_saving_tce.is_usable and min(technology.annual_saving_tce.closed()) >= 0:
        saving, basis, uses = Range(*technology.annual_saving_tce.closed()), "typical_project", ()
    else:
        return None
    price, price_basis = None, None
    if use and use > 0 and demand.annual_cost_cny and demand.annual_cost_cny > 0:
        price, price_basis = demand.annual_cost_cny / use, "own_cost"
        uses = (*dict.fromkeys((*uses, "annual_use_tce", "annual_cost_cny")),)
    elif demand.typical_price_cny_per_tce:
        price, price_basis = demand.typical_price_cny_per_tce, "typical_price"
    return SavingEstimate(saving, saving.scaled(price) if price else None, basis, price_basis, uses)
