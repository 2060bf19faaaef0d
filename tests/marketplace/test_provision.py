"""What stands ready before the processes start, and that a second start does not pay for it again."""

import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.management import call_command
from django.db import connection

from marketplace import celery_app
from marketplace.provision import STAMP, collect_static

ROOT = Path(__file__).resolve().parent.parent.parent


@pytest.fixture
def static_root(settings, tmp_path):
    source = tmp_path / "source"
    source.mkdir()
    (source / "own.css").write_text("a { color: red }")
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = tmp_path / "collected"
    return settings.STATIC_ROOT


def test_static_files_are_collected_once(static_root):
    assert collect_static()
    assert (static_root / "own.css").read_text() == "a { color: red }"
    assert not collect_static()


def test_changed_source_of_the_same_size_and_time_is_collected_again(static_root, settings):
    collect_static()
    source = Path(settings.STATICFILES_DIRS[0]) / "own.css"
    before = source.stat()
    source.write_text("a { color: tan }")
    os.utime(source, ns=(before.st_atime_ns, before.st_mtime_ns))
    (static_root / "own.css").unlink()
    assert collect_static()
    assert (static_root / "own.css").read_text() == "a { color: tan }"


@pytest.mark.parametrize("loss", ["own.css", STAMP])
def test_lost_file_is_collected_again(static_root, loss):
    collect_static()
    (static_root / loss).unlink()
    assert collect_static()
    assert (static_root / "own.css").exists()


@pytest.mark.django_db
def test_migrate_alone_makes_the_table_of_the_cache(settings):
    settings.CACHES = {
        "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "fresh_cache"}
    }
    call_command("migrate", verbosity=0)
    assert "fresh_cache" in connection.introspection.table_names()
    call_command("migrate", verbosity=0)


def modules_after(code: str, **variables) -> set[str]:
    """Return the top-level packages that a fresh interpreter holds after running the code."""
    code += "; import sys; print(*{name.split('.')[0] for name in sys.modules})"
    result = subprocess.run(
        [sys.executable, "-c", code],
        cwd=ROOT,
        env={**os.environ, **variables},
        capture_output=True,
        text=True,
    )
    assert result.returncode == 0, result.stderr
    return set(result.stdout.splitlines()[-1].split())


@pytest.mark.static
def test_web_starts_without_the_libraries_that_fit():
    assert modules_after("import marketplace.wsgi") & {"sklearn", "numba", "pandas"} == set()


@pytest.mark.static
def test_scheduler_starts_without_the_rooms():
    held = modules_after("import django; django.setup()", DJANGO_SETTINGS_MODULE="marketplace.scheduler")
    assert held & {"numpy", "wagtail", "matching", "catalog", "accounts"} == set()


@pytest.mark.static
def test_scheduler_sends_only_tasks_that_the_worker_knows():
    celery_app.loader.import_default_modules()
    sent = {entry["task"] for entry in django_settings.CELERY_BEAT_SCHEDULE.values()}
    assert sent - set(celery_app.tasks) == set()
