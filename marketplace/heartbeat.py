"""The sign of life that a worker leaves."""

import time

from django.core.cache import cache

KEY = "worker-heartbeat"


def record_heartbeat() -> None:
    """Say that a worker carries out tasks now."""
    cache.set(KEY, time.time(), timeout=None)


def silent_seconds() -> int | None:
    """Return for how long no worker gave a sign, None when none ever did."""
    last = cache.get(KEY)
    return None if last is None else max(0, round(time.time() - last))
