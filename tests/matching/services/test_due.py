"""A lost message is made up for, and work that is done is not done again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.signals import listings_changed
from matching import tasks
from matching.models import DueWork, Recommendation
from matching.services.due import OVERDUE_AFTER, doing, overdue, record_due

pytestmark = pytest.mark.django_db


def make_old():
    DueWork.objects.update(recorded_at=timezone.now() - OVERDUE_AFTER - timedelta(seconds=1))


def test_list_whose_message_was_lost_is_made_up_for(make_technology, make_demand, taxonomy):
    make_technology(systems=[taxonomy.compressed_air])
    demand = make_demand(systems=[taxonomy.compressed_air])
    Recommendation.objects.all().delete()
    DueWork.objects.all().delete()
    record_due("demand", [demand.pk])
    tasks.make_up()
    assert not Recommendation.objects.exists()
    make_old()
    tasks.make_up()
    assert Recommendation.objects.filter(demand=demand).count() == 1
    assert not DueWork.objects.exists()


def test_change_records_and_done_work_forgets(
    make_technology, make_demand, django_capture_on_commit_callbacks
):
    rows = {"demand": make_demand(), "technology": make_technology()}
    with django_capture_on_commit_callbacks() as callbacks:
        for kind, row in rows.items():
            listings_changed.send(sender=type(row), kind=kind, ids=[row.pk])
            assert DueWork.objects.filter(kind=kind, object_id=row.pk).count() == 1
    for callback in callbacks:
        callback()
    assert not DueWork.objects.exists()


def test_change_during_the_work_stays_due():
    record_due("demand", [1, 2])
    with doing("demand", [1, 2]):
        record_due("demand", [2])
    assert list(DueWork.objects.values_list("object_id", flat=True)) == [2]


def test_failed_work_stays_due():
    record_due("demand", [1])
    with pytest.raises(ZeroDivisionError), doing("demand", [1]):
        raise ZeroDivisionError
    assert DueWork.objects.count() == 1


def test_overdue_work_comes_in_shares_and_recorded_twice_is_one_row():
    record_due("technology", range(450))
    record_due("technology", range(10))
    make_old()
    assert [(kind, len(ids)) for kind, ids in overdue()] == [
        ("technology", 200),
        ("technology", 200),
        ("technology", 50),
    ]
