"""Settings of the scheduler process: it sends names of tasks when they are due and needs none of the rooms.

With these it starts in a fraction of the time and memory; the worker, which carries the tasks out, has them all.
"""

from marketplace.settings import *  # noqa: F403

INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "django_celery_beat"]
AUTH_USER_MODEL = "auth.User"
