"""What the quantities of a plant speak of: a thing that is there or one that is wanted, of which medium."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np

THERE = "there"
"""What the plant has and a technology takes in."""
WANTED = "wanted"
"""What the plant wants and a technology gives."""


@dataclass(frozen=True, slots=True)
class Kind:
    """The side that a quantity speaks of, what is measured, and of which medium; empty where it does not matter."""

    side: str
    measure: str
    medium: str = ""


KINDS: Mapping[str, Kind] = {
    "heat_source_temperature_c": Kind(THERE, "temperature"),
    "heat_sink_temperature_c": Kind(WANTED, "temperature"),
    "heat_flow_t_per_h": Kind(THERE, "flow", "steam"),
    "steam_supply_t_per_h": Kind(WANTED, "flow", "steam"),
    "steam_pressure_mpa": Kind(THERE, "pressure", "steam"),
    "steam_supply_pressure_mpa": Kind(WANTED, "pressure", "steam"),
    "liquid_pressure_mpa": Kind(THERE, "pressure", "liquid"),
    "gas_pressure_mpa": Kind(THERE, "pressure", "gas"),
    "gas_flow_m3_per_h": Kind(THERE, "flow", "gas"),
    "flow_m3_per_h": Kind(THERE, "flow", "liquid"),
    "compressed_air_m3_per_min": Kind(THERE, "flow", "air"),
}

USED_TODAY: Mapping[str, str] = {
    "steam_supply_pressure_mpa": "steam_pressure_mpa",
    "steam_supply_t_per_h": "heat_flow_t_per_h",
}
"""What a plant uses today stands, with a doubt, for what it wants where it does not say that; never the other way."""

HEAT_SOURCE = "heat_source_temperature_c"
LEAST_WIDTH_C = 100.0
MOST_FAR = 3.0


def is_wanted(quantity: str) -> bool:
    """Tell whether a quantity speaks of what is wanted from a technology."""
    return quantity in KINDS and KINDS[quantity].side == WANTED


def spoken_against(quantity: str, stated: Iterable[str]) -> str | None:
    """Return the stated quantity that speaks against a condition that is left open, else None.

    What flows or is under pressure at the plant speaks against a condition on another medium, unless that medium is
    stated as well. Steam drives as often as it is treated: against what takes it in speaks only a pressure of
    something else, or that steam is wanted where none is said to be there.

    Examples
    --------
    >>> spoken_against("flow_m3_per_h", ["steam_pressure_mpa", "running_hours"])
    'steam_pressure_mpa'
    >>> spoken_against("flow_m3_per_h", ["running_hours"]), spoken_against("steam_pressure_mpa", ["flow_m3_per_h"])
    (None, None)
    >>> spoken_against("steam_pressure_mpa", ["flow_m3_per_h", "liquid_pressure_mpa"])
    'liquid_pressure_mpa'
    >>> spoken_against("steam_pressure_mpa", ["steam_supply_t_per_h"])
    'steam_supply_t_per_h'
    >>> spoken_against("steam_pressure_mpa", ["steam_supply_t_per_h", "heat_flow_t_per_h"]) is None
    True
    """
    own = KINDS.get(quantity)
    if own is None or own.side == WANTED or not own.medium:
        return None
    spoken = [each for each in stated if each in KINDS and KINDS[each].medium]
    there = [each for each in spoken if KINDS[each].side == THERE]
    if any(_is_of(each, own.medium) for each in there):
        return None
    if own.medium == "steam":
        there = [each for each in there if KINDS[each].measure == "pressure"]
        there += [each for each in spoken if is_wanted(each)]
    return next(iter(there), None)


def _is_of(quantity: str, medium: str) -> bool:
    kind = KINDS[quantity]
    return kind.medium == medium or (kind == KINDS["gas_pressure_mpa"] and medium == "air")


def is_excluded_by(quantity: str, against: str | None) -> bool:
    """Tell whether a stated quantity rules a hard condition out that is left open.

    That a liquid or a gas is under pressure, and no steam is spoken of, rules out what lives on another pressure.
    A steam pressure rules nothing out: most plants have steam besides.

    Examples
    --------
    >>> is_excluded_by("steam_pressure_mpa", "liquid_pressure_mpa")
    True
    >>> is_excluded_by("liquid_pressure_mpa", "steam_pressure_mpa"), is_excluded_by("flow_m3_per_h", None)
    (False, False)
    """
    if against is None or quantity not in KINDS:
        return False
    return (
        KINDS[quantity].measure == "pressure"
        and KINDS[against].measure == "pressure"
        and KINDS[against].medium != "steam"
    )


def distance_weight(gap, width):
    """Return how much more a heat source beyond a range counts: 1 within one width of it, 3 from three widths on.

    ``gap`` is the distance to the range in ℃, numbers or arrays; ranges narrower than 100 ℃, and open ones, count as
    100 ℃ wide.

    Examples
    --------
    >>> distance_weight(np.array([0, 50, 200, 1150]), np.array([30, 30, 30, 30])).tolist()
    [1.0, 1.0, 2.0, 3.0]
    >>> float(distance_weight(900, 600)), float(distance_weight(150, np.inf))
    (1.5, 1.5)
    """
    scale = np.where(np.isfinite(width), np.maximum(width, LEAST_WIDTH_C), LEAST_WIDTH_C)
    return np.clip(np.asarray(gap) / scale, 1, MOST_FAR)
