"""Counters for Prometheus: what each process did, and how the platform stands when it is asked."""

import hmac
import logging
import time

from celery.signals import task_postrun, task_prerun, worker_ready
from django.conf import settings
from django.http import Http404, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    REGISTRY,
    CollectorRegistry,
    Counter,
    Histogram,
    generate_latest,
    multiprocess,
    start_http_server,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.values import ValueClass

from marketplace.signs import signs

REQUESTS = Counter("http_requests", "Answered requests.", ["method", "route", "status"])
REQUEST_SECONDS = Histogram(
    "http_request_seconds", "Time to the first byte, by route.", ["route"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)  # fmt: skip
TASKS = Counter("tasks", "Tasks that ended.", ["task", "state"])
TASK_SECONDS = Histogram(
    "task_seconds", "Time of a task.", ["task"], buckets=(0.01, 0.1, 0.5, 1, 5, 15, 60, 300, 1800)
)
log = logging.getLogger("marketplace.requests")


def measured(get_response):
    """Return middleware that counts and times each request under its route, never under what a visitor typed."""

    def middleware(request):
        begin = time.perf_counter()
        response = get_response(request)
        seconds = time.perf_counter() - begin
        match = request.resolver_match
        route = (match.route if match else "") or "unknown"
        method = request.method if request.method in {"GET", "HEAD", "POST", "PUT", "DELETE"} else "other"
        REQUESTS.labels(method, route, response.status_code).inc()
        REQUEST_SECONDS.labels(route).observe(seconds)
        # The path may hold a key (an unsubscribe link, an invitation): the log gets the route instead.
        log.info(
            "%s %s %d", method, route, response.status_code,
            extra={"milliseconds": round(seconds * 1000), "user_id": _user_id(request)},
        )  # fmt: skip
        return response

    return middleware


def _user_id(request) -> int | None:
    user = getattr(request, "_cached_user", None)  # nobody is fetched for the log
    return user.pk if user is not None else None


_begun: dict[str, float] = {}


@task_prerun.connect
def _begin(task_id, **kwargs):
    _begun[task_id] = time.perf_counter()


@task_postrun.connect
def _end(task_id, task, state, **kwargs):
    TASKS.labels(task.name, state or "unknown").inc()
    if (begin := _begun.pop(task_id, None)) is not None:
        TASK_SECONDS.labels(task.name).observe(time.perf_counter() - begin)


@worker_ready.connect
def _serve_counters_of_worker(**kwargs):
    if settings.METRICS_PORT:
        start_http_server(settings.METRICS_PORT, addr=settings.BIND)


class Signs:
    """Collects how the platform stands at the moment of asking."""

    def collect(self):
        health = GaugeMetricFamily("part_up", "1 while a part works, else 0.", labels=["part"])
        for sign in signs():
            health.add_metric([sign.name], float(sign.is_well))
            for name, value in sign.figures.items():
                yield GaugeMetricFamily(f"{sign.name}_{name}", sign.meaning, value=value)
        yield health


@never_cache
@require_safe
def metrics(request):
    """Answer Prometheus when it shows METRICS_TOKEN; for everyone else, and while none is set, there is nothing."""
    shown = request.headers.get("Authorization", "").removeprefix("Bearer ").encode()
    if not settings.METRICS_TOKEN or not hmac.compare_digest(shown, settings.METRICS_TOKEN.encode()):
        raise Http404
    registry = CollectorRegistry()
    if ValueClass.__name__ == "MmapedValue":
        multiprocess.MultiProcessCollector(registry)
    else:
        registry.register(REGISTRY)
    registry.register(Signs())
    return HttpResponse(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
