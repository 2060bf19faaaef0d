"""The Celery application; workers and the scheduler start from here."""

import logging
import os
import time

from celery import Celery, Task
from celery.signals import before_task_publish
from kombu.exceptions import OperationalError

import marketplace.broker  # noqa: F401  (registers the folder:// transport)

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "marketplace.settings")

logger = logging.getLogger(__name__)


class RecoverableTask(Task):
    """A task whose message may be lost: what has to happen is a row, and a sweep finds it.

    So the page that sets it off answers also while the broker is away or its disk is full.
    """

    abstract = True

    def apply_async(self, *args, **kwargs):
        try:
            return super().apply_async(*args, **kwargs)
        except (OperationalError, OSError) as error:
            logger.error("%s was not sent, the next sweep makes up for it: %s", self.name, error)
            return None


app = Celery("marketplace", task_cls=RecoverableTask)
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@before_task_publish.connect
def _say_when(headers, **kwargs):
    """Let operators see how old a waiting message is."""
    headers["sent_at"] = time.time()
