"""The Celery application; workers and the scheduler start from here."""

import os
import time

from celery import Celery
from celery.signals import before_task_publish

import marketplace.broker  # noqa: F401  (registers the folder:// transport)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@before_task_publish.connect
def _say_when(headers, **kwargs):
    """Let operators see how old a waiting message is."""
    headers["sent_at"] = time.time()
