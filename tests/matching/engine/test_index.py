import math
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.index import MatchIndex
from matching.engine.model import PARTS
from matching.engine.profiles import Condition, DemandProfile, Range, TechnologyProfile
from matching.engine.scoring import CONFLICT_FACTOR
from tests.matching.engine.library import COOLING_WATER_NEED, HEAT_PUMP, LIBRARY, LIGHTING, ORC

TOPICS = ("余热回收", "空压机", "照明", "锅炉", "蒸汽", "电机", "热泵", "窑炉", "冷却水", "干燥")
titles = st.lists(st.sampled_from(TOPICS), min_size=1, max_size=4).map("".join)
bounds = st.one_of(st.none(), st.floats(-1e6, 1e6), st.just(math.nan), st.just(math.inf))
ranges = st.builds(Range, bounds, bounds)
CODES = [
    "power_kw",
    "area_m2",
    "heat_source_temperature_c",
    "heat_sink_temperature_c",
    "steam_pressure_mpa",
    "steam_supply_pressure_mpa",
    "liquid_pressure_mpa",
]
technologies = st.builds(
    TechnologyProfile,
    id=st.integers(1, 30),
    title=titles,
    body=titles,
    industries=st.lists(st.sampled_from(["C", "C26", "C261", "C17", "D44"]), max_size=2).map(tuple),
    systems=st.lists(st.sampled_from(["boiler", "steam", "lighting"]), max_size=2).map(tuple),
    conditions=st.lists(st.builds(Condition, st.sampled_from(CODES), ranges, st.booleans()), max_size=3).map(
        tuple
    ),
    payback_years=ranges,
    saving_rate=ranges,
)
demands = st.builds(
    DemandProfile,
    id=st.integers(1, 30),
    title=titles,
    body=titles,
    industries=st.sampled_from([(), ("C2614",)]),
    systems=st.sampled_from([(), ("boiler",)]),
    quantities=st.dictionaries(st.sampled_from(CODES), ranges, max_size=3),
    max_payback_years=st.one_of(st.none(), st.floats(0, 20)),
    annual_use_tce=st.one_of(st.none(), st.floats(0, 1e6)),
    target_saving_tce=st.one_of(st.none(), st.floats(0, 1e6)),
)


def ids(matches):
    return [match.technology_id for match in matches]


def test_rank_puts_the_fitting_technology_first_and_the_broken_hard_condition_last():
    matches = MatchIndex.build(LIBRARY).rank(COOLING_WATER_NEED)
    assert matches[0].technology_id == HEAT_PUMP.id
    by_id = {match.technology_id: match for match in matches}
    assert by_id[ORC.id].score <= CONFLICT_FACTOR
    assert by_id[ORC.id].reasons[0].is_hard
    assert by_id[ORC.id].reasons[0].params["given"] == [45, 45]


@settings(max_examples=40, deadline=None)
@given(st.lists(technologies, max_size=8), demands)
def test_score_lies_in_0_to_1_and_equals_the_sum_of_its_parts(library, demand):
    for match in MatchIndex.build(library).rank(demand):
        assert 0 <= match.score <= 1
        assert match.score == pytest.approx(sum(part.contribution for part in match.parts))
        assert {part.name for part in match.parts} - {"hard_conflict"} == set(PARTS)


@settings(max_examples=30, deadline=None)
@given(st.lists(technologies, min_size=1, max_size=8, unique_by=lambda each: each.id), demands)
def test_rank_agrees_with_scoring_each_pair_alone(library, demand):
    index = MatchIndex.build(library)
    expected = sorted(
        ((index.match(demand, each.id).score, str(each.id)) for each in library),
        key=lambda pair: (-round(pair[0], 6), pair[1]),
    )
    matches = index.rank(demand, top=5)
    assert [match.score for match in matches] == pytest.approx([score for score, _ in expected[:5]], abs=1e-6)


@settings(max_examples=20, deadline=None)
@given(st.lists(technologies, max_size=8), technologies, demands)
def test_replace_and_remove_leave_the_index_as_if_built_anew(library, changed, demand):
    index = MatchIndex.build(library)
    index.rank(demand)
    index.replace(changed)
    rest = [each for each in library if each.id != changed.id]
    assert ids(index.rank(demand)) == ids(MatchIndex.build([*rest, changed]).rank(demand))
    index.remove(changed.id)
    assert set(ids(index.rank(demand))) == {each.id for each in rest}
    assert len(index) == len({each.id for each in rest})


def large_library():
    return [
        TechnologyProfile(number, f"{TOPICS[number % 10]}{number}型", "节能改造") for number in range(400)
    ]


def test_replace_in_a_large_library_shows_at_once_without_a_new_fit():
    index = MatchIndex.build(large_library())
    model = index.model
    index.replace(TechnologyProfile(900, "热泵干燥一体机", "热泵干燥"))
    index.remove(6)
    matches = index.rank(DemandProfile(1, "热泵干燥一体机"), top=60)
    assert matches[0].technology_id == 900
    assert 6 not in ids(matches)
    assert index.model is model
    for number in range(901, 960):
        index.replace(TechnologyProfile(number, "热泵"))
    index.rank(DemandProfile(1, "热泵"))
    assert index.is_outgrown
    index.compact()
    assert index.model is not model and not index.is_outgrown


def test_rank_many_equals_rank_and_respects_exclude_and_minimum():
    index = MatchIndex.build(LIBRARY)
    needs = [COOLING_WATER_NEED, DemandProfile(11, "厂房照明改造"), DemandProfile(12, "")]
    assert index.rank_many(needs) == [index.rank(need) for need in needs]
    assert HEAT_PUMP.id not in ids(index.rank(COOLING_WATER_NEED, exclude={HEAT_PUMP.id}))
    assert ids(index.rank(COOLING_WATER_NEED, minimum_score=1.1)) == [ORC.id]
    assert index.rank(COOLING_WATER_NEED, minimum_score=1.1, minimum_score_in_conflict=0.3) == []
    assert len(index.rank(COOLING_WATER_NEED, top=2)) == 2


def test_ties_go_by_id():
    twins = [TechnologyProfile(number, "空压机余热回收") for number in (3, 1, 2)]
    assert ids(MatchIndex.build(twins).rank(DemandProfile(1, "空压机余热"))) == [1, 2, 3]
    assert ids(MatchIndex.build(twins).rank(DemandProfile(1, "空压机余热"), top=2)) == [1, 2]


def test_rank_demands_for_orders_needs_by_fit():
    index = MatchIndex.build(LIBRARY)
    needs = [DemandProfile(1, "污水处理"), DemandProfile(2, "车间LED照明"), COOLING_WATER_NEED]
    assert [match.demand_id for match in index.rank_demands_for(LIGHTING, needs, top=1)] == [2]


def test_unknown_fields_neither_lift_nor_lower():
    index = MatchIndex.build([HEAT_PUMP, replace(HEAT_PUMP, id=5, payback_years=Range())])
    need = DemandProfile(1, "热泵", max_payback_years=5)
    stated, silent = index.match(need, HEAT_PUMP.id), index.match(need, 5)
    assert {part.name: part.value for part in silent.parts}["payback"] is None
    assert stated.score > silent.score > 0


@pytest.mark.parametrize(
    "text", ["", " ", "12345", "😀🔥", "余热" * 50_000, "\x00", "<b>热泵</b>", '"', "A" * 500]
)
def test_odd_texts_are_ranked_without_error(text):
    index = MatchIndex.build([*LIBRARY, TechnologyProfile(99, text, text)])
    for match in index.rank(DemandProfile(1, text, text)):
        assert 0 <= match.score <= 1


def test_empty_library_gives_an_empty_list():
    index = MatchIndex.build([])
    assert index.rank(COOLING_WATER_NEED) == []
    assert index.match(COOLING_WATER_NEED, 1) is None
    index.remove(5)
    index.replace(HEAT_PUMP)
    assert ids(index.rank(COOLING_WATER_NEED)) == [HEAT_PUMP.id]


def test_text_alone_spreads_scores():
    library = [TechnologyProfile(number, topic) for number, topic in enumerate(TOPICS)]
    matches = MatchIndex.build(library).rank(DemandProfile(1, "空压机"))
    assert matches[0].score > 0.6
    assert matches[-1].score < 0.1
