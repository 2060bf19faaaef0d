"""The engine that needs no server: full text of the site's own database, SQLite FTS5 or PostgreSQL.

Both are given the same tokens, so they find the same; they differ in rank (bm25 and cover density). The database
says which entries a text matches; what they are filtered, counted and ordered by is held in memory
(search.columns), and only the most promising are ranked by their text.
"""

import secrets
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from django.db import connection, transaction
from django.db.models import Q
from django.utils import timezone

from search.amounts import FIGURES_WEIGHT, amounts_of
from search.asking import Asked, Attempt, read_query
from search.columns import Columns, columns_of
from search.engine import (
    COVERAGE_WEIGHT,
    LEAST_COVERAGE,
    NUMBERS,
    RELEVANCE,
    Amount,
    Document,
    Facet,
    Hit,
    Query,
    Results,
)
from search.fulltext import offering, valued, vendor_tokens
from search.highlight import excerpt, lacking, mark, pattern_of
from search.models import Amount as AmountRow
from search.models import Entry, Write
from search.negation import offered_text
from search.reasons import reasons
from search.splitting import vocabulary
from search.text import Word, worth
from search.vocabulary import Passages

_ENTRY_FIELDS = ("visible_until", *NUMBERS, "vocabulary", "facets", "title")
_TEXTS = ("summary", "terms", "body")
_PASSAGE_FIELDS = (*_TEXTS, "offered")
_BATCH = 2_000
_AT_ONCE = 500
_MOST_WRITES = 500
_RANKED = 2_000
_SYNONYM_SHARE, _NARROWER_SHARE = 0.5, 0.3


class EmbeddedEngine:
    """Implements search.engine.Engine."""

    def search(self, query: Query) -> Results:
        """Answer the query in a few statements, however much is found."""
        asked = read_query(query.text)
        columns = columns_of(query.kind)
        found = _candidates(columns, query, asked)
        passing, counts = columns.tally(found.rows, query.filters)
        page = min(max(1, query.page), max(1, -(-len(passing) // query.page_size)))
        shown = slice((page - 1) * query.page_size, page * query.page_size)
        passing, scores = _ordered(columns, passing, query.sort, found, shown.stop)
        return Results(
            hits=_hits(columns.keys[passing[shown]].tolist(), scores[shown].tolist(), found),
            total=len(passing),
            facets={name: Facet(name, values) for name, values in counts.items()},
            page=page,
            page_size=query.page_size,
            is_partial=found.is_partial,
            has_values=bool(found.attempt.amounts),
            matched=len(found.rows) + len(found.mentioning),
            mentions=len(columns.tally(found.mentioning, query.filters)[0]) if len(found.mentioning) else 0,
        )

    def matching_ids(self, query: Query, *, also_partial: bool = False) -> list[int]:
        """Return every listing that the query finds, in order; with `also_partial` those with some words, if none has all."""
        asked = read_query(query.text)
        columns = columns_of(query.kind)
        found = _candidates(columns, replace(query, allows_partial=also_partial), asked)
        passing, _counts = columns.tally(found.rows, query.filters)
        passing, _scores = _ordered(columns, passing, query.sort, found, 0)
        return columns.object_ids[passing].tolist()

    def add(self, documents: Iterable[Document]) -> None:
        """Index documents, replacing those of the same kind and id."""
        kinds: dict[str, dict[int, Document]] = defaultdict(dict)
        for document in documents:
            kinds[document.kind][document.object_id] = document
        for kind, those in kinds.items():
            different = list(those.values())
            for start in range(0, len(different), _BATCH):
                _add(kind, different[start : start + _BATCH])

    @transaction.atomic
    def remove(self, kind: str, object_ids: Iterable[int]) -> None:
        """Forget listings; unknown ids do no harm."""
        object_ids = list(object_ids)
        for start in range(0, len(object_ids), _AT_ONCE):
            entries = Entry.objects.filter(kind=kind, object_id__in=object_ids[start : start + _AT_ONCE])
            if keys := list(entries.values_list("pk", flat=True)):
                vendor_tokens().forget(keys)
                entries.delete()
                _note(kind, keys)

    def ids(self, kind: str) -> set[int]:
        """Return which listings of a kind are indexed."""
        return set(Entry.objects.filter(kind=kind).values_list("object_id", flat=True))

    def passages(self) -> Iterator[Passages]:
        """Yield title, summary and terms of every listing that may be found today."""
        today = timezone.localdate()
        entries = Entry.objects.filter(Q(visible_until=None) | Q(visible_until__gte=today))
        rows = entries.values_list("title", "passage__summary", "passage__terms")
        return (Passages(*(text or "" for text in row)) for row in rows.iterator())


@dataclass(frozen=True, slots=True)
class _Found:
    """The rows that a text matches, how it was read, and by which expression.

    `coverage` says of a partial result how much every row has of the words; `mentioning` are rows that only mention
    the words.
    """

    rows: np.ndarray
    attempt: Attempt = Attempt(())
    expression: str = ""
    coverage: np.ndarray | None = None
    mentioning: np.ndarray = field(default_factory=lambda: np.empty(0, np.int64))

    @property
    def is_partial(self) -> bool:
        """Whether the rows have only some of the words."""
        return self.attempt.is_any and len(self.rows) > 0


def _candidates(columns: Columns, query: Query, asked: Asked) -> _Found:
    found = _Found(np.empty(0, np.int64))
    if query.text.strip() and asked.is_empty:
        return found
    for attempt in asked.attempts:
        if attempt.is_any and not query.allows_partial:
            continue
        found = _partial(columns, asked, attempt) if attempt.is_any else _exact(columns, asked, attempt)
        if len(found.rows):
            break
    return found if query.is_wide else _about(columns, found)


def _about(columns: Columns, found: _Found) -> _Found:
    """Put those apart whose body has only other names or kinds of the words, where the title of another has all."""
    if not found.attempt.is_telling or not len(found.rows):
        return found
    if not columns.titles.having(word.equal_ways for word in found.attempt.words)[found.rows].any():
        return found
    engine, keys = vendor_tokens(), columns.keys[found.rows]
    typed = _expression(columns, [word.as_typed for word in found.attempt.words])
    is_about = np.isin(keys, _keys(engine.beside_body(found.expression))) | np.isin(keys, _keys(typed))
    return replace(found, rows=found.rows[is_about], mentioning=found.rows[~is_about])


def _exact(columns: Columns, asked: Asked, attempt: Attempt) -> _Found:
    """Return the rows with all words."""
    expression = _expression(columns, attempt.words) if attempt.words else ""
    return _Found(_matching(columns, expression, asked, attempt), attempt, expression)


def _partial(columns: Columns, asked: Asked, attempt: Attempt) -> _Found:
    """Return the rows that have nearly as much of the words as the best one; a rare word is worth more than a common one."""
    having = [_matching(columns, _expression(columns, [word]), asked, attempt) for word in attempt.words]
    total, coverage = len(np.unique(np.concatenate(having))), np.zeros(len(columns))
    for rows in having:
        coverage[rows] += worth(len(rows), total)
    coverage /= coverage.max(initial=0.0) or 1.0
    expression = _expression(columns, attempt.words, is_any=True)
    return _Found(np.flatnonzero(coverage >= LEAST_COVERAGE), attempt, expression, coverage)


def _expression(columns: Columns, words: Sequence[Word], *, is_any: bool = False) -> str:
    engine = vendor_tokens()
    return engine.expression(words, is_any=is_any, has_terms=columns.has_terms and engine.knows_terms)


def _matching(columns: Columns, expression: str, asked: Asked, attempt: Attempt) -> np.ndarray:
    """Return the visible rows that an expression finds, all for an empty one, with the values asked for."""
    rows = None
    if expression:
        rows = columns.rows_of(_keys(expression))
    rows = _without(columns, columns.visible(rows, timezone.localdate()), asked)
    for amount in attempt.amounts:
        rows = rows[_saying(columns, rows, *valued(amount))]
    return rows


def _keys(expression: str) -> np.ndarray:
    """Return the keys of the entries that an expression finds."""
    ((keys,),) = _fetch(vendor_tokens().matching, [expression])
    return np.fromstring(keys or "", np.int64, sep=",")


def _saying(columns: Columns, rows: np.ndarray, condition: str, parameters: list) -> np.ndarray:
    """Return for each row whether one of its amounts fulfils a condition."""
    engine, keys = vendor_tokens(), columns.keys[rows]
    saying = _fetch(
        f"SELECT DISTINCT entry_id FROM search_amount WHERE entry_id {engine.among} AND {condition}",
        [engine.list_of(keys.tolist()), *parameters],
    )
    return np.isin(keys, [key for (key,) in saying])


def _without(columns: Columns, rows: np.ndarray, asked: Asked) -> np.ndarray:
    """Return the rows that do not offer what is not wanted."""
    if not asked.exclusions or not len(rows):
        return rows
    engine, keys = vendor_tokens(), columns.keys[rows]
    condition, parameters = offering(asked.exclusions)
    unwanted = _fetch(
        f"SELECT entry_id FROM search_passage WHERE entry_id {engine.among} AND {condition}",
        [engine.list_of(keys.tolist()), *parameters],
    )
    return rows[~np.isin(keys, [key for (key,) in unwanted])]


def _ordered(
    columns: Columns, rows: np.ndarray, sort: str, found: _Found, stop: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows in order with their scores; at least the first `stop` are ranked with care."""
    if sort == RELEVANCE and found.attempt.has_score:
        return _ranked(columns, rows, found, stop)
    return columns.ordered(rows, sort), np.zeros(len(rows))


def _ranked(columns: Columns, rows: np.ndarray, found: _Found, stop: int) -> tuple[np.ndarray, np.ndarray]:
    """Return the rows, best first, with their scores.

    A score is the database's, scaled to 0..1, plus twice the share of the words that the title has, plus the weight of
    the figures that were typed and of what a row of a partial result has of the words. Without the share a rare synonym would outrank the very word that was typed, for it is
    worth more to bm25. Beyond _RANKED rows, or the page asked for, those whose titles have least are left in the order
    of the title's share, newest first.
    """
    scores = 2 * columns.titles.shares(map(_levels, found.attempt.words))[rows]
    if found.coverage is not None:
        scores = scores + COVERAGE_WEIGHT * found.coverage[rows]
    for amount in found.attempt.amounts:
        weight = FIGURES_WEIGHT / len(found.attempt.amounts)
        scores = scores + weight * _saying(columns, rows, *valued(amount, is_same=True))
    first = np.lexsort((columns.age[rows], -scores))
    rows, scores = rows[first], scores[first]
    head = rows[: max(_RANKED, stop)]
    if found.expression:
        engine = vendor_tokens()
        keys = engine.list_of(columns.keys[head].tolist())
        ranks = dict(_fetch(engine.ranking + engine.among, [found.expression, keys]))
        texts = np.array([ranks.get(key, 0.0) for key in columns.keys[head].tolist()])
        scores[: len(head)] += texts / (texts.max(initial=0.0) or 1.0)
    order = np.lexsort((columns.age[head], -scores[: len(head)]))
    order = np.concatenate([order, np.arange(len(head), len(rows))])
    return rows[order], scores[order]


def _levels(word: Word):
    """Return what a title may have of a word and how much that counts, the least first."""
    own, *others = word.phrases
    return (
        (_NARROWER_SHARE, word.narrower),
        (_SYNONYM_SHARE, [phrase for phrase in others if phrase not in word.narrower]),
        (1.0, [own]),
    )


def _hits(keys: list[int], scores: list[float], found: _Found) -> tuple[Hit, ...]:
    words, amounts = found.attempt.words, _amounts_of(keys) if found.attempt.amounts else {}
    entries = Entry.objects.select_related("passage").in_bulk(keys)
    pattern, hits = pattern_of(words), []
    for key, score in zip(keys, scores, strict=True):
        if entry := entries.get(key):
            passage = entry.passage
            title, summary = mark(entry.title, pattern), mark(passage.summary, pattern)
            shown = f"{entry.title}\n{passage.summary}"
            context = excerpt(f"{passage.body}\n{passage.terms}", words, beside=shown)
            missing = lacking(words, f"{shown}\n{passage.terms}\n{passage.body}") if found.is_partial else ()
            texts = (entry.title, passage.summary, passage.terms, passage.body)
            why = reasons(found.attempt, texts, amounts.get(key, ()))
            hits.append(Hit(entry.object_id, score, title, summary, context, missing, why))
    return tuple(hits)


def _amounts_of(keys: list[int]) -> dict[int, list[Amount]]:
    found = defaultdict(list)
    rows = AmountRow.objects.filter(entry__in=keys).order_by("pk")
    for key, *values in rows.values_list("entry", "kind", "low", "high", "text"):
        found[key].append(Amount(*values))
    return found


@transaction.atomic
def _add(kind: str, documents: list[Document]) -> None:
    _upsert(
        "search_entry",
        ("kind", "object_id"),
        _ENTRY_FIELDS,
        [(kind, document.object_id, *_entry_values(document)) for document in documents],
    )
    keys: dict[int, int] = {}
    for start in range(0, len(documents), _AT_ONCE):
        ids = [document.object_id for document in documents[start : start + _AT_ONCE]]
        keys.update(Entry.objects.filter(kind=kind, object_id__in=ids).values_list("object_id", "pk"))
    _upsert(
        "search_passage",
        ("entry_id",),
        _PASSAGE_FIELDS,
        [(keys[document.object_id], *_passage_values(document)) for document in documents],
    )
    _replace_amounts({keys[document.object_id]: document for document in documents})
    vendor_tokens().store({keys[document.object_id]: document for document in documents})
    _note(kind, keys.values())


def _upsert(table: str, unique: Sequence[str], others: Sequence[str], rows: list[tuple]) -> None:
    names = (*unique, *others)
    updates = ", ".join(f"{name} = excluded.{name}" for name in others)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"INSERT INTO {table} ({', '.join(names)}) VALUES ({', '.join(['%s'] * len(names))}) "
            f"ON CONFLICT ({', '.join(unique)}) DO UPDATE SET {updates}",
            rows,
        )


def _replace_amounts(documents: Mapping[int, Document]) -> None:
    engine = vendor_tokens()
    rows = [
        (key, each.kind, each.low, each.high, _clean(each.text))
        for key, document in documents.items()
        for each in amounts_of(document)
    ]
    with connection.cursor() as cursor:
        cursor.execute(
            f"DELETE FROM search_amount WHERE entry_id {engine.among}", [engine.list_of(list(documents))]
        )
        cursor.executemany(
            "INSERT INTO search_amount (entry_id, kind, low, high, text) VALUES (%s, %s, %s, %s, %s)", rows
        )


def _entry_values(document: Document) -> tuple:
    return (
        document.visible_until.isoformat() if document.visible_until else None,
        *(document.numbers.get(name) for name in NUMBERS),
        vocabulary(),
        " ".join(f"{name}:{value}" for name, value in sorted(document.facets)),
        _clean(document.title),
    )


def _passage_values(document: Document) -> tuple:
    offered = offered_text(document.title, document.summary, document.terms)
    return (*(_clean(getattr(document, name)) for name in _TEXTS), offered)


def _note(kind: str, keys: Iterable[int]) -> None:
    """Write down which entries changed; once in a while, that everything may have."""
    writes = Write.objects.filter(kind=kind)
    entries = " ".join(map(str, keys))
    if writes.count() >= _MOST_WRITES:
        writes.delete()
        entries = ""
    Write.objects.create(kind=kind, stamp=secrets.randbits(40), entries=entries)


def _clean(text: str) -> str:
    """Return the text without the one character that PostgreSQL refuses."""
    return text.replace("\0", "")


def _fetch(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()
