import pytest

from matching import tasks
from matching.models import Recommendation
from matching.services import recommending


@pytest.fixture
def shelf(make_technology, make_demand, taxonomy):
    for title in ("空压机余热回收", "有机朗肯循环低温余热发电", "高效照明"):
        make_technology(title, systems=[taxonomy.compressed_air])
    return [
        make_demand(f"空压机余热没有利用{number}", systems=[taxonomy.compressed_air]) for number in range(5)
    ]


def rows():
    return list(
        Recommendation.objects.order_by("demand", "rank").values_list("pk", "demand", "technology", "score")
    )


def test_match_all_in_shares_stores_what_it_stores_at_once(shelf, monkeypatch):
    tasks.match_all()
    at_once = rows()
    assert len({demand for _, demand, _, _ in at_once}) == 5
    monkeypatch.setattr(recommending, "DEMANDS_OF_A_TASK", 2)
    assert len(recommending.partitions()) == 3
    tasks.match_all()
    assert rows() == at_once


def test_a_share_done_twice_is_as_if_done_once(shelf):
    (first, last), *_ = recommending.partitions()
    tasks.match_partition(first_id=first, last_id=last)
    once = rows()
    tasks.match_partition(first_id=first, last_id=last)
    assert rows() == once


def test_shares_leave_other_demands_alone(shelf):
    tasks.match_partition(first_id=shelf[0].pk, last_id=shelf[1].pk)
    assert {demand for _, demand, _, _ in rows()} == {shelf[0].pk, shelf[1].pk}


def test_match_all_in_shares_drops_lists_of_demands_that_are_gone(shelf, monkeypatch):
    tasks.match_all()
    gone = shelf[2]
    type(gone).objects.filter(pk=gone.pk).update(live=False, first_published_at=gone.created_at)
    monkeypatch.setattr(recommending, "DEMANDS_OF_A_TASK", 2)
    tasks.match_all()
    assert {demand for _, demand, _, _ in rows()} == {each.pk for each in shelf} - {gone.pk}
