"""Typed reading of environment variables; a wrong value names the variable and what it accepts."""

import os
import re
import sys
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    """Return the variable, stripped, or the default when it is unset or empty."""
    return os.environ.get(name, "").strip() or default


def flag(name: str, default: bool) -> bool:
    """Return a boolean; accepts 1/true/yes/on and 0/false/no/off."""
    value = text(name).lower()
    if not value:
        return default
    if value in _TRUE | _FALSE:
        return value in _TRUE
    raise ImproperlyConfigured(
        f"{name}={value!r} is not accepted: use one of 1, true, yes, on, 0, false, no, off."
    )


def integer(name: str, default: int, *, minimum: int, maximum: int) -> int:
    """Return a whole number between minimum and maximum, both included."""
    value = text(name)
    if not value:
        return default
    if not value.isdecimal() or not minimum <= int(value) <= maximum:
        raise ImproperlyConfigured(
            f"{name}={value!r} is not accepted: use a whole number from {minimum} to {maximum}."
        )
    return int(value)


def choice(name: str, default: str, accepted: Sequence[str]) -> str:
    """Return one of the accepted words, whatever case it is written in."""
    value = text(name, default)
    for word in accepted:
        if value.lower() == word.lower():
            return word
    listed = f"{', '.join(accepted[:-1])} or {accepted[-1]}"
    raise ImproperlyConfigured(f"{name}={value!r} is not accepted: use {listed}.")


def words(name: str, default: Sequence[str] = ()) -> list[str]:
    """Return a comma-separated list."""
    return [word.strip() for word in text(name).split(",") if word.strip()] or list(default)


def url(name: str, default: str, *, schemes: Sequence[str], needs_host: bool = False) -> str:
    """Return an address whose scheme is one of those named, with a host and a sound port if it needs one."""
    value = text(name, default)
    if value and (value.split("://")[0] not in schemes or (needs_host and not _has_host(value))):
        accepted = ", ".join(f"{scheme}://…" for scheme in schemes)
        raise ImproperlyConfigured(f"{name}={value!r} is not accepted: use an address such as {accepted}.")
    return value


def _has_host(value: str) -> bool:
    try:
        parts = urlsplit(value)
        return bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False


def name_part(name: str, default: str) -> str:
    """Return a word of lower-case letters, digits and hyphens that begins with a letter, at most 40 long."""
    value = text(name, default)
    if not re.fullmatch(r"[a-z][a-z0-9-]{0,39}", value):
        raise ImproperlyConfigured(
            f"{name}={value!r} is not accepted: use up to 40 lower-case letters, digits and hyphens, a letter first."
        )
    return value


def file(name: str) -> str:
    """Return the path of a file that can be read, or nothing when the variable is unset."""
    value = text(name)
    if value and not os.access(value, os.R_OK):
        raise ImproperlyConfigured(
            f"{name}={value!r} is not accepted: use the path of a file that can be read."
        )
    return value


def secret(name: str, path: Path) -> str:
    """Return the secret from the environment, or one made once and kept in a private file under the data folder."""
    if value := text(name):
        if len(value) < 40:
            raise ImproperlyConfigured(f"{name} is too short: use at least 40 random characters.")
        return value
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return path.read_text()
    value = os.urandom(32).hex()
    with os.fdopen(descriptor, "w") as stream:
        stream.write(value)
    return value


def process_name() -> str:
    """Return the name shown in the log: PROCESS_NAME, or the management command that runs."""
    return text("PROCESS_NAME") or (sys.argv[1] if len(sys.argv) > 1 else "shell")
