"""A cache in Redis that goes on in the database while Redis is away."""

import logging
import time

from django.core.cache import caches
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)
PAUSE_SECONDS = 5
_METHODS = (
    "add", "get", "set", "touch", "delete", "get_many", "has_key", "incr", "set_many", "delete_many", "clear",
)  # fmt: skip


class Cache(RedisCache):
    """Asks Redis, and for a few seconds after a failure the cache named `fallback`.

    What one of them was told the other does not know: limits begin anew when Redis goes and when it comes back.
    """

    _away_until = 0.0


def _forgiving(name):
    def method(self, *args, **kwargs):
        if time.monotonic() >= self._away_until:
            try:
                return getattr(super(Cache, self), name)(*args, **kwargs)
            except (RedisError, OSError) as error:
                # Each thread has its own instance of a cache; the class tells all of them.
                Cache._away_until = time.monotonic() + PAUSE_SECONDS
                logger.error("Redis does not answer, the database keeps the cache: %s", error)
        return getattr(caches["fallback"], name)(*args, **kwargs)

    method.__name__ = name
    return method


for _name in _METHODS:
    setattr(Cache, _name, _forgiving(_name))
