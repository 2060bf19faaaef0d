"""The interface is Chinese first; English is a complete translation."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

pytestmark = pytest.mark.static

ROOT = Path(__file__).resolve().parent.parent
CATALOGUE = "marketplace/locale/en/LC_MESSAGES/django.po"


@pytest.fixture(scope="module")
def extracted(tmp_path_factory):
    """The English catalogue after extracting every marked string from a copy of the source."""
    if shutil.which("xgettext") is None:
        pytest.fail("xgettext is missing: install the package gettext")
    copy = tmp_path_factory.mktemp("source")
    names = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    ).stdout.splitlines()
    for name in names:
        source = ROOT / name
        if (
            source.suffix in {".py", ".html", ".txt", ".po"}
            and source.exists()
            and not name.startswith("tests/")
        ):
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(source, copy / name)
    (copy / CATALOGUE).parent.mkdir(parents=True, exist_ok=True)
    result = subprocess.run(
        [sys.executable, "manage.py", "makemessages", "--locale", "en", "--no-obsolete", "--no-wrap", "--add-location", "file"],
        cwd=copy, capture_output=True, text=True, env={"PATH": "/usr/bin:/bin", "DATA_DIR": str(copy / "var")},
    )  # fmt: skip
    assert result.returncode == 0, result.stderr
    with (copy / CATALOGUE).open("rb") as stream:
        return read_po(stream)


def test_every_marked_string_has_an_english_translation(extracted):
    missing = [
        str(message.id)
        for message in extracted
        if message.id
        and (
            message.fuzzy or not all([message.string] if isinstance(message.string, str) else message.string)
        )
    ]
    assert missing == []


def test_placeholders_survive_translation(extracted):
    broken = [message.id for message in extracted if message.id and list(message.check())]
    assert broken == []
