"""Write lists of recommendations: many rows in one statement, and only those that differ from what is stored."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from matching.models import Recommendation
from matching.models.packing import pack_parts, pack_reasons

KEY = ("demand", "technology")
VALUES = (
    "score", "rank", "base_score", "base_rank", "is_set_aside", "has_conflict", "is_twin", "parts", "reasons", "engine_version",
)  # fmt: skip
ROWS_AT_ONCE = 500
DEMANDS_AT_ONCE = 100


@dataclass(slots=True)
class Row:
    """What is stored of one pair, with the names of `Recommendation`; a model instance takes ten times as long."""

    demand_id: int
    technology_id: int
    base_score: float
    base_rank: int
    has_conflict: bool
    is_twin: bool
    parts: list[dict[str, Any]]
    reasons: list[dict[str, Any]]
    engine_version: str
    score: float = 0.0
    rank: int = 0
    is_set_aside: bool = False

    def values(self) -> tuple:
        """Return what is stored under `VALUES`."""
        return (
            self.score,
            self.rank,
            self.base_score,
            self.base_rank,
            self.is_set_aside,
            self.has_conflict,
            self.is_twin,
            pack_parts(self.parts),
            pack_reasons(self.reasons),
            self.engine_version,
        )


def replace_lists(lists: Mapping[int, Sequence[Row]], *, now: datetime) -> int:
    """Make the stored lists of some demands equal to the given ones; return how many rows were written.

    Rows of pairs that stay keep their primary key. A row that is equal to the stored one is left alone, except the
    first of each list, whose time says when the list was computed. Call it in a transaction that holds the demands.
    """
    stored, gone, written = _stored(lists), [], []
    for demand_id, rows in lists.items():
        before = stored.pop(demand_id, {})
        for row in rows:
            values = row.values()
            known = before.pop(row.technology_id, None)
            if known is None or known[1:] != values or row.base_rank == 1:
                written.append((demand_id, row.technology_id, *values, now))
        gone += [known[0] for known in before.values()]
    for start in range(0, len(gone), ROWS_AT_ONCE):
        Recommendation.objects.filter(pk__in=gone[start : start + ROWS_AT_ONCE]).delete()
    if written:
        _write(written)
    return len(written)


def _stored(demand_ids: Iterable[int]) -> dict[int, dict[int, tuple]]:
    """Return primary key and values of every stored row, by demand and technology, as they lie in the database."""
    ids, found = list(demand_ids), {}
    columns = ", ".join(_column(name) for name in ("id", *KEY, *VALUES))
    with connection.cursor() as cursor:
        for start in range(0, len(ids), DEMANDS_AT_ONCE):
            chunk = ids[start : start + DEMANDS_AT_ONCE]
            places = ", ".join(["%s"] * len(chunk))
            cursor.execute(
                f"SELECT {columns} FROM {_table()} WHERE {_column('demand')} IN ({places})",
                chunk,
            )
            for pk, demand_id, technology_id, *values in cursor.fetchall():
                found.setdefault(demand_id, {})[technology_id] = (pk, *values)
    return found


def _write(rows: list[tuple]) -> None:
    """Insert rows, or put their values in place of those of the same pair."""
    names = (*KEY, *VALUES, "computed_at")
    columns = ", ".join(map(_column, names))
    key = ", ".join(map(_column, KEY))
    changes = ", ".join(f"{_column(name)} = excluded.{_column(name)}" for name in (*VALUES, "computed_at"))
    head, tail = f"INSERT INTO {_table()} ({columns})", f"ON CONFLICT ({key}) DO UPDATE SET {changes}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            # One array for each column: one statement, without a place for each value.
            arrays = ", ".join(f"%s::{_field(name).db_type(connection).split('(')[0]}[]" for name in names)
            cursor.execute(
                f"{head} SELECT * FROM unnest({arrays}) {tail}",
                [list(column) for column in zip(*rows, strict=True)],
            )
        else:
            moment = connection.ops.adapt_datetimefield_value(rows[0][-1])
            places = ", ".join(["%s"] * len(names))
            cursor.executemany(
                f"{head} VALUES ({places}) {tail}",
                [(*row[:-1], moment) for row in rows],
            )


def _field(name: str):
    return Recommendation._meta.get_field(name)


def _column(name: str) -> str:
    return connection.ops.quote_name(_field(name).column)


def _table() -> str:
    return connection.ops.quote_name(Recommendation._meta.db_table)
