"""How conditions of a technology add up to one value."""

import pytest

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
