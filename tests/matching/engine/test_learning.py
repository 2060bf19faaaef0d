"""Weights learned from simulated feedback: a hidden preference is found, noise is refused."""

from dataclasses import replace

import numpy as np
import pytest

from matching.engine.learning import (
    Judgement,
    LearningRefused,
    Table,
    capped,
    compare,
    cross_compare,
    fit,
    scores,
    weighted_means,
)
from matching.engine.model import PARTS, shipped_model

SHIPPED = shipped_model()
HIDDEN = {"payback": 0.4, "budget": 0.3, "title": 0.02, "body": 0.02, "system": 0.02}


def simulated(seed, *, hidden=None, count=300, organisations=25, bias=0.0, of=None):
    """Return judgements of organisations that weigh the parts in their own way, or of none that do."""
    random = np.random.default_rng(seed)
    found = []
    for number in range(count):
        values = {part: float(random.beta(2, 2)) if random.random() > 0.3 else None for part in PARTS}
        values["title"] = float(random.beta(2, 2))
        rank = int(random.integers(1, 30))
        chance = 0.5
        if hidden:
            row = np.array([[np.nan if values[part] is None else values[part] for part in PARTS]])
            weights = np.array([hidden.get(part, SHIPPED.weights[part]) for part in PARTS])
            logit = 12 * (weighted_means(row, weights)[0] - 0.5) - bias * np.log2(1 + rank)
            chance = 1 / (1 + np.exp(-logit))
        organisation = number % organisations if of is None else of
        found.append(Judgement(organisation, values, bool(random.random() < chance), rank=rank))
    return found


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_hidden_preference_is_found_and_passes(seed):
    table = Table.build(simulated(seed, hidden=HIDDEN))
    comparison = cross_compare(table, SHIPPED)
    assert comparison.objections == [] and comparison.gain > 0.05
    weights = fit(table, SHIPPED, version="learned").weights
    assert weights["payback"] > 2 * SHIPPED.weights["payback"]
    assert weights["budget"] > 2 * SHIPPED.weights["budget"]
    assert weights["title"] < SHIPPED.weights["title"] and weights["system"] < SHIPPED.weights["system"]


@pytest.mark.parametrize("seed", [1, 2, 3, 4, 5])
def test_noise_is_refused(seed):
    assert cross_compare(Table.build(simulated(seed)), SHIPPED).objections


def test_position_bias_is_not_taken_for_a_preference():
    table = Table.build(simulated(7, hidden=HIDDEN, bias=0.8))
    assert cross_compare(table, SHIPPED).gain > 0.05
    weights = fit(table, SHIPPED, version="learned").weights
    assert weights["payback"] > 2 * SHIPPED.weights["payback"]


def test_weights_keep_their_sum_and_their_bounds():
    weights = fit(Table.build(simulated(1, hidden=HIDDEN)), SHIPPED, version="learned").weights
    assert sum(weights.values()) == pytest.approx(sum(SHIPPED.weights.values()))
    assert all(np.isfinite(weight) and weight > 0 for weight in weights.values())
    assert all(weights[part] >= 0.3 * SHIPPED.weights[part] for part in PARTS)


def test_little_feedback_moves_little():
    few = fit(Table.build(simulated(1, hidden=HIDDEN, count=10)), SHIPPED, version="few").weights
    many = fit(Table.build(simulated(1, hidden=HIDDEN, count=600)), SHIPPED, version="many").weights
    moved = [sum(abs(weights[p] - SHIPPED.weights[p]) for p in PARTS) for weights in (few, many)]
    assert moved[0] < moved[1] / 2


def test_one_organisation_does_not_dominate():
    loud = [replace(each, organisation="loud") for each in simulated(8, hidden={"cases": 0.9}, count=2000)]
    table = Table.build([*simulated(1, hidden=HIDDEN), *loud])
    share = table.weights[table.organisations == "loud"].sum() / table.weights.sum()
    assert share == pytest.approx(2 / 27, rel=0.01)
    weights = fit(table, SHIPPED, version="learned").weights
    assert weights["payback"] > SHIPPED.weights["payback"]


def test_nobody_is_cut_where_all_say_as_much():
    assert capped(np.ones(4), np.array(["a", "b", "c", "d"])).tolist() == [1, 1, 1, 1]


@pytest.mark.parametrize("weight", [float("nan"), float("inf"), -1.0])
def test_senseless_weights_are_refused(weight):
    rows = simulated(1, count=5)
    rows[3] = replace(rows[3], weight=weight)
    with pytest.raises(LearningRefused, match="a weight of feedback is"):
        Table.build(rows)


@pytest.mark.parametrize("value", [float("nan"), -0.1, 1.2])
def test_senseless_values_are_refused(value):
    with pytest.raises(LearningRefused, match="the value of title"):
        Table.build([Judgement(1, {"title": value}, True)])


def test_nothing_to_learn_from_is_said():
    with pytest.raises(LearningRefused, match="no feedback"):
        Table.build([Judgement(1, {"title": 0.5}, True, weight=0)])


def test_one_organisation_or_one_kind_of_word_cannot_be_compared():
    assert cross_compare(Table.build(simulated(1, of="a", count=20)), SHIPPED).objections == [
        "nothing_to_compare"
    ]
    wanted = [replace(each, is_wanted=True) for each in simulated(1, count=50)]
    assert cross_compare(Table.build(wanted), SHIPPED).objections == ["nothing_to_compare"]


def test_parts_and_ranks_that_nobody_knows_are_no_hindrance():
    rows = [Judgement(n % 9, {}, bool(n % 2)) for n in range(40)]
    table = Table.build(rows)
    weights = fit(table, SHIPPED, version="learned").weights
    assert weights == pytest.approx(SHIPPED.weights, abs=1e-6)


def test_conflict_stays_below_everything_else():
    values = {"title": 0.9, "system": 1.0}
    rows = [Judgement(1, values, True), Judgement(1, values, False, has_conflict=True)]
    free, broken = scores(Table.build(rows), SHIPPED)
    assert broken < free / 2


def test_worse_model_has_every_objection():
    table = Table.build(simulated(1, hidden=HIDDEN))
    good = scores(table, SHIPPED)
    found = compare(table, good, -good).objections
    assert found == ["auc_below", "ndcg_below"]
