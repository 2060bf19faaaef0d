"""Is every part alive? Read by load balancers and operators."""

import logging
import time
from pathlib import Path

from celery import current_app
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.http import JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from search.models import Entry
from search.services import engine_report

logger = logging.getLogger(__name__)
HEARTBEAT_KEY = "worker-heartbeat"
SILENT_AFTER_SECONDS = 180


def record_heartbeat():
    cache.set(HEARTBEAT_KEY, time.time(), timeout=None)


def check_database():
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return {"engine": connection.vendor}


def check_queue():
    """Reach the broker and tell how many messages wait and how long ago a worker gave a sign of life."""
    if settings.REDIS_URL:
        with current_app.connection_for_read() as broker:
            broker.ensure_connection(max_retries=1, timeout=2)
            waiting = broker.default_channel.client.llen("celery")
    else:
        folder = Path(settings.CELERY_BROKER_TRANSPORT_OPTIONS["data_folder_in"])
        waiting = sum(1 for _ in folder.glob("*.msg"))
    last = cache.get(HEARTBEAT_KEY)
    silent_seconds = None if last is None else round(time.time() - last)
    is_silent = silent_seconds is not None and silent_seconds > SILENT_AFTER_SECONDS
    return {
        "waiting": waiting,
        "worker_silent_seconds": silent_seconds,
        "worker": "silent" if is_silent else "ok",
    }


def check_search():
    """Read the index and tell which engine answers and how many changed listings the indices have yet to take in."""
    report = engine_report()
    status = {"status": "degraded"} if report.get("elasticsearch", "ok") != "ok" else {}
    return {**status, "entries": Entry.objects.count(), **report}


CHECKS = {"database": check_database, "queue": check_queue, "search": check_search}


@never_cache
@require_safe
def healthz(request):
    """Answer 200 when database, queue and search work, 503 otherwise; details name no secret.

    A part that is degraded still serves visitors, as search does without Elasticsearch: the answer is 200 and says so.
    """
    report, is_healthy = {}, True
    for name, check in CHECKS.items():
        try:
            report[name] = {"status": "ok", **check()}
        except Exception:  # whatever a part raises, the answer must say which part
            logger.exception("health check of %s failed", name)
            report[name], is_healthy = {"status": "failed"}, False
    if report["queue"].get("worker") == "silent":
        report["queue"]["status"], is_healthy = "failed", False
    overall = "degraded" if any(part["status"] == "degraded" for part in report.values()) else "ok"
    return JsonResponse(
        {"status": overall if is_healthy else "failed", **report}, status=200 if is_healthy else 503
    )
