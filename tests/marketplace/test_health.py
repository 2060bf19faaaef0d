"""What load balancers and operators are told."""

import time
from datetime import timedelta

import pytest
from django.core.cache import cache
from django.utils import timezone

from marketplace import heartbeat, signs
from marketplace.tasks import beat_heart
from notices.enums import MailState
from notices.models import Mail

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _worker_is_there():
    beat_heart()


def test_health_names_every_part(client):
    answer = client.get("/healthz")
    assert answer.status_code == 200
    body = answer.json()
    assert body["status"] == "ok"
    assert set(body) == {"status", *signs.READERS}
    assert body["queue"]["worker"] == "ok"


def test_silent_worker_is_alive_but_not_ready(client):
    cache.set(heartbeat.KEY, time.time() - signs.SILENT_AFTER_SECONDS - 1)
    assert (client.get("/healthz").status_code, client.get("/readyz").status_code) == (200, 503)
    assert client.get("/readyz").json()["queue"]["status"] == "failed"


def test_broken_part_is_named_without_details(client, monkeypatch):
    def broken():
        raise RuntimeError("password in here")

    monkeypatch.setitem(signs.READERS, "search", ("检索", broken))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["search"]) == (503, {"status": "failed"})
    assert answer.json()["status"] == client.get("/healthz").json()["status"] == "failed"
    assert "password" not in answer.content.decode()


def test_degraded_part_is_still_ready(client):
    old = timezone.now() - timedelta(hours=1)
    Mail.objects.create(
        address="a@example.com", subject="一", body="一", state=MailState.WAITING, due_at=old, created_at=old
    )
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["status"]) == (200, "degraded")
    assert answer.json()["outbox"]["oldest_seconds"] >= 3600


@pytest.mark.parametrize("address", ["/healthz", "/readyz"])
def test_health_is_not_cached_or_posted_to(client, address):
    assert "no-cache" in client.get(address)["Cache-Control"]
    assert client.post(address).status_code == 405


def test_age_of_the_oldest_message_in_the_folder(settings, tmp_path):
    settings.REDIS_URL = ""
    settings.CELERY_BROKER_TRANSPORT_OPTIONS = {"data_folder_in": str(tmp_path)}
    for age in (100, 7):
        (tmp_path / f"{time.time_ns() - age * 10**9:020d}_x.celery.msg").touch()
    (tmp_path / "half.tmp").touch()
    sign = signs.queue()
    assert sign.figures["waiting"] == 2
    assert 99 < sign.figures["oldest_seconds"] < 110


def test_full_disk_is_said(monkeypatch):
    monkeypatch.setattr(signs, "LEAST_FREE_MB", 10**9)
    assert signs.disk().state == "degraded"
