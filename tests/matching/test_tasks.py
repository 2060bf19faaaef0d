from datetime import timedelta
from uuid import uuid4

import pytest
from django.utils import timezone

from matching import tasks
from matching.models import MatchingShare, Recommendation
from matching.models.shares import LEASE
from matching.services import recommending
from matching.services.shares import begin_run, compute_share, shares_left_behind


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


def test_match_all_in_shares_stores_what_it_stores_at_once(shelf, settings):
    tasks.match_all()
    at_once = rows()
    assert len({demand for _, demand, _, _ in at_once}) == 5
    settings.MATCHING_NEEDS_PER_TASK = 2
    assert len(begin_run()) == 3
    tasks.match_all()
    assert rows() == at_once
    assert not MatchingShare.objects.exists()


def test_a_share_done_twice_is_as_if_done_once(shelf):
    (share,) = begin_run()
    tasks.match_share(share_id=share)
    once = rows()
    tasks.match_share(share_id=share)
    assert rows() == once


def test_shares_leave_other_demands_alone(shelf, settings):
    settings.MATCHING_NEEDS_PER_TASK = 2
    assert not compute_share(begin_run()[0])
    assert {demand for _, demand, _, _ in rows()} == {shelf[0].pk, shelf[1].pk}
    assert MatchingShare.objects.count() == 2


def test_a_share_that_a_living_worker_holds_is_left_to_it(shelf):
    (share,) = begin_run()
    MatchingShare.objects.update(held_until=timezone.now() + timedelta(minutes=1), holder=uuid4())
    assert not compute_share(share)
    assert rows() == []
    tasks.resume_matching()
    assert rows() == []


def test_what_a_silent_worker_left_is_queued_once_and_taken_up_where_it_stopped(shelf):
    begin_run()
    past = timezone.now() - 2 * LEASE
    MatchingShare.objects.update(first_id=shelf[3].pk, held_until=past, queued_at=past, holder=uuid4())
    assert len(shares_left_behind()) == 1
    assert shares_left_behind() == []
    MatchingShare.objects.update(queued_at=past)
    tasks.resume_matching()
    assert {demand for _, demand, _, _ in rows()} == {shelf[3].pk, shelf[4].pk}
    assert not MatchingShare.objects.exists()


def test_a_worker_that_lost_its_share_stops_at_its_next_step(shelf, monkeypatch):
    (share,) = begin_run()
    monkeypatch.setattr(recommending, "BATCH", 1)
    update = recommending.update_demands

    def lose(ids):
        MatchingShare.objects.update(holder=uuid4())
        return update(ids)

    monkeypatch.setattr(recommending, "update_demands", lose)
    assert not compute_share(share)
    assert {demand for _, demand, _, _ in rows()} == {shelf[0].pk}
    assert MatchingShare.objects.count() == 1


def test_match_all_in_shares_drops_lists_of_demands_that_are_gone(shelf, settings):
    tasks.match_all()
    gone = shelf[2]
    type(gone).objects.filter(pk=gone.pk).update(live=False, first_published_at=gone.created_at)
    settings.MATCHING_NEEDS_PER_TASK = 2
    tasks.match_all()
    assert {demand for _, demand, _, _ in rows()} == {each.pk for each in shelf} - {gone.pk}


def test_match_all_without_demands_ends(db):
    tasks.match_all()
    assert rows() == []
