"""The index on Elasticsearch follows the libraries. Run under tools/with-elasticsearch."""

from datetime import timedelta

import pytest
from django.core.management import call_command
from django.utils import timezone

from catalog.models import Technology
from search import elastic_upkeep
from search.elastic import ElasticEngine
from search.elastic_client import write_client
from search.elastic_upkeep import Busy, keep_up, lease, rebuild
from search.embedded import EmbeddedEngine
from search.engine import Query
from search.fallback import reliable_engine, trusted_alias
from search.models import Change, ElasticState
from search.services import current_engine, engine_report, record_changes

pytestmark = pytest.mark.django_db


def indices(settings):
    found = write_client().indices.get(index=f"{settings.ELASTICSEARCH_PREFIX}-*", features=["aliases"])
    return {name: list(index["aliases"]) for name, index in found.items()}


def found(text=""):
    return {hit.object_id for hit in reliable_engine().search(Query("technology", text)).hits}


def test_first_sweep_builds_the_index_and_elasticsearch_answers(make_technology, settings):
    technology = make_technology("空压机余热")
    assert trusted_alias() == "" and engine_report()["elasticsearch"] == "building"
    keep_up()
    assert found("空压机") == {technology.pk}
    assert [engine_report()[name] for name in ("engine", "elasticsearch")] == ["elasticsearch", "ok"]
    EmbeddedEngine().remove("technology", [technology.pk])
    assert current_engine().search(Query("technology", "空压机")).total == 1
    assert len(indices(settings)) == 1


def test_sweep_applies_changes_and_forgets_what_left(make_technology):
    technology, other = make_technology("空压机"), make_technology("锅炉")
    keep_up()
    technology.title = "热泵"
    technology.save()
    Technology.objects.filter(pk=other.pk).update(live=False)
    record_changes("technology", [technology.pk, other.pk])
    assert keep_up() == 2
    assert (found(), found("热泵"), Change.objects.filter(store="elastic").count()) == (
        {technology.pk},
        {technology.pk},
        0,
    )


def test_rebuild_swaps_the_index_behind_the_same_alias(make_technology, settings):
    make_technology("空压机")
    keep_up()
    alias, (before,) = trusted_alias(), indices(settings)
    assert rebuild() == {"technology": 1, "demand": 0, "case": 0, "page": 0}
    ((after, aliases),) = indices(settings).items()
    assert after != before and aliases == [alias] == [trusted_alias()]


def test_changes_during_a_rebuild_are_in_the_new_index_and_the_old_answers_meanwhile(
    make_technology, monkeypatch
):
    first, second = make_technology("空压机"), make_technology("锅炉")
    keep_up()
    read = elastic_upkeep.readable_documents
    seen = []

    def read_and_change(kind, ids):
        """Change the library just after its first listings were read."""
        documents = read(kind, ids)
        if not seen and kind == "technology":
            seen.append(found())
            late = make_technology("迟到")
            Technology.objects.filter(pk=first.pk).update(live=False)
            Technology.objects.filter(pk=second.pk).update(title="改名")
            record_changes("technology", [late.pk, first.pk, second.pk])
        elif kind == "demand":
            seen.append(found("改名"))
        return documents

    monkeypatch.setattr(elastic_upkeep, "readable_documents", read_and_change)
    make_technology("热泵")
    rebuild()
    assert seen[0] == {first.pk, second.pk}
    assert (found("迟到"), found("改名"), found("空压机")) != (set(), set(), set())
    assert found("改名") == {second.pk} and first.pk not in found()
    assert len(found()) == 3


def test_two_rebuilds_at_once_are_safe(make_technology, fallbacks, capsys):
    make_technology("空压机")
    with lease():
        with pytest.raises(Busy):
            rebuild(wait_seconds=0)
        assert keep_up() == 0
    rebuild(wait_seconds=0)
    assert len(found()) == 1


def test_lease_of_a_dead_process_is_taken_over_and_the_dead_may_not_go_on():
    with lease() as first:
        ElasticState.objects.update(leased_until=timezone.now() - timedelta(seconds=1))
        with lease() as second:
            second.renew()
            with pytest.raises(Busy):
                first.renew()
        assert ElasticState.objects.get().lease == ""


def test_leftovers_of_a_rebuild_that_died_are_deleted_and_strangers_stay(make_technology, settings):
    prefix, client = settings.ELASTICSEARCH_PREFIX, write_client().indices
    keep_up()
    stranger, leftover = f"{prefix}-other-site", f"{prefix}-01234567-01234567-1"
    for name in (stranger, leftover):
        client.create(index=name)
    rebuild()
    names = set(indices(settings))
    assert stranger in names and leftover not in names and len(names) == 2


def test_index_lost_on_the_server_is_built_again(make_technology, settings, fallbacks):
    technology = make_technology("空压机")
    EmbeddedEngine().add([])
    keep_up()
    write_client().indices.delete(index=next(iter(indices(settings))))
    assert current_engine().search(Query("technology", "空压机")).total == 0
    keep_up()
    assert found("空压机") == {technology.pk}


def test_listing_that_the_server_refuses_is_logged(make_technology, fallbacks, monkeypatch):
    technology = make_technology("空压机")
    keep_up()
    monkeypatch.setattr("search.elastic._BATCH", 1)
    Technology.objects.filter(pk=technology.pk).update(cooperation_modes=["x" * 40_000])
    record_changes("technology", [technology.pk])
    keep_up()
    assert found() == set() and not Change.objects.filter(store="elastic").exists()
    assert any("refuses a listing" in record.getMessage() for record in fallbacks)


def test_command_builds_both(make_technology, capsys, settings):
    make_technology("空压机")
    call_command("rebuild_search")
    assert len(found()) == 1 and ElasticEngine(trusted_alias()).ids("technology")
    assert capsys.readouterr().out.splitlines() == [
        "节能技术：1", "技术需求：0", "应用案例：0", "政策、动态与说明：0", "检索引擎：Elasticsearch",
    ]  # fmt: skip


def test_engines_are_compared_on_what_the_site_has(make_technology, capsys, tmp_path):
    make_technology("空压机余热回收")
    call_command("rebuild_search")
    capsys.readouterr()
    path = tmp_path / "queries.csv"
    path.write_text("query,kind\n余热,exact\n光伏,none\n")
    call_command("compare_engines", str(path))
    assert capsys.readouterr().out.splitlines()[2:] == [
        "| exact | 1 | 1.000 | 1.000 | 1.000 |",
        "| none | 1 | 1.000 | 1.000 | 1.000 |",
        "| all queries | 2 | 1.000 | 1.000 | 1.000 |",
    ]
