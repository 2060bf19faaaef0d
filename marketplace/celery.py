"""The Celery application; workers and the scheduler start from here."""

import os

from celery import Celery

import marketplace.broker  # noqa: F401  (registers the folder:// transport)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

app = Celery("marketplace")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
