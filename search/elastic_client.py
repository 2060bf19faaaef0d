"""The connection to Elasticsearch, and when not to ask it."""

import threading
import time
from functools import cache
from urllib.parse import urlsplit

from django.conf import settings
from elasticsearch import ApiError, Elasticsearch, TransportError

FIRST_PAUSE_SECONDS, LONGEST_PAUSE_SECONDS = 5, 60
WRITE_TIMEOUT_SECONDS = 30


class Unreliable(Exception):
    """The server answered, but not with all there is."""


FAILURES = (ApiError, TransportError, Unreliable)


def connect(*, timeout_seconds: float) -> Elasticsearch:
    """Return the client of the configured server, one for each process and timeout."""
    credentials = (settings.ELASTICSEARCH_USER, settings.ELASTICSEARCH_PASSWORD, settings.ELASTICSEARCH_CA)
    return _client(settings.ELASTICSEARCH_URL, *credentials, timeout_seconds)


def search_client() -> Elasticsearch:
    """Return the client that answers visitors: it gives up soon and does not try again."""
    return connect(timeout_seconds=settings.ELASTICSEARCH_TIMEOUT_MS / 1000)


def write_client() -> Elasticsearch:
    """Return the client of background work."""
    return connect(timeout_seconds=WRITE_TIMEOUT_SECONDS)


def with_port(url: str) -> str:
    """Return the address with its port, which the client insists on.

    >>> with_port("http://search.example")
    'http://search.example:9200'
    """
    parts = urlsplit(url)
    if parts.port:
        return url
    return parts._replace(netloc=f"{parts.netloc}:{443 if parts.scheme == 'https' else 9200}").geturl()


@cache
def _client(url: str, user: str, password: str, authority: str, timeout_seconds: float) -> Elasticsearch:
    options = {"basic_auth": (user, password)} if user else {}
    if authority:
        options["ca_certs"] = authority
    return Elasticsearch(with_port(url), request_timeout=timeout_seconds, max_retries=0, **options)


class Breaker:
    """Keeps a process from asking a server that has just failed; after a pause one request tries again.

    The pause doubles with every failure in a row, up to a minute.
    """

    def __init__(self):
        self._lock = threading.Lock()
        self.reset()

    def reset(self) -> None:
        """Forget every failure."""
        self._failures, self._closed_until = 0, 0.0

    @property
    def is_open(self) -> bool:
        """Whether the last request failed a moment ago, so that nobody asks now."""
        return self._failures > 0 and time.monotonic() < self._closed_until

    def allows(self) -> bool:
        """Say whether to ask; when the pause is over only the first to call may."""
        with self._lock:
            if not self._failures:
                return True
            if time.monotonic() < self._closed_until:
                return False
            self._closed_until = time.monotonic() + FIRST_PAUSE_SECONDS
            return True

    def succeeded(self) -> None:
        """Note that the server answered."""
        if self._failures:
            self.reset()

    def failed(self) -> float:
        """Note a failure and return for how many seconds nobody asks."""
        with self._lock:
            pause = min(FIRST_PAUSE_SECONDS * 2**self._failures, LONGEST_PAUSE_SECONDS)
            self._failures = min(self._failures + 1, 10)
            self._closed_until = time.monotonic() + pause
            return pause


breaker = Breaker()
