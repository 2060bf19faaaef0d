"""Tasks about the platform itself."""

from celery import shared_task

from marketplace import metrics  # noqa: F401  (a worker counts its tasks)
from marketplace.heartbeat import record_heartbeat


@shared_task(ignore_result=True)
def beat_heart():
    """Leave a sign of life that /healthz reads."""
    record_heartbeat()
