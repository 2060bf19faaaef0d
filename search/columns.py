"""What entries are filtered, counted and ordered by, held in memory as arrays, one set for each kind.

Every search asks the database first whether something was written since (search.models.Write) and reads only that
anew, so that a commit, a rollback and what the own transaction wrote are seen at once. A snapshot never changes:
threads in different transactions hold different ones.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import cached_property
from threading import Lock

import numpy as np
from django.db import connection

from search.engine import NUMBERS, Filters
from search.models import Write
from search.splitting import split, vocabulary
from search.titles import Titles

_NEVER = np.iinfo(np.int32).max
_FIELDS = f"id, object_id, visible_until, {', '.join(NUMBERS)}, vocabulary, facets, title"
_FIRST_NUMBER = 3
_MOST_FRESH = 5_000
_AT_ONCE = 500


class Columns:
    """Entries of one kind by row number; a row that is not `alive` was deleted or stands further on anew."""

    def __init__(self, entries: Sequence[tuple], pair_numbers: dict[str, int]):
        self.pair_numbers = pair_numbers
        self.keys = np.array([entry[0] for entry in entries], np.int64)
        self.object_ids = np.array([entry[1] for entry in entries], np.int64)
        self.last_days = np.array([_ordinal(entry[2]) for entry in entries], np.int32)
        self.numbers = {
            name: np.array([entry[_FIRST_NUMBER + place] for entry in entries], np.float64)
            for place, name in enumerate(NUMBERS)
        }
        pairs = [
            [pair_numbers.setdefault(pair, len(pair_numbers)) for pair in entry[-2].split()]
            for entry in entries
        ]
        lengths = np.array(list(map(len, pairs)), np.int64)
        self.pairs = np.fromiter((pair for row in pairs for pair in row), np.int32, lengths.sum())
        self.starts = np.concatenate([np.zeros(1, np.int64), np.cumsum(lengths)])
        self.is_current = np.array([entry[-3] == vocabulary() for entry in entries], bool)
        self.alive = np.ones(len(entries), bool)
        self.titles = Titles.of([text.split() for text, _terms in split([entry[-1] for entry in entries])])

    def __len__(self):
        return len(self.keys)

    def with_changes(self, keys: Iterable[int], entries: Sequence[tuple]) -> "Columns":
        """Return columns in which the entries with these keys are the given ones, or no more."""
        added = Columns(entries, dict(self.pair_numbers))
        changed = object.__new__(Columns)
        changed.pair_numbers = added.pair_numbers
        for name in ("keys", "object_ids", "last_days", "pairs", "is_current"):
            setattr(changed, name, np.concatenate([getattr(self, name), getattr(added, name)]))
        changed.numbers = {
            name: np.concatenate([column, added.numbers[name]]) for name, column in self.numbers.items()
        }
        changed.starts = np.concatenate([self.starts, added.starts[1:] + self.starts[-1]])
        rows = self.rows_of(np.fromiter(keys, np.int64))
        changed.alive = np.concatenate([self.alive, added.alive])
        changed.alive[rows] = False
        changed.titles = self.titles.with_more(added.titles)
        return changed

    @cached_property
    def has_terms(self) -> bool:
        """Whether the tokens of every entry name the terms of the present lexicon."""
        return bool(self.is_current[self.alive].all())

    @cached_property
    def _row_of_key(self) -> np.ndarray:
        rows = np.full(int(self.keys.max(initial=0)) + 1, -1, np.int32)
        living = np.flatnonzero(self.alive)
        rows[self.keys[living]] = living
        return rows

    def rows_of(self, keys: np.ndarray) -> np.ndarray:
        """Return the rows of those keys that are alive here, in the order given."""
        keys = keys[(keys >= 0) & (keys < len(self._row_of_key))]
        rows = self._row_of_key[keys]
        return rows[rows >= 0]

    def visible(self, rows: np.ndarray | None, today: date) -> np.ndarray:
        """Return those of the rows, None for all, whose last day has not passed."""
        is_visible = self.alive & (self.last_days >= today.toordinal())
        return np.flatnonzero(is_visible) if rows is None else rows[is_visible[rows]]

    @cached_property
    def _pair_rows(self) -> np.ndarray:
        return np.repeat(np.arange(len(self), dtype=np.int32), np.diff(self.starts))

    def carrying(self, name: str, values: Iterable[str]) -> np.ndarray:
        """Return for every row whether it has any of the values of a facet."""
        is_wanted = np.zeros(len(self.pair_numbers), bool)
        is_wanted[[self.pair_numbers[pair] for value in values if (pair := f"{name}:{value}") in self.pair_numbers]] = True  # fmt: skip
        has_one = np.zeros(len(self), bool)
        has_one[self._pair_rows[is_wanted[self.pairs]]] = True
        return has_one

    def tally(self, rows: np.ndarray, filters: Filters) -> tuple[np.ndarray, dict[str, Counter]]:
        """Return the rows that pass every filter, and for each facet the counts under all the other filters."""
        passes = {
            name: self.carrying(name, values)[rows] for name, values in filters.accepted.items() if values
        }
        failures = np.zeros(len(rows), np.int16)
        for one in passes.values():
            failures += ~one
        passing = rows[failures == 0]
        counts = self._counts(passing)
        for name, one in passes.items():
            others = rows[(failures == 0) | ((failures == 1) & ~one)]
            counts.pop(name, None)
            if own := self._counts(others).get(name):
                counts[name] = own
        return passing, counts

    def _counts(self, rows: np.ndarray) -> dict[str, Counter]:
        names = list(self.pair_numbers)
        counts: dict[str, Counter] = {}
        numbers = np.bincount(self._pairs_of(rows), minlength=len(names))
        for place in np.flatnonzero(numbers).tolist():
            name, _colon, value = names[place].partition(":")
            counts.setdefault(name, Counter())[value] = int(numbers[place])
        return counts

    def _pairs_of(self, rows: np.ndarray) -> np.ndarray:
        if len(rows) * 8 > len(self):
            is_counted = np.zeros(len(self), bool)
            is_counted[rows] = True
            return self.pairs[is_counted[self._pair_rows]]
        starts, lengths = self.starts[rows], self.starts[rows + 1] - self.starts[rows]
        before = np.cumsum(lengths) - lengths
        return self.pairs[np.repeat(starts - before, lengths) + np.arange(lengths.sum())]

    @cached_property
    def age(self) -> np.ndarray:
        """For every row its place in the order of publication: 0 is the newest, of equals that with the highest id."""
        order = np.lexsort((-self.object_ids, -np.nan_to_num(self.numbers["published"])))
        age = np.empty(len(self), np.int32)
        age[order] = np.arange(len(self), dtype=np.int32)
        return age

    def ordered(self, rows: np.ndarray, sort: str) -> np.ndarray:
        """Return the rows by a number, those without it last, equal ones and any other order newest first."""
        name = sort.removeprefix("-")
        if name not in NUMBERS:
            return rows[np.argsort(self.age[rows])]
        values = self.numbers[name][rows]
        values = np.where(np.isnan(values), np.inf, -values if sort.startswith("-") else values)
        return rows[np.lexsort((self.age[rows], values))]


class _Held:
    """The columns of a kind and the writes that they contain."""

    def __init__(self):
        self.lock = Lock()
        self.state: tuple[Columns, dict[int, tuple[int, str]], tuple] | None = None


_held: dict[str, _Held] = {}


def columns_of(kind: str) -> Columns:
    """Return the columns of a kind as the present transaction sees the database."""
    held = _held.setdefault(kind, _Held())
    mark = _mark(kind)
    state = held.state
    if state and state[2] == mark:
        return state[0]
    with held.lock:
        writes = {key: (stamp, entries) for key, stamp, entries in Write.objects.filter(kind=kind).values_list("id", "stamp", "entries")}  # fmt: skip
        columns = _brought_up(kind, held.state, writes)
        held.state = (columns, writes, _mark_of(writes))
    return columns


def _mark(kind: str) -> tuple:
    with connection.cursor() as cursor:
        cursor.execute("SELECT COUNT(*), SUM(stamp) FROM search_write WHERE kind = %s", [kind])
        count, total = cursor.fetchone()
    return count, int(total or 0)


def _mark_of(writes: Mapping[int, tuple[int, str]]) -> tuple:
    return len(writes), sum(stamp for stamp, _entries in writes.values())


def _brought_up(kind: str, state: tuple | None, writes: dict[int, tuple[int, str]]) -> Columns:
    if state is None:
        return _read(kind)
    columns, known, _before = state
    # What came, and what was rolled back.
    different = known.items() ^ writes.items()
    if any(not entries for _key, (_stamp, entries) in different):
        return _read(kind)
    keys = sorted({int(key) for _key, (_stamp, entries) in different for key in entries.split()})
    fresh = len(columns) - columns.titles.settled + len(keys)
    if fresh > max(_MOST_FRESH, len(columns) // 10):
        return _read(kind)
    return columns.with_changes(keys, _entries(kind, keys))


def _read(kind: str) -> Columns:
    return Columns(_entries(kind), {})


def _entries(kind: str, keys: Sequence[int] | None = None) -> list[tuple]:
    statement = f"SELECT {_FIELDS} FROM search_entry WHERE kind = %s"
    with connection.cursor() as cursor:
        if keys is None:
            cursor.execute(f"{statement} ORDER BY id", [kind])
            return cursor.fetchall()
        found = []
        for start in range(0, len(keys), _AT_ONCE):
            part = keys[start : start + _AT_ONCE]
            cursor.execute(f"{statement} AND id IN ({', '.join(['%s'] * len(part))})", [kind, *part])
            found += cursor.fetchall()
        return found


def _ordinal(day: date | str | None) -> int:
    """Return the number of a day; SQLite gives it as text."""
    if day is None:
        return _NEVER
    return (date.fromisoformat(day[:10]) if isinstance(day, str) else day).toordinal()
