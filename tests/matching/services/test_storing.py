from datetime import timedelta

import pytest
from django.db import connection
from django.utils import timezone

from matching.models import Recommendation
from matching.services.recommending import match_all, recommend_for_demand, update_demands
from matching.services.storing import Row, replace_lists

WORDS = {"code": "words", "verdict": "fits", "params": {"words": ["余热"]}, "uses": ["title"], "missing": None, "is_hard": False}  # fmt: skip
HARD = {"code": "condition", "verdict": "conflict", "params": {"share": 0.0}, "uses": [], "missing": None, "is_hard": True}  # fmt: skip
OPEN = {"code": "budget", "verdict": "unknown", "params": {}, "uses": ["budget_cny"], "missing": "technology", "is_hard": False}  # fmt: skip
PARTS = [
    {"name": "title", "value": 0.25, "contribution": 0.5},
    {"name": "cases", "value": None, "contribution": 0.0},
    {"name": "feedback", "value": None, "contribution": -0.125},
]


def row(demand, technology, place=1, score=0.5, **changes):
    values = {
        "parts": PARTS,
        "reasons": [WORDS, HARD, OPEN],
        "engine_version": "test",
        "score": score,
        "rank": place,
    }
    return Row(demand.pk, technology.pk, score, place, False, False, **(values | changes))  # fmt: skip


@pytest.fixture
def pairs(make_demand, make_technology):
    return make_demand(), [make_technology(f"技术{number}") for number in range(3)]


def stored(*fields):
    return list(Recommendation.objects.order_by("base_rank").values_list(*fields))


def test_parts_and_reasons_come_back_as_they_were_given(pairs):
    demand, technologies = pairs
    replace_lists({demand.pk: [row(demand, technologies[0])]}, now=timezone.now())
    kept = Recommendation.objects.get()
    assert (kept.parts, kept.reasons) == (PARTS, [WORDS, HARD, OPEN])
    kept.save()
    assert stored("parts", "reasons") == [(PARTS, [WORDS, HARD, OPEN])]


def test_only_rows_that_differ_are_written_and_pairs_keep_their_key(pairs):
    demand, technologies = pairs
    rows = [row(demand, each, place) for place, each in enumerate(technologies, start=1)]
    earlier, later = timezone.now() - timedelta(days=1), timezone.now()
    assert replace_lists({demand.pk: rows}, now=earlier) == 3
    before = stored("pk", "computed_at")
    assert replace_lists({demand.pk: rows}, now=later) == 1
    after = stored("pk", "computed_at")
    assert after == [(before[0][0], later), *before[1:]]
    rows[2].parts = []
    assert replace_lists({demand.pk: rows}, now=later) == 2
    assert stored("pk") == [(pk,) for pk, _ in before]
    assert Recommendation.objects.get(base_rank=3).parts == []


def test_pairs_that_left_are_deleted_and_other_lists_left_alone(pairs, make_demand):
    demand, technologies = pairs
    other = make_demand()
    now = timezone.now()
    replace_lists({other.pk: [row(other, technologies[0])]}, now=now)
    replace_lists({demand.pk: [row(demand, each) for each in technologies]}, now=now)
    replace_lists({demand.pk: [row(demand, technologies[1])]}, now=now)
    assert set(stored("demand", "technology")) == {
        (other.pk, technologies[0].pk),
        (demand.pk, technologies[1].pk),
    }
    replace_lists({demand.pk: []}, now=now)
    assert stored("demand") == [(other.pk,)]


def test_a_list_of_which_nothing_changed_costs_one_written_row(make_demand, make_technology):
    demand = make_demand("空压机余热没有利用")
    for number in range(3):
        make_technology(f"空压机余热回收{number}")
    match_all()
    before = stored("pk", "score", "parts", "reasons", "engine_version")
    assert len(before) == 3
    with connection.execute_wrapper(count := Counted()):
        update_demands([demand.pk])
    assert count.written == [1]
    assert stored("pk", "score", "parts", "reasons", "engine_version") == before
    assert recommend_for_demand(demand)[0].computed_at >= demand.updated_at


class Counted:
    """Note how many recommendations each statement writes."""

    def __init__(self):
        self.written = []

    def __call__(self, execute, sql, params, many, context):
        if sql.startswith('INSERT INTO "matching_recommendation"'):
            self.written.append(len(params) if many else len(params[0]))
        return execute(sql, params, many, context)
