"""What load balancers and operators are told."""

import time

import pytest
from django.core.cache import cache

from marketplace import health
from marketplace.tasks import beat_heart

pytestmark = pytest.mark.django_db


def test_health_names_every_part(client):
    beat_heart()
    answer = client.get("/healthz")
    assert answer.status_code == 200
    body = answer.json()
    assert (body["status"], set(body)) == ("ok", {"status", "database", "queue", "search"})
    assert body["queue"]["worker"] == "ok"


def test_silent_worker_is_a_failure(client):
    cache.set(health.HEARTBEAT_KEY, time.time() - health.SILENT_AFTER_SECONDS - 1)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["queue"]["status"]) == (503, "failed")


def test_broken_part_is_named_without_details(client, monkeypatch):
    def broken():
        raise RuntimeError("password in here")

    monkeypatch.setitem(health.CHECKS, "search", broken)
    answer = client.get("/healthz")
    assert (answer.status_code, answer.json()["search"]) == (503, {"status": "failed"})
    assert "password" not in answer.content.decode()


def test_health_is_not_cached_or_posted_to(client):
    assert "no-cache" in client.get("/healthz")["Cache-Control"]
    assert client.post("/healthz").status_code == 405
