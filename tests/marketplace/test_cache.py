"""Limits and locks go on while Redis is away, and pages do not wait for it."""

import time

import pytest
from django.core.cache import caches

from marketplace.cache import Cache
from marketplace.celery import app

pytestmark = pytest.mark.django_db


@pytest.fixture
def cache(settings):
    settings.CACHES = {
        "default": {
            "BACKEND": "marketplace.cache.Cache", "LOCATION": "redis://127.0.0.1:1/0",
            "OPTIONS": {"socket_timeout": 1, "socket_connect_timeout": 1},
        },
        "fallback": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache"},
    }  # fmt: skip
    Cache._away_until = 0.0
    yield caches["default"]
    Cache._away_until = 0.0


def test_without_redis_the_database_keeps_the_cache(cache):
    cache.set("a", 1, timeout=60)
    assert (cache.get("a"), cache.add("a", 2), cache.incr("a")) == (1, False, 2)
    assert cache.get_or_set("b", lambda: 5, 60) == 5
    assert cache.get_many(["a", "b", "c"]) == {"a": 2, "b": 5}
    cache.delete("a")
    assert not cache.has_key("a")


def test_redis_is_not_asked_again_at_once(cache, monkeypatch):
    cache.get("a")
    tried = []
    monkeypatch.setattr(
        "django.core.cache.backends.redis.RedisCache.get", lambda *args, **kwargs: tried.append(1)
    )
    cache.get("a")
    assert tried == []
    monkeypatch.setattr(Cache, "_away_until", time.monotonic() - 1)
    cache.get("a")
    assert tried == [1]


def test_task_without_a_broker_does_not_break_the_page(monkeypatch, caplog):

    def away(*args, **kwargs):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("celery.app.task.Task.apply_async", away)
    assert app.tasks["matching.tasks.make_up"].delay() is None
    assert "next sweep" in caplog.text
