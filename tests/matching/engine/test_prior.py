import json
import math
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from matching.engine.index import MatchIndex
from matching.engine.model import RankingModel, shipped_model
from matching.engine.prior import FILE, KIND_OF_SYSTEM, prior_of, shipped_prior
from matching.engine.prior_fit import KINDS, PATTERNS, Outcomes, fit
from matching.engine.profiles import Range
from tests.matching.engine.library import COOLING_WATER_NEED, HEAT_PUMP, LIBRARY, ORC

figures = st.one_of(st.floats(0, 1e9), st.just(math.nan))
systems = st.lists(st.sampled_from([*KIND_OF_SYSTEM, "process", "nonsense"]), max_size=4)


@settings(max_examples=200, deadline=None)
@given(figures, figures, systems, st.floats(1, 100))
def test_prior_never_rises_with_payback_or_cost(payback, cost, codes, factor):
    prior = shipped_prior()
    share = prior.probability(payback, cost, codes)
    assert 0 < share < 1
    assert prior.probability(payback * factor, cost, codes) <= share
    assert prior.probability(payback, cost * factor, codes) <= share


@settings(max_examples=100, deadline=None)
@given(figures, figures, systems)
def test_value_of_known_figures_needs_no_cutting(payback, cost, codes):
    prior = shipped_prior()
    if not (math.isnan(payback) and math.isnan(cost)):
        share = prior.probability(payback, cost, codes)
        assert prior.lowest - 1e-3 <= share <= prior.highest + 1e-3


@pytest.mark.parametrize("nonsense", [math.nan, math.inf, -math.inf, -3.0])
def test_nonsense_counts_as_unknown(nonsense):
    prior = shipped_prior()
    assert prior.probability(nonsense, nonsense) == prior.probability()
    assert prior.probability() == pytest.approx(prior.overall, abs=0.001)


def test_unknown_figures_give_no_prior_and_an_unknown_part():
    silent = replace(HEAT_PUMP, payback_years=Range(), investment_cny=Range())
    assert prior_of(silent) is None
    match = MatchIndex.build([silent]).match(COOLING_WATER_NEED, silent.id)
    assert [part.value for part in match.parts if part.name == "prior"] == [None]
    assert "prior" not in {reason.code for reason in match.reasons}


def test_shorter_payback_scores_higher_and_the_parts_add_up():
    need = replace(COOLING_WATER_NEED, max_payback_years=None)
    quick = replace(HEAT_PUMP, payback_years=Range(0.5, 1))
    slow = replace(HEAT_PUMP, payback_years=Range(4, 5))
    scores = []
    for technology in (quick, slow):
        match = MatchIndex.build([*LIBRARY, technology]).match(need, technology.id)
        assert sum(part.contribution for part in match.parts) == pytest.approx(match.score)
        scores.append(match.score)
    assert 0 < scores[0] - scores[1] < 0.03


def test_prior_weighs_little_and_older_models_do_not_know_it():
    assert 0 < shipped_model().weights["prior"] <= 0.03
    values = json.loads(shipped_model().to_json())
    del values["weights"]["prior"]
    assert RankingModel.from_json(json.dumps(values)).weights["prior"] == 0


def test_shipped_file_says_where_it_is_from_and_how_good_it_is():
    values = json.loads(FILE.read_text(encoding="utf-8"))
    assert set(values["curves"]) == set(PATTERNS)
    assert {"note", "rows", "years", "brier", "brier_of_mean", "auc"} == set(values["source"])
    assert values["source"]["brier"] < values["source"]["brier_of_mean"]
    assert FILE.stat().st_size < 5000


def test_reason_quotes_the_share():
    reasons = MatchIndex.build(LIBRARY).match(COOLING_WATER_NEED, ORC.id).reasons
    (reason,) = [each for each in reasons if each.code == "prior"]
    assert reason.params["share"] == round(prior_of(ORC), 3)
    assert (reason.verdict, reason.uses) == ("unknown", ())


def outcomes(count=3000, seed=1):
    random = np.random.default_rng(seed)
    payback = np.exp(random.uniform(-1.3, 1.6, count))
    cost = np.exp(random.uniform(5, 14, count))
    kinds = random.choice(KINDS, count)
    odds = 2 - 0.6 * np.log(payback) - 0.2 * np.log(cost) + 0.5 * (kinds == "power")
    payback[::10] = math.nan
    return Outcomes(
        payback, cost, kinds, np.arange(count) // 8, np.arange(count) // 300, np.full(count, 2000),
        random.random(count) < 1 / (1 + np.exp(-odds)),
    )  # fmt: skip


def test_fit_finds_the_slopes_again():
    result = fit(outcomes())
    curve = result.curves["payback+cost+kind"]
    assert curve["payback"] == pytest.approx(-0.6, abs=0.15)
    assert curve["cost"] == pytest.approx(-0.2, abs=0.06)
    assert curve["kind:power"] - curve["kind:heat"] == pytest.approx(0.5, abs=0.35)
    best = result.qualities[0]
    assert (best.rows, len(best.table)) == (2700, 10)
    assert best.brier < best.brier_of_mean and best.auc > 0.6


def test_fit_is_the_same_every_time_and_never_rises():
    assert fit(outcomes()).to_dict("") == fit(outcomes()).to_dict("")
    upside_down = outcomes()
    result = fit(replace(upside_down, is_done=~upside_down.is_done))
    assert all(curve.get(name, 0) <= 0 for curve in result.curves.values() for name in ("payback", "cost"))


def test_too_little_to_learn_from_is_said():
    few = outcomes(20)
    with pytest.raises(ValueError, match="too few"):
        fit(few)
    with pytest.raises(ValueError, match="too few"):
        fit(replace(outcomes(), is_done=np.ones(3000, dtype=bool)))
