import threading

import pytest
from django.utils import timezone

from catalog.models import Technology
from matching.engine import index as index_module
from matching.engine import merging, storage
from matching.engine.profiles import DemandProfile
from matching.models import LibraryChange, LibraryState
from matching.services import library
from matching.services.library import current_index, fit_anew_if_outgrown, rebuild_index, record_changes


def held():
    with current_index() as index:
        return index, {profile.id for profile in index.profiles()}


@pytest.fixture
def technologies(make_technology):
    return [make_technology(f"技术{number}号") for number in range(4)]


def test_index_holds_public_technologies_and_is_written_for_others(technologies, settings, make_technology):
    make_technology(live=False)
    _, ids = held()
    assert ids == {each.pk for each in technologies}
    assert storage.load(settings.MATCHING_DIR).library == str(LibraryState.objects.get().token)


def test_index_follows_recorded_changes_only_of_what_changed(technologies, make_technology):
    index, _ = held()
    new = make_technology("磁悬浮风机")
    Technology.objects.filter(pk=technologies[0].pk).update(live=False)
    record_changes([new.pk, technologies[0].pk])
    same, ids = held()
    assert same is index
    assert ids == {new.pk, *(each.pk for each in technologies[1:])}


def test_unchanged_index_costs_one_query(technologies, django_assert_num_queries):
    held()
    with django_assert_num_queries(1):
        held()


def test_another_process_maps_the_stored_index(technologies, monkeypatch):
    held()
    library._held.clear()
    monkeypatch.setattr(library, "_build", None)
    _, ids = held()
    assert ids == {each.pk for each in technologies}


def test_index_of_another_database_is_not_used(technologies):
    held()
    LibraryState.objects.all().delete()
    Technology.objects.filter(pk=technologies[0].pk).update(live=False)
    _, ids = held()
    assert technologies[0].pk not in ids


def test_many_changes_build_anew(technologies, make_technology, monkeypatch):
    monkeypatch.setattr(library, "FEWEST_CHANGES_FOR_REBUILD", 2)
    index, _ = held()
    record_changes([make_technology(f"新{number}").pk for number in range(3)])
    fresh, ids = held()
    assert fresh is not index
    assert len(ids) == 7


def test_rebuild_drops_old_changes_and_an_older_process_starts_anew(technologies, make_technology):
    index, _ = held()
    record_changes([make_technology("新").pk])
    rebuild_index()
    assert LibraryChange.objects.count() == 0
    library._held["index"] = index
    assert len(held()[1]) == 5


def test_full_disk_leaves_ranking_alive(technologies, settings, tmp_path):
    (tmp_path / "occupied").write_text("")
    settings.MATCHING_DIR = tmp_path / "occupied"
    assert len(held()[1]) == 4


def test_recording_nothing_changes_nothing(db):
    record_changes([])
    assert not LibraryState.objects.exists()


def test_expired_technology_is_left_out(technologies):
    Technology.objects.filter(pk=technologies[0].pk).update(
        valid_until=timezone.localdate().replace(year=2020)
    )
    assert technologies[0].pk not in held()[1]


@pytest.fixture
def grown(technologies, make_technology, monkeypatch):
    """Several segments of changes in the held index, none of them small."""
    monkeypatch.setattr(index_module, "SMALL_LIBRARY", 0)
    monkeypatch.setattr(index_module, "SMALL_SEGMENT", 0)
    monkeypatch.setattr(merging, "SMALL_SEGMENT", 0)
    monkeypatch.setattr(library, "FEWEST_CHANGES_FOR_REBUILD", 100)
    held()
    merge_beside = library._merge_beside
    monkeypatch.setattr(library, "_merge_beside", lambda *_: library._merging.release())
    for number in range(3):
        record_changes([make_technology(f"新技术{number}号").pk])
        ranked()
    monkeypatch.setattr(library, "_merge_beside", merge_beside)
    return library._held["index"]


def ranked():
    with current_index() as index:
        return {match.technology_id for match in index.rank(DemandProfile(1, "新技术"))}


def wait_for_merge():
    for thread in threading.enumerate():
        if thread.name == "merge-segments":
            thread.join(10)


def test_queries_are_right_and_do_not_wait_while_segments_are_put_together(
    grown, make_technology, monkeypatch
):
    begun, may_end = threading.Event(), threading.Event()
    run = merging.Merge.run

    def slow(merge):
        begun.set()
        assert may_end.wait(10)
        return run(merge)

    monkeypatch.setattr(merging.Merge, "run", slow)
    before = ranked()
    assert begun.wait(10)
    gone = max(before)
    Technology.objects.filter(pk=gone).update(live=False)
    new = make_technology("新技术又一号")
    record_changes([gone, new.pk])
    wanted = before - {gone} | {new.pk}
    assert ranked() == wanted
    count = len(grown._segments)
    may_end.set()
    wait_for_merge()
    assert len(grown._segments) < count
    assert ranked() == wanted
    wait_for_merge()


def test_outgrown_index_is_fitted_anew_beside_queries_and_mapped_by_other_processes(grown, make_technology):
    wait_for_merge()
    assert grown.is_outgrown
    before = ranked()
    wait_for_merge()
    assert fit_anew_if_outgrown()
    assert library._held["index"] is not grown
    assert ranked() == before
    assert not fit_anew_if_outgrown()
    library._held["index"] = grown
    late = make_technology("新技术晚来号")
    record_changes([late.pk])
    assert ranked() == before | {late.pk}
    assert library._held["index"] is not grown
    wait_for_merge()
