"""An empty embedded index of its own for one connection, gone when it is closed.

Temporary tables of the same names and forms hide the real ones from this connection, on SQLite and PostgreSQL alike,
so that word frequencies are those of the scratch listings and no other connection sees or waits for anything.
"""

from collections.abc import Iterator
from contextlib import contextmanager

from django.db import connection

from search.embedded import EmbeddedEngine

_TABLES = ("search_amount", "search_entry", "search_fulltext", "search_passage", "search_write")


@contextmanager
def embedded_scratch() -> Iterator[EmbeddedEngine]:
    """Yield an embedded engine that holds nothing; on this connection the real index is out of sight meanwhile."""
    is_postgres = connection.vendor == "postgresql"
    names: list[str] = []
    try:
        for name, statements in _postgres_tables() if is_postgres else _sqlite_tables():
            _execute(*statements)
            names.append(name)
        yield EmbeddedEngine()
    finally:
        schema = "pg_temp" if is_postgres else "temp"
        if not is_postgres and names:
            # SQLite checks that nothing refers to a row or table that goes; all refer to entries.
            _execute(*(f'DELETE FROM {schema}."{name}"' for name in sorted(names, key="search_entry".__eq__)))
        _execute(*(f'DROP TABLE {schema}."{name}"' for name in reversed(names)))


def _execute(*statements: str) -> None:
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def _rows(statement: str) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return cursor.fetchall()


def _postgres_tables() -> Iterator[tuple[str, list[str]]]:
    """Yield the names of the index's tables, each with what creates its double."""
    names = _rows(
        "SELECT tablename FROM pg_tables WHERE schemaname = current_schema() "
        f"AND tablename IN {_TABLES} ORDER BY tablename"
    )
    for (name,) in names:
        yield name, [f'CREATE TEMPORARY TABLE "{name}" (LIKE "{name}" INCLUDING ALL)']


def _sqlite_tables() -> Iterator[tuple[str, list[str]]]:
    """Yield the names of the index's tables, each with what creates its double and its indexes and triggers."""
    made = [
        (name, table, sql)
        for name, table, sql in _rows("SELECT name, tbl_name, sql FROM main.sqlite_master WHERE sql NOTNULL")
        if table in _TABLES
    ]
    virtual = tuple(f"{name}_" for name, _table, sql in made if sql.upper().startswith("CREATE VIRTUAL"))
    for name, table, sql in made:
        # A virtual table makes the tables that it keeps its own data in.
        if name == table and not name.startswith(virtual):
            parts = [part for part_name, of, part in made if of == name and part_name != name]
            yield name, [_temporary(statement) for statement in (sql, *parts)]


def _temporary(statement: str) -> str:
    """Return a statement that creates the same among the temporary tables.

    >>> _temporary('CREATE UNIQUE INDEX "one" ON "search_entry" ("kind")')
    'CREATE UNIQUE INDEX temp."one" ON "search_entry" ("kind")'
    """
    for words in ("TABLE", "VIRTUAL TABLE", "INDEX", "UNIQUE INDEX", "TRIGGER"):
        start = f"CREATE {words} "
        if statement.upper().startswith(start):
            return f"{start}temp.{statement[len(start) :].lstrip()}"
    raise ValueError(statement)
