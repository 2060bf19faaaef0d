"""Real worker processes on the embedded broker: one is killed in the middle of its work, another finishes it."""

import os
import signal
import subprocess
import sys
import time
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.utils import timezone

from catalog.models import Demand
from matching.models import MatchingShare, Recommendation
from matching.services import recommending
from matching.services.library import rebuild_index

ROOT = Path(__file__).resolve().parent.parent.parent
DEMANDS = 240
WORKER = """
import sys, django
django.setup()
from marketplace.celery import app
from matching import tasks
getattr(tasks, sys.argv[1]).delay()
app.worker_main(["worker", "--pool", "threads", "--concurrency", "1", "--loglevel", "warning"])
"""


def database_url():
    values = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{values['NAME']}"
    return f"postgresql://{values['USER']}@{values['HOST']}:{values['PORT']}/{values['NAME']}"


@contextmanager
def worker(folder, task):
    """Queue a task and be a worker, in a process of its own; it is killed in the end."""
    process = subprocess.Popen(
        [sys.executable, "-W", "ignore", "-c", WORKER, task],
        cwd=ROOT,
        env={
            **os.environ,
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(folder),
            "DJANGO_SETTINGS_MODULE": "marketplace.settings",
            "MATCHING_NEEDS_PER_TASK": str(DEMANDS // 2),
            "OMP_NUM_THREADS": "1",
        },
        stdout=(folder / "log.txt").open("a"),
        stderr=subprocess.STDOUT,
    )
    try:
        yield process
    finally:
        process.send_signal(signal.SIGKILL)
        process.wait()


def wait_until(is_so, process, log, seconds=90):
    deadline = time.monotonic() + seconds
    while not is_so():
        assert process.poll() is None and time.monotonic() < deadline, log.read_text()[-3000:]
        time.sleep(0.02)


def listed():
    return set(Recommendation.objects.values_list("demand", flat=True))


def rows():
    return list(
        Recommendation.objects.order_by("demand", "rank").values_list(
            "pk", "demand", "technology", "rank", "score", "parts", "reasons"
        )
    )


@pytest.mark.django_db(transaction=True, serialized_rollback=True)
def test_what_a_killed_worker_leaves_is_finished_by_another_with_nothing_lost_or_doubled(
    tmp_path, make_technology
):
    for number in range(8):
        make_technology(f"空压机余热回收{number}型", summary="回收螺杆空压机油路热量，制取生活热水。" * 5)
    Demand.objects.bulk_create(
        [Demand(title=f"空压机余热没有利用{number}", problem="螺杆空压机油温高") for number in range(DEMANDS)]
    )
    log = tmp_path / "log.txt"
    with worker(tmp_path, "match_all") as first:
        wait_until(listed, first, log)
    done = listed()
    assert 0 < len(done) < DEMANDS
    # The lease of the dead worker ends, and with it the patience with messages that nobody took up.
    past = timezone.now() - timedelta(hours=1)
    MatchingShare.objects.filter(held_until__isnull=False).update(held_until=past)
    MatchingShare.objects.update(queued_at=past)
    killed_at = timezone.now()
    with worker(tmp_path, "resume_matching") as second:
        wait_until(lambda: not MatchingShare.objects.exists(), second, log)
    assert len(listed()) == DEMANDS
    again = Recommendation.objects.filter(base_rank=1, demand__in=done, computed_at__gt=killed_at)
    assert again.count() <= recommending.BATCH
    before = rows()
    assert len(before) == len({(demand, technology) for _, demand, technology, *_ in before})
    rebuild_index()
    recommending.update_all()
    assert rows() == before
