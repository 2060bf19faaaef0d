"""How conditions of a technology add up to one value."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.compatibility import limit_fit, range_fit
from matching.engine.index import MatchIndex
from matching.engine.profiles import Condition, DemandProfile, Range, ReadQuantity, TechnologyProfile
from matching.engine.reasons import find_reasons

HOURS = Condition("running_hours", Range(4000))
TEMPERATURE = Condition("heat_source_temperature_c", Range(80, 250), is_hard=True)
FLOW = Condition("flow_m3_per_h", Range(30), is_hard=True)
YEAR, HOT, COLD = Range(8000, 8000), Range(120, 120), Range(40, 40)


def value(*conditions, **quantities):
    technology = TechnologyProfile(1, "", conditions=conditions)
    match = MatchIndex.build([technology]).match(DemandProfile(1, "", quantities=quantities), 1)
    return next(part.value for part in match.parts if part.name == "conditions")


@pytest.mark.parametrize(
    ("conditions", "quantities", "expected"),
    [
        ([HOURS], {"running_hours": YEAR}, 1),
        ([HOURS, TEMPERATURE], {"running_hours": YEAR, "heat_source_temperature_c": HOT}, 1),
        ([HOURS, TEMPERATURE], {"running_hours": YEAR}, 0.5),
        ([HOURS, TEMPERATURE], {"running_hours": YEAR, "heat_source_temperature_c": COLD}, 1 / 3),
        ([HOURS, FLOW], {"running_hours": YEAR, "steam_pressure_mpa": Range(1, 1)}, 1 / 3),
        ([HOURS, FLOW], {"power_kw": Range(1, 1)}, None),
    ],
)
def test_general_conditions_count_half_and_open_hard_ones_against(conditions, quantities, expected):
    assert value(*conditions, **quantities) == (expected if expected is None else pytest.approx(expected))


def test_another_medium_is_said():
    technology = TechnologyProfile(1, "", conditions=(FLOW,))
    said = ReadQuantity(Range(1, 1), "1MPa", "problem", True)
    demand = DemandProfile(1, "", read_quantities={"steam_pressure_mpa": said})
    (reason,) = [each for each in find_reasons(demand, technology) if each.code == "medium"]
    assert (reason.verdict, reason.is_hard, reason.uses) == ("conflict", False, ("quantities", "problem"))
    assert (reason.params["stated"], reason.params["needed"]) == ("steam_pressure_mpa", [30, None])


def test_reading_without_doubt_breaks_a_hard_condition_and_a_doubtful_one_does_not():
    index = MatchIndex.build([TechnologyProfile(1, "余热", conditions=(TEMPERATURE,))])
    for is_sure in (True, False):
        said = ReadQuantity(COLD, "40℃", "title", is_sure)
        demand = DemandProfile(1, "余热", read_quantities={"heat_source_temperature_c": said})
        (match,) = index.rank(demand)
        assert any(part.name == "hard_conflict" for part in match.parts) == is_sure


def conditions_of(match):
    return next(part.value for part in match.parts if part.name == "conditions")


def reasons_of(match, *codes):
    return [
        (each.code, each.params["quantity"], each.is_hard) for each in match.reasons if each.code in codes
    ]


def pair(demand, *conditions):
    return MatchIndex.build([TechnologyProfile(1, "", conditions=conditions)]).match(demand, 1)


TAKES_STEAM = Condition("steam_pressure_mpa", Range(0.6), is_hard=True)
GIVES_STEAM = Condition("steam_supply_pressure_mpa", Range(0.3, 1.6), is_hard=True)


def test_steam_that_is_wanted_is_compared_with_what_is_given_and_not_with_what_is_taken_in():
    demand = DemandProfile(1, "", quantities={"steam_supply_pressure_mpa": Range(0.8, 0.8)})
    assert conditions_of(pair(demand, GIVES_STEAM)) == 1
    match = pair(demand, TAKES_STEAM)
    assert conditions_of(match) == 0
    assert reasons_of(match, "wanted_only") == [("wanted_only", "steam_pressure_mpa", False)]


def test_steam_used_today_stands_for_what_is_wanted_but_breaks_nothing():
    demand = DemandProfile(1, "", quantities={"steam_pressure_mpa": Range(4, 4)})
    match = pair(demand, GIVES_STEAM)
    assert conditions_of(match) == 0 and not any(reason.is_hard for reason in match.reasons)
    (reason,) = [each for each in match.reasons if each.code == "condition"]
    assert reason.params["given_quantity"] == "steam_pressure_mpa"
    both = DemandProfile(
        1, "", quantities={"steam_pressure_mpa": Range(4, 4), "steam_supply_pressure_mpa": Range(1, 1)}
    )
    assert conditions_of(pair(both, GIVES_STEAM)) == 1


@pytest.mark.parametrize(
    ("stated", "is_ruled_out"),
    [
        (["liquid_pressure_mpa"], True),
        (["gas_pressure_mpa", "running_hours"], True),
        (["liquid_pressure_mpa", "heat_flow_t_per_h"], False),
        (["flow_m3_per_h"], False),
    ],
)
def test_pressure_of_another_medium_rules_out_unless_the_own_one_is_stated(stated, is_ruled_out):
    demand = DemandProfile(1, "", quantities={code: Range(3, 3) for code in stated})
    match = pair(demand, TAKES_STEAM)
    assert any(part.name == "hard_conflict" for part in match.parts) == is_ruled_out
    assert reasons_of(match, "medium") == ([("medium", "steam_pressure_mpa", True)] if is_ruled_out else [])


def test_heat_source_that_is_not_used_counts_against_what_gives_what_is_wanted():
    wanted = {"steam_supply_pressure_mpa": Range(0.5, 0.5)}
    with_heat = wanted | {"heat_source_temperature_c": Range(1200, 1200)}
    used = Condition("heat_source_temperature_c", Range(800), is_hard=True)
    assert conditions_of(pair(DemandProfile(1, "", quantities=wanted), GIVES_STEAM)) == 1
    demand = DemandProfile(1, "", quantities=with_heat)
    assert conditions_of(pair(demand, GIVES_STEAM)) == 0.25
    assert conditions_of(pair(demand, GIVES_STEAM, used)) == 1
    (reason,) = [each for each in pair(demand, GIVES_STEAM).reasons if each.code == "unused_source"]
    assert reason.params == {"given": [1200, 1200]}


def test_heat_source_far_beyond_the_range_counts_more():
    warm = Condition("heat_source_temperature_c", Range(20, 50))
    values = []
    for temperature in (60, 1200):
        quantities = {"heat_source_temperature_c": Range(temperature, temperature), "running_hours": YEAR}
        values.append(conditions_of(pair(DemandProfile(1, "", quantities=quantities), warm, HOURS)))
    assert values == pytest.approx([0.5 / 1.5, 0.5 / 3.5])


NUMBERS = st.one_of(st.floats(-10, 10), st.integers(-3, 3), st.just(math.nan))


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS)
def test_one_pair_fits_as_it_does_among_many(low, high, needed_low, needed_high):
    alone = [range_fit(low, high, needed_low, needed_high), limit_fit(low, high, needed_high)]
    among = [
        range_fit(*np.array([[low], [high], [needed_low], [needed_high]], dtype=float))[0],
        limit_fit(*np.array([[low], [high], [needed_high]], dtype=float))[0],
    ]
    assert alone == pytest.approx(among, nan_ok=True, rel=1e-12)
