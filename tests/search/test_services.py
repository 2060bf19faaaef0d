"""The index follows the libraries."""

import pytest
from django.core.management import call_command

from catalog.models import Demand, Technology
from catalog.services.publishing import publish_directly, save_draft
from catalog.signals import listings_changed
from search.engine import Query
from search.models import Change, Entry
from search.services import current_engine, engine_report, follow, rebuild_index, record_changes

pytestmark = pytest.mark.django_db


def found(text="", kind="technology"):
    return [hit.object_id for hit in current_engine().search(Query(kind, text)).hits]


def waiting():
    return engine_report()["waiting"]


def test_publication_is_found_after_the_transaction(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        technology = publish_directly(Technology(title="屋顶光伏"), user=cast.librarian)
        assert found() == []
    assert found("光伏") == [technology.pk]
    assert not Change.objects.exists()


def test_draft_of_a_live_listing_does_not_change_the_index(cast, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        technology = publish_directly(Technology(title="屋顶光伏"), user=cast.librarian)
        draft = technology.get_latest_revision_as_object()
        draft.title = "空气源热泵"
        save_draft(draft, user=cast.librarian)
    assert (found("光伏"), found("热泵")) == ([technology.pk], [])


def test_unpublished_listing_is_hidden_in_the_same_transaction(make_technology, index):
    technology = make_technology()
    index()
    technology.unpublish()
    assert found() == [] and waiting() == 1


def test_deleted_listing_is_hidden_in_the_same_transaction(make_technology, index):
    technology = make_technology()
    index()
    technology.delete()
    assert found() == []
    assert (follow(), Entry.objects.count()) == (1, 0)


def test_changed_demand_is_hidden_until_indexed_anew(make_demand, index):
    demand = make_demand()
    index()
    Demand.objects.filter(pk=demand.pk).update(visibility={"problem": "officials"})
    listings_changed.send(sender=Demand, kind="demand", ids=[demand.pk])
    assert found(kind="demand") == []
    follow()
    assert found(kind="demand") == [demand.pk]


def test_lost_message_is_made_up_for_by_the_sweep(make_technology):
    technology = make_technology()
    record_changes("technology", [technology.pk])
    record_changes("technology", [technology.pk])
    assert waiting() == 1
    assert (follow(), found()) == (1, [technology.pk])
    assert follow() == 0


def test_organisation_renamed_is_found_by_its_new_name(
    make_technology, cast, django_capture_on_commit_callbacks
):
    technology = make_technology(organisation=cast.supplier_firm)
    rebuild_index()
    with django_capture_on_commit_callbacks(execute=True):
        cast.supplier_firm.name = "示例改名公司"
        cast.supplier_firm.save()
    assert found("改名") == [technology.pk]


def test_rebuild_adds_what_is_missing_and_forgets_the_rest(make_technology, make_demand, capsys):
    technology = make_technology()
    demand = make_demand()
    rebuild_index()
    Technology.objects.filter(pk=technology.pk).update(live=False)
    second = make_technology("冷凝水回收")
    call_command("rebuild_search")
    assert (found(), found(kind="demand")) == ([second.pk], [demand.pk])
    assert capsys.readouterr().out.splitlines()[:2] == ["节能技术：1", "技术需求：1"]


def test_listing_that_cannot_be_indexed_keeps_no_other_waiting(make_technology, caplog, fallbacks):
    broken, sound = make_technology(cooperation_modes=[{"a": 1}]), make_technology()
    record_changes("technology", [broken.pk, sound.pk])
    follow()
    assert (found(), Change.objects.count()) == ([sound.pk], 0)
    assert f"technology {broken.pk} cannot be indexed" in caplog.text


def test_signal_without_ids_does_nothing(django_assert_num_queries):
    with django_assert_num_queries(0):
        listings_changed.send(sender=Technology, kind="technology", ids=[])
