"""Counters for Prometheus and the request id that ties log lines together."""

import json
import logging
import uuid

import pytest
from django_guid import get_guid

from marketplace.celery import app
from marketplace.signs import READERS
from marketplace.tasks import beat_heart

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker_is_there():
    beat_heart()


def scrape(client, settings):
    settings.METRICS_TOKEN = "a-token"
    answer = client.get("/metrics", headers={"authorization": "Bearer a-token"})
    assert answer.status_code == 200
    return answer.content.decode()


@pytest.mark.parametrize("token", ["", "a-token"])
@pytest.mark.parametrize("shown", [{}, {"authorization": "Bearer "}, {"authorization": "Bearer other"}])
def test_metrics_do_not_exist_without_the_token(client, settings, token, shown):
    settings.METRICS_TOKEN = token
    assert client.get("/metrics", headers=shown).status_code == 404


def test_requests_are_counted_by_route_and_not_by_what_was_typed(client, settings):
    client.get("/technologies/?q=secret-words")
    client.get("/no/such/secret-page/")
    text = scrape(client, settings)
    assert 'http_requests_total{method="GET",route="technologies/",status="200"}' in text
    assert "secret" not in text


def test_every_part_has_its_figures(client, settings):
    text = scrape(client, settings)
    assert {name for name in READERS if f'part_up{{part="{name}"}} 1.0' in text} == set(READERS)
    for figure in (
        "queue_waiting",
        "queue_oldest_seconds",
        "outbox_oldest_seconds",
        "outbox_failed_today",
        "disk_free_mb",
    ):
        assert f"\n{figure} " in text


def test_request_id_of_a_proxy_is_taken_over_and_answered(client):
    given = str(uuid.uuid4())
    assert client.get("/healthz", headers={"x-request-id": given})["X-Request-ID"] == given
    made = client.get("/healthz", headers={"x-request-id": "<script>"})["X-Request-ID"]
    assert uuid.UUID(made)


def test_request_id_goes_with_the_message_of_a_task(client, settings, monkeypatch):
    sent = []

    def view_that_sends(*args, **kwargs):
        with app.connection_for_write(), app.amqp.producer_pool.acquire() as producer:
            monkeypatch.setattr(producer, "publish", lambda body, headers, **rest: sent.append(headers))
            app.send_task("marketplace.tasks.beat_heart", producer=producer)
        sent.append(get_guid())

    settings.CELERY_TASK_ALWAYS_EAGER = False
    monkeypatch.setattr("marketplace.health.report", lambda: view_that_sends() or {"status": "ok"})
    client.get("/healthz")
    headers, guid = sent
    assert headers["X-Request-ID"] == guid
    assert headers["sent_at"] > 0


def test_json_log_lines_carry_the_request(settings):
    formatter = logging.config.DictConfigurator({}).configure_formatter(
        dict(settings.LOGGING["formatters"]["json"])
    )
    record = logging.LogRecord("marketplace.requests", logging.INFO, "", 0, "GET 技术 %d", (200,), None)
    record.request_id = "the-id"
    line = json.loads(formatter.format(record))
    assert (line["request_id"], line["message"], line["level"]) == ("the-id", "GET 技术 200", "INFO")
    assert {"time", "process", "logger"} <= set(line)
