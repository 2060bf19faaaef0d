import math
from collections import defaultdict
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.fairness import SLOT, Entry, Move, fair_order, gini, position_weight


def tier(score):
    return 0 if score >= 0.5 else 1 if score >= 0.3 else 2


scores = st.integers(10, 90).map(lambda each: each / 100)
views = st.none() | st.floats(0, 1)
entries = st.lists(
    st.tuples(scores, st.sampled_from([None, "a", "b", "c"]), views, st.booleans()), max_size=30
).map(
    lambda drawn: [
        Entry(number, score, tier(score), supplier, view, is_new and supplier is not None)
        for number, (score, supplier, view, is_new) in enumerate(sorted(drawn, key=lambda each: -each[0]))
    ]
)
SHARES = {"a": 0.7, "b": 0.2, "c": 0.1}
RULES = {"shares": SHARES, "largest_share": 0.3, "near": 0.03, "new_margin": 0.05}


@settings(max_examples=300, deadline=None)
@given(entries)
def test_order_is_a_permutation_that_keeps_the_tiers(found):
    order, _moves = fair_order(found, **RULES)
    assert sorted(order) == list(range(len(found)))
    tiers = [found[place].tier for place in order]
    assert tiers == sorted(tiers)


@settings(max_examples=200, deadline=None)
@given(entries)
def test_the_same_list_comes_out_every_time(found):
    assert fair_order(found, **RULES) == fair_order(list(found), **RULES)


@settings(max_examples=300, deadline=None)
@given(entries)
def test_cap_alone_lets_pass_only_what_is_nearly_as_good(found):
    plain = [replace(entry, view=None, is_new=False) for entry in found]
    order, moves = fair_order(plain, shares=SHARES, largest_share=0.3, near=0.03)
    for rank, place in enumerate(order):
        for later in order[rank + 1 :]:
            if plain[later].score > plain[place].score:
                assert plain[later].supplier == "a"
                assert plain[later].tier == plain[place].tier
                assert plain[later].score - plain[place].score <= 0.03 + 1e-9
    assert all(plain[place].supplier == "a" for place in moves)


@settings(max_examples=300, deadline=None)
@given(entries)
def test_new_listing_takes_one_place_and_never_the_first_three(found):
    plain = [replace(entry, view=None) for entry in found]
    order, moves = fair_order(plain, shares={}, new_margin=0.05)
    assert order[: SLOT - 1] == list(range(len(plain)))[: SLOT - 1]
    moved = [place for place, own in moves.items() if any(move.rule == "new" for move in own)]
    assert len(moved) <= 1
    for place in moved:
        assert order[SLOT - 1] == place and plain[place].is_new
        assert plain[place].score >= plain[SLOT - 1].score - 0.05 - 1e-9
    assert [place for place in order if place not in moved] == [
        place for place in range(len(plain)) if place not in moved
    ]


def test_without_rules_nothing_moves():
    found = [Entry(number, 0.9 - number / 100, 0, "a") for number in range(10)]
    assert fair_order(found, shares=SHARES) == (list(range(10)), {})


def test_new_listing_too_weak_or_of_a_lower_tier_stays():
    strong = [Entry(number, 0.8, 0) for number in range(4)]
    weak = Entry("new", 0.74, 0, "c", None, True)
    assert fair_order([*strong, weak], shares={}, new_margin=0.05)[1] == {}
    edge = [Entry(number, 0.51, 0) for number in range(4)]
    unsure = Entry("new", 0.49, 1, "c", None, True)
    assert fair_order([*edge, unsure], shares={}, new_margin=0.05)[1] == {}
    near = Entry("new", 0.76, 0, "c", None, True)
    order, moves = fair_order([*strong, Entry("old", 0.77, 0), near], shares={}, new_margin=0.05)
    assert order == [0, 1, 2, 5, 3, 4]
    assert moves == {5: [Move("new", 6, 4)]}


def test_what_breaks_a_condition_is_left_alone():
    broken = [
        Entry(number, 0.1 - number / 1000, 2, "a", 0.0 if number % 2 else 1.0, True) for number in range(9)
    ]
    assert fair_order(broken, **RULES) == (list(range(9)), {})


def test_supplier_view_decides_between_nearly_equal_ones():
    keen, tired = Entry("keen", 0.70, 0, "a", 1.0), Entry("tired", 0.71, 0, "b", 0.0)
    order, moves = fair_order([tired, keen], shares={})
    assert order == [1, 0]
    assert moves == {0: [Move("view", 1, 2)], 1: [Move("view", 2, 1)]}
    far = replace(tired, score=0.80)
    assert fair_order([far, keen], shares={})[0] == [0, 1]


def simulated(seed):
    """Return 400 lists over 300 technologies of 30 suppliers, four of which own nearly half and fit a little better."""
    random = np.random.default_rng(seed)
    owner = np.where(random.random(300) < 0.45, random.integers(0, 4, 300), random.integers(4, 30, 300))
    quality = random.normal(0, 0.05, 300) + 0.02 * (owner < 4)
    lists = []
    for _need in range(400):
        found = np.clip(0.45 + quality + random.normal(0, 0.12, 300), 0, 1)
        best = np.argsort(-found)[:50]
        lists.append(
            [Entry(int(each), float(found[each]), tier(found[each]), int(owner[each])) for each in best]
        )
    return lists


def exposure(lists, orders):
    total = defaultdict(float)
    for found, order in zip(lists, orders, strict=True):
        for rank, place in enumerate(order, start=1):
            total[found[place].supplier] += position_weight(rank)
    return total


def top_ten_mean(lists, orders):
    return np.mean(
        [found[place].score for found, order in zip(lists, orders, strict=True) for place in order[:10]]
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_cap_makes_exposure_more_equal_and_costs_little(seed):
    lists = simulated(seed)
    by_score = [list(range(len(found))) for found in lists]
    before = exposure(lists, by_score)
    total = sum(before.values())
    shares = {supplier: amount / total for supplier, amount in before.items()}
    orders = [fair_order(found, shares=shares, largest_share=0.05, near=0.03)[0] for found in lists]
    after = exposure(lists, orders)
    first_ten_before, first_ten_after = (
        gini(list(exposure(lists, [order[:10] for order in each]).values())) for each in (by_score, orders)
    )
    assert gini(list(after.values())) < gini(list(before.values()))
    assert first_ten_after < first_ten_before
    assert top_ten_mean(lists, orders) > 0.98 * top_ten_mean(lists, by_score)
    assert max(after.values()) < max(before.values())


def test_gini_of_nothing_is_unknown():
    assert math.isnan(gini([])) and math.isnan(gini([0, 0]))
