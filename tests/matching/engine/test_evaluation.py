import math

import pytest

from matching.engine.evaluation import evaluate, ndcg
from matching.engine.profiles import DemandProfile, TechnologyProfile


def test_ndcg_is_one_for_the_ideal_order_and_counts_ten_places():
    grades = [4, 3, 2, 1] + [1] * 20
    assert ndcg(grades, range(24, 0, -1)) == pytest.approx(1)
    assert ndcg([1] * 10 + [4], range(11, 0, -1)) == 0


def test_evaluate_leaves_out_needs_without_a_grade_above_one_and_unknown_ids():
    needs = [DemandProfile("n", "余热"), DemandProfile("m", "照明"), DemandProfile("unjudged", "窑炉")]
    library = [TechnologyProfile("a", "余热"), TechnologyProfile("b", "照明")]
    grades = {"n": {"a": 2, "b": 1, "gone": 4}, "m": {"a": 1}, "nobody": {"a": 4}}
    result = evaluate(needs, library, grades)
    assert (result.need_count, result.pair_count, result.ndcg_at_10) == (1, 3, 1.0)
    assert math.isnan(result.mean_average_precision)


def test_evaluate_nothing_gives_no_figure():
    assert math.isnan(evaluate([], [], {}).ndcg_at_10)
