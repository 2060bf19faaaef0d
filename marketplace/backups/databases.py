"""Copy a database whole at one moment, put it back, and tell whether two are the same."""

import os
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from hashlib import blake2b
from pathlib import Path
from urllib.parse import unquote, urlsplit

import psycopg
from django.utils.translation import gettext as _
from psycopg import sql

_BATCH = 1000


class BackupError(Exception):
    """A backup or a restoration that cannot go on; the text is a sentence for operators."""


def dump(url: str, target: Path) -> dict[str, dict]:
    """Write a copy of the database to a file; return rows and digest of every table at that moment."""
    if is_sqlite(url):
        with closing(_sqlite(url)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)
            return _sqlite_digests(copy)
    with psycopg.connect(url) as connection:
        connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
        snapshot = connection.execute("SELECT pg_export_snapshot()").fetchone()[0]
        _run(url, "pg_dump", "--format=custom", "--no-owner", "--no-privileges", f"--snapshot={snapshot}",
             f"--file={target}")  # fmt: skip
        return _postgres_digests(connection)


def load(url: str, source: Path) -> None:
    """Put a copy into an empty database.

    Raises
    ------
    BackupError
        When the database is not empty or the program that loads it fails.
    """
    if not is_empty(url):
        raise BackupError(_("目标数据库不是空的，未做任何改动。请恢复到空库，核对后再切换。"))
    if is_sqlite(url):
        path = sqlite_path(url)
        path.parent.mkdir(parents=True, exist_ok=True)
        with closing(sqlite3.connect(source)) as copy, closing(sqlite3.connect(path)) as target:
            copy.backup(target)
        return
    database = unquote(urlsplit(url).path.lstrip("/"))
    _run(url, "pg_restore", "--no-owner", "--no-privileges", "--exit-on-error", "--single-transaction",
         f"--dbname={database}", str(source))  # fmt: skip


def digests(url: str) -> dict[str, dict]:
    """Return for every table how many rows it has and a digest of them, whatever their order."""
    if is_sqlite(url):
        with closing(_sqlite(url)) as connection:
            return _sqlite_digests(connection)
    with psycopg.connect(url) as connection:
        return _postgres_digests(connection)


def is_empty(url: str) -> bool:
    """Whether a database has no table yet."""
    if is_sqlite(url):
        path = sqlite_path(url)
        if not path.exists():
            return True
        with closing(sqlite3.connect(path)) as connection:
            return connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0] == 0
    with psycopg.connect(url) as connection:
        return not _postgres_tables(connection)


@contextmanager
def empty_database_beside(url: str, folder: Path) -> Iterator[str]:
    """Give the address of an empty database of the same kind, which is gone afterwards."""
    if is_sqlite(url):
        yield f"sqlite:///{folder / 'check.sqlite3'}"
        return
    name = f"check_{os.urandom(6).hex()}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
        try:
            yield urlsplit(url)._replace(path=f"/{name}").geturl()
        finally:
            connection.execute(sql.SQL("DROP DATABASE {} WITH (FORCE)").format(sql.Identifier(name)))


def is_sqlite(url: str) -> bool:
    return url.startswith("sqlite:")


def sqlite_path(url: str) -> Path:
    return Path(unquote(url.removeprefix("sqlite:///")))


def _sqlite(url: str) -> sqlite3.Connection:
    path = sqlite_path(url)
    if not path.exists():
        raise BackupError(_("找不到数据库文件 %(path)s。") % {"path": path})
    return sqlite3.connect(path, timeout=60)


def _run(url: str, program: str, *arguments: str) -> None:
    parts = urlsplit(url)
    environment = {
        **os.environ,
        "PGHOST": parts.hostname or "",
        "PGPORT": str(parts.port or 5432),
        "PGUSER": unquote(parts.username or ""),
        "PGPASSWORD": unquote(parts.password or ""),
        "PGDATABASE": unquote(parts.path.lstrip("/")),
    }
    try:
        done = subprocess.run([program, *arguments], env=environment, capture_output=True, text=True)
    except FileNotFoundError as error:
        raise BackupError(
            _("找不到 %(program)s，请先安装 PostgreSQL 客户端（postgresql-client）。") % {"program": program}
        ) from error
    if done.returncode:
        last = (done.stderr.strip().splitlines() or [str(done.returncode)])[-1]
        raise BackupError(_("%(program)s 失败：%(error)s") % {"program": program, "error": last})


class _Digest:
    """Counts rows and adds up their hashes, so that the order in which a server returns them does not matter."""

    def __init__(self):
        self.rows, self.total = 0, 0

    def add(self, row: str) -> None:
        self.rows += 1
        self.total = (
            self.total
            + int.from_bytes(blake2b(row.encode("utf-8", "surrogatepass"), digest_size=16).digest())
        ) % 2**128

    def value(self) -> dict:
        return {"rows": self.rows, "digest": f"{self.total:032x}"}


def _sqlite_digests(connection: sqlite3.Connection) -> dict[str, dict]:
    # Virtual tables are views of the tables that hold their content, and those are listed too.
    names = connection.execute(
        "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
    )
    found = {}
    for (name,) in names.fetchall():
        digest = _Digest()
        quoted = name.replace('"', '""')
        for row in connection.execute(f'SELECT * FROM "{quoted}"'):
            digest.add(repr(row))
        found[name] = digest.value()
    return found


def _postgres_tables(connection: psycopg.Connection) -> list[str]:
    rows = connection.execute(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1"
    )
    return [name for (name,) in rows.fetchall()]


def _postgres_digests(connection: psycopg.Connection) -> dict[str, dict]:
    found = {}
    for name in _postgres_tables(connection):
        digest = _Digest()
        with connection.cursor(name="rows") as cursor:
            cursor.itersize = _BATCH
            cursor.execute(sql.SQL("SELECT t::text FROM {} AS t").format(sql.Identifier(name)))
            for (row,) in cursor:
                digest.add(row)
        found[name] = digest.value()
    return found
