"""Settings, migrations and the documents about them."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.core.management import call_command, get_commands

from marketplace import environment

ROOT = Path(__file__).resolve().parent.parent
ROOMS = {"marketplace", "cms", "matching", "search", "catalog", "notices", "accounts"}

CLEAN_ENVIRONMENT = {name: value for name, value in os.environ.items() if name != "DJANGO_ALLOW_ASYNC_UNSAFE"}


def manage(*arguments, **variables):
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=ROOT, env={**CLEAN_ENVIRONMENT, **variables}, capture_output=True, text=True,
    )  # fmt: skip


@pytest.mark.django_db
def test_no_migration_is_missing():
    call_command("makemigrations", check=True, dry_run=True, verbosity=0)


@pytest.mark.static
def test_deployment_check_is_clean(tmp_path):
    result = manage(
        "check", "--deploy", "--fail-level", "WARNING", SITE_URL="https://example.com", SECRET_KEY="0123456789abcdefghij" * 4,
        DATA_DIR=str(tmp_path),
    )  # fmt: skip
    assert result.returncode == 0, result.stderr


@pytest.mark.static
def test_every_setting_is_documented():
    source = (ROOT / "marketplace/settings.py").read_text()
    names = set(
        re.findall(
            r"environment\.(?:text|flag|integer|choice|words|url|secret|file|name_part)\(\s*\"([A-Z_]+)\"",
            source,
        )
    )
    text = (ROOT / "docs/operations.md").read_text()
    assert {name for name in names if f"`{name}`" not in text} == set()


@pytest.mark.static
def test_every_command_is_documented():
    text = "".join(path.read_text() for path in (ROOT / "docs").glob("*.md"))
    own = {name for name, room in get_commands().items() if room in ROOMS}
    assert {name for name in own if f"`{name}" not in text} == set()


@pytest.mark.parametrize(
    ("variables", "sentence"),
    [
        ({"PORT": "abc"}, "PORT='abc' is not accepted: use a whole number from 1 to 65535."),
        (
            {"DEBUG": "perhaps"},
            "DEBUG='perhaps' is not accepted: use one of 1, true, yes, on, 0, false, no, off.",
        ),
        ({"DATABASE_URL": "mysql://x"}, "DATABASE_URL='mysql://x' is not accepted"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY is too short"),
        ({"ELASTICSEARCH_URL": "127.0.0.1:9200"}, "use an address such as http://…, https://…"),
        ({"ELASTICSEARCH_URL": "http://a:99999"}, "ELASTICSEARCH_URL='http://a:99999' is not accepted"),
        ({"ELASTICSEARCH_PREFIX": "Two words"}, "ELASTICSEARCH_PREFIX='Two words' is not accepted"),
        ({"ELASTICSEARCH_CA": "/nowhere/ca.pem"}, "use the path of a file that can be read."),
        ({"LOG_LEVEL": "LOUD"}, "LOG_LEVEL='LOUD' is not accepted: use DEBUG, INFO, WARNING or ERROR."),
    ],
    ids=lambda value: next(iter(value)) if isinstance(value, dict) else "",
)
@pytest.mark.static
def test_wrong_setting_stops_the_start(variables, sentence, tmp_path):
    result = manage("check", **{"DATA_DIR": str(tmp_path), **variables})
    assert result.returncode != 0
    assert sentence in result.stderr


def test_secret_is_made_once_and_private(tmp_path, monkeypatch):
    monkeypatch.delenv("SECRET_KEY", raising=False)
    path = tmp_path / "secret_key"
    assert environment.secret("SECRET_KEY", path) == environment.secret("SECRET_KEY", path)
    assert path.stat().st_mode & 0o777 == 0o600


def test_words_are_split_at_commas(monkeypatch):
    monkeypatch.setenv("ALLOWED_HOSTS", "a.example, b.example,")
    assert environment.words("ALLOWED_HOSTS") == ["a.example", "b.example"]


def test_address_of_another_scheme_is_refused(monkeypatch):
    monkeypatch.setenv("REDIS_URL", "http://127.0.0.1")
    with pytest.raises(ImproperlyConfigured, match="rediss://"):
        environment.url("REDIS_URL", "", schemes=["redis", "rediss"])
