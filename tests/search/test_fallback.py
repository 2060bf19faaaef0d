"""Without Elasticsearch the embedded engine answers, soon, and operators are told."""

import socket
import time

import pytest
from django.utils import timezone

from catalog.models import Technology
from catalog.services.publishing import publish_directly
from marketplace.tasks import beat_heart
from search import fallback
from search.elastic_client import Breaker, breaker, with_port
from search.engine import Query
from search.enums import Store
from search.models import Change, ElasticState
from search.services import current_engine, engine_report, follow, rebuild_index, record_changes

pytestmark = pytest.mark.django_db


@pytest.fixture
def silent_port():
    """A port that takes connections and never says a word."""
    with socket.create_server(("127.0.0.1", 0)) as server:
        yield server.getsockname()[1]


@pytest.fixture
def closed_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


@pytest.fixture(params=["silent_port", "closed_port"])
def broken_server(request, settings, fallbacks):
    """Elasticsearch that hangs or is gone, over whose index nothing bad is known."""
    settings.ELASTICSEARCH_URL = f"http://127.0.0.1:{request.getfixturevalue(request.param)}"
    settings.ELASTICSEARCH_TIMEOUT_MS = 400
    ElasticState.objects.create(pk=1, alias=f"{fallback.alias_stem()}12345678")
    return fallbacks


@pytest.fixture
def quick_writes(monkeypatch):
    """Wait for a silent server a moment only."""
    monkeypatch.setattr("search.elastic_client.WRITE_TIMEOUT_SECONDS", 0.3)


def found(text=""):
    return [hit.object_id for hit in current_engine().search(Query("technology", text)).hits]


def test_page_answers_in_time_and_the_next_does_not_wait(
    broken_server, make_technology, client, quick_writes
):
    make_technology("空压机余热回收")
    rebuild_index()
    client.get("/technologies/", {"q": "不问"})  # the first page of a process compiles its templates
    breaker.reset()
    broken_server.clear()
    for longest_seconds in (1.0, 0.35):
        start = time.monotonic()
        response = client.get("/technologies/", {"q": "空压机"})
        taken = time.monotonic() - start
        assert response.context["browsing"].results.total == 1
        assert taken < longest_seconds
    warnings = [record.getMessage() for record in broken_server]
    assert len([line for line in warnings if "does not answer" in line]) == 1


def test_write_succeeds_and_waits_in_the_outbox(
    broken_server, cast, quick_writes, django_capture_on_commit_callbacks
):
    with django_capture_on_commit_callbacks(execute=True):
        technology = publish_directly(Technology(title="屋顶光伏"), user=cast.librarian)
    assert found("光伏") == [technology.pk]
    assert list(Change.objects.values_list("store", "object_id")) == [(Store.ELASTIC, technology.pk)]
    state = ElasticState.objects.get()
    assert (state.failures, state.lease) == (1, "") and state.retry_at > timezone.now()


def test_failures_are_tried_again_at_growing_intervals(broken_server, quick_writes):
    pauses = []
    for _ in range(6):
        follow()
        state = ElasticState.objects.get()
        pauses.append(round((state.retry_at - timezone.now()).total_seconds()))
        follow()
        assert ElasticState.objects.get().failures == state.failures
        ElasticState.objects.update(retry_at=timezone.now())
    assert pauses == [30, 60, 120, 240, 300, 300]


def test_operators_are_told(broken_server, quick_writes, client, as_, cast):
    assert engine_report()["elasticsearch"] == "ok"
    follow()
    beat_heart()
    report = client.get("/healthz").json()
    assert (report["status"], report["search"]["status"]) == ("degraded", "degraded")
    assert (report["search"]["engine"], report["search"]["elasticsearch"]) == ("embedded", "down")
    page = as_(cast.librarian).get("/admin/").content.decode()
    assert "检索服务 Elasticsearch 无法访问" in page and f"最早失败时间：{timezone.localdate()}" in page
    for page in ("/technologies/", "/search/?q=热"):
        assert "Elasticsearch" not in as_(None).get(page).content.decode()


def test_rebuild_serves_the_embedded_index_when_the_server_is_gone(
    broken_server, quick_writes, make_technology
):
    technology = make_technology("空压机")
    assert rebuild_index() == {"technology": 1, "demand": 0, "case": 0, "page": 0}
    assert found("空压机") == [technology.pk]


def test_index_of_another_server_or_code_is_not_trusted(settings, fallbacks):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    ElasticState.objects.create(pk=1, alias=f"{fallback.alias_stem()}12345678")
    assert fallback.trusted_alias()
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:2"
    assert fallback.trusted_alias() == ""
    assert engine_report()["elasticsearch"] == "building"


def test_index_that_missed_a_change_is_not_trusted(settings, make_technology):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    ElasticState.objects.create(pk=1, alias=f"{fallback.alias_stem()}12345678")
    settings.ELASTICSEARCH_URL = ""
    record_changes("technology", [make_technology().pk])
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    assert fallback.trusted_alias() == ""


def test_index_far_behind_is_not_asked(settings, make_technology):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    ElasticState.objects.create(pk=1, alias=f"{fallback.alias_stem()}12345678")
    record_changes("technology", [1])
    assert fallback.reliable_engine()
    Change.objects.update(recorded_at=timezone.now() - fallback.LONGEST_WAIT * 2)
    assert fallback.reliable_engine() is None
    assert engine_report()["elasticsearch"] == "behind"
    Change.objects.all().delete()
    record_changes("technology", range(1, fallback.MOST_WAITING + 2))
    assert fallback.reliable_engine() is None


def test_what_was_hidden_is_left_out_while_it_waits(settings, make_demand, make_technology):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    ElasticState.objects.create(pk=1, alias=f"{fallback.alias_stem()}12345678")
    demand, live, draft = make_demand(), make_technology(), make_technology(live=False)
    record_changes("demand", [demand.pk])
    record_changes("technology", [live.pk, draft.pk])
    assert fallback.reliable_engine().without == {"demand": {demand.pk}, "technology": {draft.pk}}
    Technology.objects.filter(pk=draft.pk).update(live=True)
    record_changes("technology", [draft.pk])
    assert fallback.reliable_engine().without["technology"] == {draft.pk}


def test_breaker_lets_one_try_after_the_pause(monkeypatch):
    now = [100.0]
    monkeypatch.setattr("search.elastic_client.time.monotonic", lambda: now[0])
    one = Breaker()
    assert one.allows() and not one.is_open
    assert [one.failed() for _ in range(5)] == [5, 10, 20, 40, 60]
    assert not one.allows() and one.is_open
    now[0] += 61
    assert (one.allows(), one.allows()) == (True, False)
    one.succeeded()
    assert one.allows() and one.allows()


def test_breaker_of_the_process_starts_closed():
    assert breaker.allows()


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("http://a.example", "http://a.example:9200"),
        ("https://a.example/x", "https://a.example:443/x"),
        ("http://u:p@a.example:1", "http://u:p@a.example:1"),
    ],
)
def test_address_gets_its_port(url, expected):
    assert with_port(url) == expected
