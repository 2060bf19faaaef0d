"""The real server is taken away and comes back. Run under tools/with-elasticsearch, alone: other tests need it."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from search.elastic_client import breaker
from search.fallback import reliable_engine
from search.models import Change, ElasticState
from search.services import engine_report, follow, rebuild_index, record_changes

pytestmark = [pytest.mark.django_db, pytest.mark.outage]


def server(script, *arguments):
    subprocess.run([Path(os.environ["ELASTICSEARCH_SERVER"]) / script, *arguments], check=True)


def timed_total(client, text):
    start = time.monotonic()
    response = client.get("/technologies/", {"q": text})
    return response.context["browsing"].results.total, time.monotonic() - start


@pytest.fixture(autouse=True)
def _usual_timeout(settings):
    settings.ELASTICSEARCH_TIMEOUT_MS = 700


@pytest.mark.parametrize("signal", ["STOP", "KILL"])
def test_page_answers_while_the_server_is_away_and_the_index_catches_up(
    client, make_technology, fallbacks, monkeypatch, signal
):
    monkeypatch.setattr("search.elastic_client.WRITE_TIMEOUT_SECONDS", 2)
    make_technology("空压机余热")
    rebuild_index()
    for _ in range(20):
        breaker.reset()
        timed_total(client, "空压机")
    assert engine_report()["engine"] == "elasticsearch"
    server("kill", signal)
    try:
        late = make_technology("空压机改造")
        record_changes("technology", [late.pk])
        follow()
        total, seconds = timed_total(client, "空压机")
        assert (total, seconds < 1.0) == (2, True), seconds
        total, seconds = timed_total(client, "空压机")
        assert (total, seconds < 0.5) == (2, True), seconds
        assert engine_report()["elasticsearch"] == "down"
        assert Change.objects.filter(store="elastic").count() == 1
    finally:
        server("kill", "CONT") if signal == "STOP" else server("start")
    ElasticState.objects.update(retry_at=None)
    for _ in range(10):  # shards take a moment to come back
        follow()
        if not ElasticState.objects.get().failures:
            break
        time.sleep(1)
        ElasticState.objects.update(retry_at=None)
    breaker.reset()
    assert engine_report()["elasticsearch"] == "ok"
    assert late.pk in reliable_engine().ids("technology")
    assert timed_total(client, "空压机")[0] == 2
