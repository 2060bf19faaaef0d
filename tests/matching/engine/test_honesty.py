"""What is said of a score is true: parts add up, words stand in both texts, and a changed fact changes the score."""

import math
from dataclasses import replace

import pytest
from hypothesis import assume, example, given, settings
from hypothesis import strategies as st

from matching.engine.index import MatchIndex
from matching.engine.profiles import Condition, DemandProfile, Range, TechnologyProfile
from matching.engine.reasons import find_reasons
from matching.engine.text import normalise
from matching.rounding import points, whole_points
from search.lexicon import lexicon
from tests.matching.engine.library import COOLING_WATER_NEED, HEAT_PUMP, LIBRARY, ORC
from tests.matching.engine.test_index import demands, technologies

WORDS = [
    "余热",
    "空压机",
    "空气压缩机",
    "热泵",
    "烟气",
    "蒸汽",
    "锅炉",
    "变频",
    "冷却塔",
    "照明",
    "回收",
    "永磁电机",
]
PLAIN = ["技术", "研究", "改造", "我厂", "项目"]
OTHER = "膨胀做功工质"  # words of the library that no need here says
quick = settings(max_examples=60, deadline=None)

titles = st.lists(st.sampled_from(WORDS + PLAIN), min_size=1, max_size=5).map("的".join)
bodies = st.lists(st.sampled_from(WORDS + PLAIN), max_size=8).map("，".join)
written_needs = st.builds(DemandProfile, st.just(1), titles, bodies)
written_technologies = st.builds(TechnologyProfile, st.just(9), titles, bodies)


def index_of(*technologies):
    return MatchIndex.build([*LIBRARY, *technologies])


def value_of(match, name):
    return next(part.value for part in match.parts if part.name == name)


@quick
@given(demands, technologies)
def test_parts_add_up_to_the_score(demand, technology):
    match = index_of().match_of(demand, technology)
    assert math.isclose(sum(each.contribution for each in match.parts), match.score, abs_tol=1e-9)
    assert all(each.contribution == 0 for each in match.parts if each.value is None)


@quick
@given(demands, technologies)
def test_points_shown_add_up_to_the_points_of_the_score(demand, technology):
    match = index_of().match_of(demand, technology)
    shown = whole_points([each.contribution for each in match.parts], points(match.score))
    assert sum(shown) == points(match.score)
    for each, whole in zip(match.parts, shown, strict=True):
        assert abs(whole - 100 * each.contribution) <= 2


@given(st.lists(st.floats(-1, 1), max_size=14), st.integers(-3, 3))
def test_rounding_keeps_the_sum_and_stays_near(shares, off):
    total = round(100 * sum(shares))
    assume(any(shares) and abs(off) <= sum(1 for share in shares if share))
    found = whole_points(shares, total + off)
    assert sum(found) == total + off
    assert all(abs(whole - 100 * share) < 3 for whole, share in zip(found, shares, strict=True))


@quick
@given(written_needs, written_technologies)
@example(DemandProfile(1, "空压机余热回收"), TechnologyProfile(9, "空气压缩机余热回收"))
def test_words_quoted_stand_in_both_texts(demand, technology):
    mine = "".join(normalise(f"{demand.title}\n{demand.body}").split())
    theirs = {"title": normalise(technology.title), "body": normalise(technology.body)}
    for reason in find_reasons(demand, technology):
        place = "".join(theirs.get(reason.params.get("field"), "").split())
        for word in reason.params.get("words", ()):
            assert "".join(word.split()) in mine and "".join(word.split()) in place
        for own, other in reason.params.get("pairs", ()):
            assert own in mine and other in place and own not in place


@quick
@given(written_needs, written_technologies)
@example(DemandProfile(1, "空压机余热回收"), TechnologyProfile(9, "空气压缩机余热回收"))
def test_part_falls_when_a_quoted_word_leaves_the_technology(demand, technology):
    """The library stays as it was fitted; only the technology that is scored loses the word.

    The part of the two texts that were quoted falls; topic and concepts look at the whole and may rise a little.
    """
    index = index_of(technology)
    before = index.match_of(demand, technology)
    for reason in before.reasons:
        field = reason.params.get("field")
        quoted = [*reason.params.get("words", ()), *(other for _own, other in reason.params.get("pairs", ()))]
        for word in quoted:
            text = getattr(technology, field)
            # What is still said by another name has not left.
            if any(name in text for term in lexicon().find(word) for name in lexicon().synonyms(term.term)):
                continue
            # As much else in its place: a shorter text would make more of what is left.
            names = word + "".join(term.concept for term in lexicon().find(word) if term.concept != term.term)
            without = text.replace(word, (OTHER * len(names))[: len(names)])
            after = index.match_of(demand, replace(technology, **{field: without}))
            name = "problem" if (field, reason.uses) == ("title", ("body",)) else field
            assert value_of(after, name) < value_of(before, name)


@quick
@given(st.floats(20, 300), st.floats(20, 300), st.floats(1, 200), st.booleans())
def test_figure_across_the_limit_lowers_the_score(given_value, least, width, is_hard):
    assume(not least <= given_value <= least + width)
    technology = replace(
        ORC, conditions=(Condition("heat_source_temperature_c", Range(least, least + width), is_hard),)
    )
    inside, outside = (
        replace(COOLING_WATER_NEED, quantities={"heat_source_temperature_c": Range(value, value)})
        for value in (least + width / 2, given_value)
    )
    index = index_of()
    fitting, broken = index.match_of(inside, technology), index.match_of(outside, technology)
    assert broken.score < fitting.score
    verdicts = [
        next(each.verdict for each in match.reasons if each.code == "condition")
        for match in (fitting, broken)
    ]
    assert verdicts == ["fits", "conflict"]


@pytest.mark.parametrize(
    ("code", "name", "within", "beyond"),
    [("payback", "max_payback_years", 9, 1), ("budget", "budget_cny", 9e9, 5)],
)
def test_limit_crossed_turns_the_reason_and_lowers_the_score(code, name, within, beyond):
    index = index_of()
    matches = [
        index.match_of(replace(COOLING_WATER_NEED, **{name: limit}), ORC) for limit in (within, beyond)
    ]
    assert [next(each.verdict for each in match.reasons if each.code == code) for match in matches] == [
        "fits",
        "conflict",
    ]
    assert matches[1].score < matches[0].score


@pytest.mark.parametrize(
    ("name", "part_name", "foreign"),
    [
        ("industries", "industry", ("A01",)),
        ("systems", "system", ("lighting",)),
        ("carriers", "carrier", ("coal",)),
    ],
)
def test_label_that_fits_lifts_and_one_that_conflicts_lowers(name, part_name, foreign):
    technology = replace(HEAT_PUMP, industries=("C26",), applies_to_all_industries=False)
    index = index_of()
    fitting = replace(COOLING_WATER_NEED, **{name: getattr(technology, name)[:1]})
    scores = {
        kind: index.match_of(demand, technology).score
        for kind, demand in (
            ("fits", fitting),
            ("silent", replace(fitting, **{name: ()})),
            ("conflicts", replace(fitting, **{name: foreign})),
        )
    }
    assert scores["fits"] > scores["silent"] > scores["conflicts"]


@quick
@given(demands, technologies)
def test_every_hard_conflict_is_said_and_every_one_said_is_in_the_score(demand, technology):
    match = index_of().match_of(demand, technology)
    is_said = any(reason.is_hard and reason.verdict == "conflict" for reason in match.reasons)
    assert is_said == any(each.name == "hard_conflict" for each in match.parts)
