"""Structured fit of a need and a technology: 1 fits, 0 does not, NaN is unknown.

The functions take numbers or numpy arrays, so that one rule serves a pair and a whole library.
"""

import math
from collections.abc import Iterable
from functools import lru_cache

import numpy as np

from matching.engine.quantity_kinds import MOST_FAR

UNKNOWN = math.nan

COVERED = {4: 1.0, 3: 0.95, 2: 0.9, 1: 0.6}
NEIGHBOUR = {3: 0.75, 2: 0.5, 1: 0.2, 0: 0.0}
ALL_INDUSTRIES = 0.7

RELATED_SYSTEMS = {
    frozenset(pair)
    for pair in (
        ("boiler", "steam"),
        ("boiler", "waste_heat"),
        ("steam", "waste_heat"),
        ("kiln", "waste_heat"),
        ("kiln", "drying"),
        ("drying", "steam"),
        ("drying", "waste_heat"),
        ("compressed_air", "waste_heat"),
        ("compressed_air", "motor"),
        ("motor", "pump_fan"),
        ("pump_fan", "cooling_water"),
        ("cooling_water", "waste_heat"),
        ("pump_fan", "water"),
        ("refrigeration", "cooling_water"),
        ("refrigeration", "building"),
        ("refrigeration", "waste_heat"),
        ("building", "lighting"),
        ("building", "renewable"),
        ("renewable", "storage"),
        ("renewable", "power_supply"),
        ("storage", "power_supply"),
        ("motor", "power_supply"),
        ("process", "drying"),
        ("process", "kiln"),
        ("water", "resource"),
        ("monitoring", "power_supply"),
    )
}
RELATED_SYSTEM_FIT = 0.4

GENERAL_QUANTITIES = frozenset(["running_hours", "shutdown_days", "voltage_kv", "area_m2"])
"""What every plant has some of: to have enough of it says less than to have what the technology works on."""
GENERAL_WEIGHT = 0.5
OPEN_HARD_WEIGHT = 0.5
"""What a hard condition counts against the others while the need leaves it open."""
UNUSED_SOURCE_WEIGHT = MOST_FAR
"""What counts against a technology that gives what is wanted but takes in no heat, where the need has heat to use:
as much as a heat source farthest from its range."""


def condition_weight(quantity: str) -> float:
    """Return how much a condition counts among those of a technology."""
    return GENERAL_WEIGHT if quantity in GENERAL_QUANTITIES else 1.0


def industry_level(code: str) -> int:
    """Return 1 for a section, 2 division, 3 group, 4 class of GB/T 4754; 0 for an empty code.

    Examples
    --------
    >>> [industry_level(code) for code in ("C", "C26", "C261", "C2614", "")]
    [1, 2, 3, 4, 0]
    """
    return {0: 0, 1: 1, 2: 1, 3: 2, 4: 3}.get(len(code), 4)


@lru_cache(maxsize=1 << 16)
def industry_fit(demand_code: str, technology_code: str) -> float:
    """Return how well a technology made for one industry serves another, along the GB/T 4754 tree.

    A technology for the whole branch that contains the need's industry covers it; otherwise the
    nearer the common branch, the better: class, group, division, section.

    Examples
    --------
    >>> [industry_fit("C2614", code) for code in ("C2614", "C261", "C26", "C", "C2611", "C2651", "C17", "D44")]
    [1.0, 0.95, 0.9, 0.6, 0.75, 0.5, 0.2, 0.0]
    """
    if not demand_code or not technology_code:
        return UNKNOWN
    if demand_code.startswith(technology_code):
        return COVERED[industry_level(technology_code)]
    if technology_code.startswith(demand_code):
        return max(COVERED[industry_level(demand_code)] - 0.15, NEIGHBOUR[1])
    common = 0
    for mine, theirs in zip(demand_code, technology_code, strict=False):
        if mine != theirs:
            break
        common += 1
    # A shared first digit means nothing: C13 and C17 share only the section.
    return NEIGHBOUR[{0: 0, 1: 1, 2: 1, 3: 2}.get(common, 3)]


def best_industry_fit(demand_codes: Iterable[str], technology_codes: Iterable[str]) -> float:
    """Return the best fit over all pairs of codes, NaN when either side is unknown.

    Examples
    --------
    >>> best_industry_fit(["C2614"], ["C17", "C26"]), best_industry_fit([], ["C26"])
    (0.9, nan)
    """
    fits = [
        industry_fit(mine, theirs) for mine in demand_codes for theirs in technology_codes if mine and theirs
    ]
    return max(fits, default=UNKNOWN)


def system_fit(demand_system: str, technology_system: str) -> float:
    """Return 1 for the same energy system, a part for a related one, else 0.

    Examples
    --------
    >>> system_fit("boiler", "boiler"), system_fit("boiler", "steam"), system_fit("boiler", "lighting")
    (1.0, 0.4, 0.0)
    """
    if demand_system == technology_system:
        return 1.0
    return RELATED_SYSTEM_FIT if frozenset((demand_system, technology_system)) in RELATED_SYSTEMS else 0.0


def carrier_fit(demand_carrier: str, technology_carrier: str) -> float:
    """Return 1 when the technology saves the carrier in question; steam and heat stand for each other."""
    heat = {"steam", "heat"}
    return float(demand_carrier == technology_carrier or {demand_carrier, technology_carrier} <= heat)


def range_fit(available_minimum, available_maximum, needed_minimum, needed_maximum):
    """Return the share of what is available that lies within what is needed.

    A missing needed bound is ``-inf`` or ``inf``. A single available value (both bounds equal) gives
    1 or 0. NaN anywhere, or contradictory bounds, give NaN.

    Examples
    --------
    >>> float(range_fit(45, 45, 80, np.inf)), float(range_fit(60, 100, 80, np.inf)), float(range_fit(9, 1, 0, 5))
    (0.0, 0.5, nan)
    """
    if _are_numbers(available_minimum, available_maximum, needed_minimum, needed_maximum):
        return _range_fit_of_one(available_minimum, available_maximum, needed_minimum, needed_maximum)
    low = np.asarray(available_minimum, dtype=float)
    high = np.asarray(available_maximum, dtype=float)
    needed_low = np.asarray(needed_minimum, dtype=float)
    needed_high = np.asarray(needed_maximum, dtype=float)
    common = np.minimum(high, needed_high) - np.maximum(low, needed_low)
    width = high - low
    share = np.where(width > 0, np.clip(common, 0, None) / np.where(width > 0, width, 1), (common >= 0) * 1.0)
    # Ranges that only touch fit at one point: little, but no contradiction.
    share = np.where((common >= 0) & (share <= 0), 0.05, share)
    contradictory = (high < low) | (needed_high < needed_low)
    unknown = np.isnan(low) | np.isnan(high) | np.isnan(needed_low) | np.isnan(needed_high)
    return np.where(contradictory | unknown, np.nan, np.clip(share, 0, 1))


def limit_fit(limit, lowest, highest):
    """Return how surely a cost or a time stays within a limit: 1 all of the range, 0 none of it.

    In between the fit falls in a straight line from 1 to 0.3 at the lowest value.

    Examples
    --------
    >>> [round(float(limit_fit(4, low, high)), 2) for low, high in ((2, 3), (3, 5), (5, 8), (np.nan, 3))]
    [1.0, 0.65, 0.0, nan]
    """
    if _are_numbers(limit, lowest, highest):
        return _limit_fit_of_one(limit, lowest, highest)
    limit, lowest, highest = (np.asarray(value, dtype=float) for value in (limit, lowest, highest))
    width = np.where(highest > lowest, highest - lowest, 1)
    between = 0.3 + 0.7 * np.clip((limit - lowest) / width, 0, 1)
    fit = np.where(highest <= limit, 1.0, np.where(lowest <= limit, between, 0.0))
    return np.where(np.isnan(limit) | np.isnan(lowest) | np.isnan(highest) | (highest < lowest), np.nan, fit)


def _are_numbers(*values) -> bool:
    """Tell whether plain numbers are compared: for a single pair, arrays would take twenty times as long."""
    return all(isinstance(value, int | float) for value in values)


def _range_fit_of_one(low: float, high: float, needed_low: float, needed_high: float) -> float:
    if any(map(math.isnan, (low, high, needed_low, needed_high))) or high < low or needed_high < needed_low:
        return UNKNOWN
    common = min(high, needed_high) - max(low, needed_low)
    if common < 0:
        return 0.0
    share = min(common / (high - low), 1.0) if high > low else 1.0
    return share if share > 0 else 0.05


def _limit_fit_of_one(limit: float, lowest: float, highest: float) -> float:
    if any(map(math.isnan, (limit, lowest, highest))) or highest < lowest:
        return UNKNOWN
    if highest <= limit:
        return 1.0
    if lowest > limit:
        return 0.0
    return 0.3 + 0.7 * min((limit - lowest) / (highest - lowest), 1.0)
