import pytest
from django.core.management import call_command

from catalog.masking import Level, viewer_level
from catalog.models import Demand, Technology
from catalog.services.publishing import publish_directly
from matching.models import LibraryChange, Recommendation


@pytest.fixture
def published(cast, taxonomy, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        technology = Technology(title="空压机余热回收", organisation=cast.supplier_firm)
        technology.systems.set([taxonomy.compressed_air])
        technology = publish_directly(technology, user=cast.librarian)
    with django_capture_on_commit_callbacks(execute=True):
        demand = Demand(title="空压机余热没有利用", organisation=cast.enterprise_firm)
        demand.systems.set([taxonomy.compressed_air])
        demand = publish_directly(demand, user=cast.librarian)
    return demand, technology


def test_publishing_matches_and_unpublishing_removes(published, django_capture_on_commit_callbacks):
    demand, technology = published
    assert [each.technology for each in demand.recommendations.all()] == [technology]
    with django_capture_on_commit_callbacks(execute=True):
        technology.unpublish()
    assert not demand.recommendations.exists()


def test_publishing_a_technology_later_reaches_the_demand(
    published, cast, django_capture_on_commit_callbacks
):
    demand, _ = published
    with django_capture_on_commit_callbacks(execute=True):
        second = publish_directly(
            Technology(title="空压机余热利用系统", organisation=cast.second_firm), user=cast.librarian
        )
    assert demand.recommendations.filter(technology=second).exists()


def test_unpublishing_a_demand_drops_its_list(published, django_capture_on_commit_callbacks):
    demand, _ = published
    with django_capture_on_commit_callbacks(execute=True):
        demand.unpublish()
    assert not Recommendation.objects.exists()


def test_deleting_a_technology_is_recorded_for_every_index(published, django_capture_on_commit_callbacks):
    _, technology = published
    pk = technology.pk
    with django_capture_on_commit_callbacks(execute=True):
        technology.delete()
    assert LibraryChange.objects.last().technology_id == pk
    assert not Recommendation.objects.exists()


def test_only_the_supplier_of_a_recommended_technology_is_matched(published, cast):
    demand, _ = published
    levels = {
        name: viewer_level(demand, getattr(cast, name))
        for name in ("supplier", "second_supplier", "bank", "enterprise", "pusher")
    }
    assert levels == {
        "supplier": Level.MATCHED,
        "second_supplier": Level.PUBLIC,
        "bank": Level.PUBLIC,
        "enterprise": Level.OWNER,
        "pusher": Level.OFFICIALS,
    }


def test_supplier_whose_technology_left_the_public_view_is_not_matched(published, cast):
    demand, technology = published
    Technology.objects.filter(pk=technology.pk).update(live=False)
    assert viewer_level(demand, cast.supplier) == Level.PUBLIC


def test_weak_match_does_not_open_the_released_fields(published, cast):
    demand, _ = published
    Recommendation.objects.update(base_score=0.45)
    assert viewer_level(demand, cast.supplier) == Level.PUBLIC


def test_match_all_command_says_what_it_did(published, capsys):
    call_command("match_all")
    assert capsys.readouterr().out.startswith("已为 1 条需求计算推荐，共 1 条")
