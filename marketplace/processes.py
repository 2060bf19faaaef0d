"""The command lines of web, worker and scheduler: the same for the supervisor, for containers and for the tests."""

import os
import shutil
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field

from django.conf import settings


@dataclass(frozen=True)
class Process:
    """A long-running process: its name, its arguments and what its environment has beside that of the caller."""

    name: str
    arguments: tuple[str, ...]
    environment: Mapping[str, str] = field(default_factory=dict)


def processes() -> dict[str, Process]:
    """Return every process of the platform by name, in the order in which they are shown."""
    python = (sys.executable,)
    web = Process(
        "web",
        (
            *(*python, "-m", "gunicorn", "marketplace.wsgi", "--config", "python:marketplace.gunicorn_hooks"),
            *(
                "--preload",
                "--bind",
                f"{settings.BIND}:{settings.PORT}",
                "--workers",
                str(settings.WEB_WORKERS),
            ),
            *("--threads", "8", "--timeout", "120", "--graceful-timeout", "30", "--no-control-socket"),
            *("--limit-request-line", "8190", "--worker-tmp-dir", _memory_folder()),
        ),
    )
    worker = Process(
        "worker",
        (
            # As root, in a container say, Celery's warning would stand first in the log at every start.
            *(
                *python,
                "-W",
                "ignore:You",
                "-m",
                "celery",
                "-q",
                "-A",
                "marketplace",
                "worker",
                "--pool",
                "threads",
            ),
            *("--concurrency", "2", "--loglevel", settings.LOG_LEVEL, "--without-gossip", "--without-mingle"),
        ),
    )
    scheduler = Process(
        "scheduler",
        (
            *(*python, "-m", "celery", "-q", "-A", "marketplace", "beat", "--loglevel", settings.LOG_LEVEL),
            *("--pidfile=", "--schedule", str(settings.DATA_DIR / "beat")),
        ),
        {"DJANGO_SETTINGS_MODULE": "marketplace.scheduler"},
    )
    return {process.name: process for process in (web, worker, scheduler)}


def environment_of(process: Process) -> dict[str, str]:
    """Return the whole environment of a process; web processes share a folder for their counters, emptied here."""
    extra = dict(process.environment)
    if process.name == "web":
        folder = settings.DATA_DIR / "metrics"
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        extra["PROMETHEUS_MULTIPROC_DIR"] = str(folder)
    return {
        **os.environ,
        "PORT": str(settings.PORT),
        "CELERY_SKIP_CHECKS": "1",
        "PROCESS_NAME": process.name,
        **extra,
    }


def _memory_folder() -> str:
    # Gunicorn's sign of life is a file; on a slow disk it would look like a dead process.
    return "/dev/shm" if os.path.isdir("/dev/shm") else str(settings.DATA_DIR)
