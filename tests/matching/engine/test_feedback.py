"""What an enterprise's own words change: one rule for every reason."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.engine.feedback import (
    DOWN,
    OUT,
    Effect,
    Word,
    changed_score,
    effects_on,
    order_after,
)
from matching.engine.profiles import Condition, Range, TechnologyProfile
from matching.engine.similar import similarities
from matching.engine.vectors import TextModel

HERE, THERE = 1, 2


def technology(identity, **fields):
    return TechnologyProfile(identity, f"技术{identity}", **{"systems": ("waste_heat",), **fields})


def effects(candidate, word, *, alike=0.0, demand_id=HERE, quantities=None):
    found = effects_on(candidate, [word], [alike], demand_id=demand_id, quantities=quantities or {})
    return [(effect.code, effect.factor) for effect in found]


def refused(reason, said_of, demand_id=HERE):
    return Word(demand_id, said_of, "refused", reason)


@pytest.mark.parametrize(("investment", "is_hit"), [(50, False), (100, True), (300, True), (None, False)])
def test_cost_takes_what_costs_as_much_down_in_every_need(investment, is_hit):
    word = refused("cost", technology(1, investment_cny=Range(50, 150)), THERE)
    found = effects(technology(2, investment_cny=Range(investment, investment)), word)
    assert found == ([("cost", DOWN)] if is_hit else [])


def test_cost_of_an_unknown_size_says_nothing_of_others():
    word = refused("cost", technology(1))
    assert effects(technology(2, investment_cny=Range(9e9, 9e9)), word, alike=0.6) == []


@pytest.mark.parametrize(("years", "is_hit"), [(2, False), (4, True), (6, True)])
def test_payback_takes_what_takes_as_long_down_in_that_need_only(years, is_hit):
    word = refused("payback", technology(1, payback_years=Range(3, 5)))
    candidate = technology(2, payback_years=Range(years, years))
    assert effects(candidate, word) == ([("payback", DOWN)] if is_hit else [])
    assert effects(candidate, word, demand_id=THERE) == []


@pytest.mark.parametrize(
    ("reason", "alike", "factor"),
    [("in_use", 0.5, OUT), ("in_use", 0.3, None), ("tried", 0.3, DOWN), ("tried", 0.2, None)],
)
def test_kind_of_technology_counts_in_every_need(reason, alike, factor):
    word = refused(reason, technology(1), THERE)
    assert effects(technology(2), word, alike=alike) == ([(reason, factor)] if factor else [])


def test_kind_of_technology_stays_within_the_system():
    word = refused("in_use", technology(1, systems=("lighting",)))
    assert effects(technology(2), word, alike=0.6) == []
    assert effects(technology(2, systems=()), word, alike=0.6) == [("in_use", OUT)]


@pytest.mark.parametrize(
    ("evidence", "is_hit"),
    [(None, True), ("self_declared", True), ("third_party_test", True), ("catalogue", False)],
)
def test_evidence_takes_the_same_level_and_lower_ones_down(evidence, is_hit):
    word = refused("evidence", technology(1, evidence="third_party_test"), THERE)
    assert effects(technology(2, evidence=evidence), word) == ([("evidence", DOWN)] if is_hit else [])


def test_other_reason_reaches_only_what_is_nearly_identical():
    word = refused("other", technology(1))
    assert effects(technology(2), word, alike=0.6) == []
    assert effects(technology(2), word, alike=0.8) == [("other", OUT)]
    assert effects(technology(1), word, alike=1.0) == [("refused", OUT)]


def test_conditions_take_the_same_unmet_condition_down_in_that_need_only():
    def hot(identity, above):
        return technology(identity, conditions=(Condition("heat_source_temperature_c", Range(above)),))

    given_heat = {"heat_source_temperature_c": Range(60, 60)}
    word = refused("conditions", hot(1, 80))
    assert effects(hot(2, 70), word, quantities=given_heat) == [("conditions", DOWN)]
    assert effects(hot(2, 50), word, quantities=given_heat) == []
    assert effects(hot(2, 70), word, quantities=given_heat, demand_id=THERE) == []
    assert effects(technology(2), word, quantities=given_heat) == []


@pytest.mark.parametrize("verdict", ["interested", "introduced", "implemented"])
def test_interest_lifts_similar_ones_by_their_likeness(verdict):
    word = Word(THERE, technology(1), verdict)
    near, far = (effects_on(technology(2), [word], [a], demand_id=HERE, quantities={}) for a in (0.6, 0.4))
    assert near[0].lift > far[0].lift > 0 and near[0].params == {"technology": "技术1"}
    assert effects_on(technology(2), [word], [0.1], demand_id=HERE, quantities={}) == []


def test_what_was_carried_out_lifts_nothing_in_the_same_need():
    word = Word(HERE, technology(1), "implemented")
    assert effects_on(technology(2), [word], [0.6], demand_id=HERE, quantities={}) == []


def test_own_interest_outweighs_what_was_said_of_others():
    words = [Word(HERE, technology(2), "interested"), refused("in_use", technology(1))]
    found = effects_on(technology(2), words, [1.0, 0.9], demand_id=HERE, quantities={})
    assert [(effect.code, effect.params) for effect in found] == [("interested", {"is_same": True})]


def test_refusal_of_a_kind_outweighs_interest_in_it():
    words = [Word(HERE, technology(3), "interested"), refused("tried", technology(1))]
    found = effects_on(technology(2), words, [0.6, 0.6], demand_id=HERE, quantities={})
    assert [effect.code for effect in found] == ["tried"]


def test_one_reason_given_twice_counts_once():
    words = [refused("tried", technology(1)), refused("tried", technology(3))]
    found = effects_on(technology(2), words, [0.5, 0.6], demand_id=HERE, quantities={})
    assert [effect.code for effect in found] == ["tried"]


EFFECTS = st.lists(
    st.sampled_from(
        [[], [Effect("cost", factor=DOWN)], [Effect("in_use", factor=OUT)], [Effect("interested", lift=0.2)]]
    ),
    min_size=1,
    max_size=12,
)


@given(EFFECTS, st.data())
def test_order_keeps_untouched_ones_in_their_order_and_sinks_refused_ones(own, data):
    scores = data.draw(st.lists(st.floats(0.35, 1), min_size=len(own), max_size=len(own)))
    order = order_after(scores, own)
    assert sorted(order) == list(range(len(own)))
    untouched = [place for place in order if not own[place]]
    assert untouched == sorted(untouched)
    sunk = [any(effect.factor < 1 for effect in own[place]) for place in order]
    assert sunk == sorted(sunk)
    assert all(0 <= changed_score(score, each) <= 1 for score, each in zip(scores, own, strict=True))


def test_likeness_tells_a_kind_from_what_shares_single_words():
    titles = [
        "空压机余热回收",
        "空压机油路余热回收装置",
        "磁悬浮离心鼓风机",
        "LED智能照明控制",
        "锅炉烟气余热回收",
    ]
    profiles = [TechnologyProfile(number, title) for number, title in enumerate(titles)]
    model = TextModel.fit(titles, [""] * len(titles))
    same, other, light, smoke = similarities(model, profiles[:1], profiles[1:])[0]
    assert same > 0.5 > smoke > other >= light
