import math
from dataclasses import replace

import pytest
from hypothesis import given, settings

from matching.engine.columns import Columns
from matching.engine.profiles import DemandProfile, Range, TechnologyProfile
from matching.engine.reasons import find_reasons
from matching.engine.text import normalise
from tests.matching.engine.library import COMPRESSOR, COOLING_WATER_NEED, HEAT_PUMP, LIBRARY, ORC
from tests.matching.engine.test_index import demands, technologies


def found(demand, technology):
    return {(reason.code, reason.verdict): reason for reason in find_reasons(demand, technology)}


@settings(max_examples=60, deadline=None)
@given(demands, technologies)
def test_words_quoted_are_in_both_texts(demand, technology):
    for reason in find_reasons(demand, technology):
        for word in reason.params.get("words", ()):
            assert word in normalise(f"{demand.title}\n{demand.body}")
            assert word in normalise(f"{technology.title}\n{technology.body}")


def test_reasons_name_the_fields_of_the_need_they_draw_on():
    for technology in LIBRARY:
        for reason in find_reasons(COOLING_WATER_NEED, technology):
            if "limit" in reason.params:
                assert reason.uses in (("max_payback_years",), ("budget_cny",))
            if "given" in reason.params:
                assert reason.uses == ("quantities",)
            if "annual_use_tce" in reason.params:
                assert "annual_use_tce" in reason.uses


def test_saving_from_own_figures_names_use_and_cost():
    reason = found(COOLING_WATER_NEED, HEAT_PUMP)["saving", "fits"]
    assert reason.params["saving_tce"] == [640.0, 1280.0]
    assert reason.params["saving_cny"] == [1_280_000.0, 2_560_000.0]
    assert reason.uses == ("annual_use_tce", "annual_cost_cny")


def test_saving_is_unknown_when_nobody_states_enough():
    assert found(COOLING_WATER_NEED, COMPRESSOR)["saving", "unknown"].missing == "technology"
    assert found(DemandProfile(1, "余热"), HEAT_PUMP)["saving", "unknown"].missing == "demand"


def test_rate_outside_0_to_1_is_not_used():
    nonsense = TechnologyProfile(1, "热泵", saving_rate=Range(5, 30))
    assert ("saving", "fits") not in found(COOLING_WATER_NEED, nonsense)


def test_condition_is_fit_conflict_or_unknown():
    assert found(COOLING_WATER_NEED, HEAT_PUMP)["condition", "fits"].is_hard is False
    assert found(COOLING_WATER_NEED, ORC)["condition", "conflict"].is_hard is True
    silent = replace(COOLING_WATER_NEED, quantities={})
    assert found(silent, ORC)["condition", "unknown"].missing == "demand"
    contradictory = replace(COOLING_WATER_NEED, quantities={"heat_source_temperature_c": Range(90, 10)})
    assert ("condition", "unknown") in found(contradictory, ORC)


def test_payback_beyond_the_limit_is_a_conflict_and_across_it_a_partial_fit():
    long_payback = replace(HEAT_PUMP, payback_years=Range(5, 8))
    assert ("payback", "conflict") in found(COOLING_WATER_NEED, long_payback)
    across = replace(HEAT_PUMP, payback_years=Range(3, 6))
    assert ("payback_partly", "fits") in found(COOLING_WATER_NEED, across)


def test_industry_without_anything_in_common_is_a_conflict():
    foreign = replace(HEAT_PUMP, applies_to_all_industries=False, industries=("D44",))
    assert ("industry", "conflict") in found(COOLING_WATER_NEED, foreign)
    neighbour = replace(foreign, industries=("C17",))
    assert ("industry", "unknown") in found(COOLING_WATER_NEED, neighbour)
    assert ("industry_all", "fits") in found(COOLING_WATER_NEED, HEAT_PUMP)
    assert found(COOLING_WATER_NEED, ORC)["industry", "fits"].params == {"industry": "C26"}


def test_target_is_compared_with_the_middle_of_the_estimate():
    modest = replace(COOLING_WATER_NEED, target_saving_tce=900)
    assert ("target", "fits") in found(modest, HEAT_PUMP)
    greedy = replace(COOLING_WATER_NEED, target_saving_tce=2000)
    assert "target_saving_tce" in found(greedy, HEAT_PUMP)["target", "conflict"].uses


def test_uses_name_the_fields_of_the_listing():
    derived = replace(COOLING_WATER_NEED, derived_from={"annual_use_tce": ("energy_uses",)})
    assert found(derived, HEAT_PUMP)["saving", "fits"].uses == ("energy_uses", "annual_cost_cny")


LAMPS = TechnologyProfile(
    9, "LED照明", systems=("lighting",), saving_rate=Range(0.5, 0.6), annual_saving_tce=Range(80, 100)
)


def test_rate_of_another_system_is_not_applied_to_the_use():
    reason = found(COOLING_WATER_NEED, LAMPS)["saving", "fits"]
    assert (reason.params["basis"], reason.params["doubt"]) == ("typical_project", "other_system")
    assert reason.params["saving_tce"] == [80, 100]
    silent = replace(LAMPS, annual_saving_tce=Range())
    assert found(COOLING_WATER_NEED, silent)["saving", "unknown"].params == {"doubt": "other_system"}


def test_use_that_covers_further_systems_is_named():
    need = replace(COOLING_WATER_NEED, systems=("lighting", "waste_heat"))
    reason = found(need, LAMPS)["saving", "fits"]
    assert (reason.params["basis"], reason.params["doubt"]) == ("own_use", "part_of_use")


def test_typical_project_is_capped_at_the_use_of_the_plant_which_may_be_hidden():
    small = replace(COOLING_WATER_NEED, annual_use_tce=50, annual_cost_cny=None)
    reason = found(small, LAMPS)["saving", "fits"]
    assert (reason.params["saving_tce"], reason.params["doubt"]) == ([50, 50], "capped")
    assert reason.uses == ("annual_use_tce",)


def test_score_of_the_target_follows_what_the_reasons_say():
    need = replace(COOLING_WATER_NEED, target_saving_tce=100)
    for technology, expected in ((LAMPS, 0.9), (replace(LAMPS, annual_saving_tce=Range()), None)):
        value = Columns.build([technology]).compare(need)[0]["saving"][0]
        assert math.isnan(value) if expected is None else value == pytest.approx(expected)
