"""The engine that needs no server: full text of the site's own database, SQLite FTS5 or PostgreSQL.

Both are given the same tokens, so they find the same; they differ in rank (bm25 and cover density). One statement
fetches every listing that the text matches with its facets, and one pass over them filters and counts.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from operator import itemgetter

from django.db import connection, transaction
from django.utils import timezone

from search.asking import Asked, read_query
from search.characters import normalise
from search.engine import NUMBERS, RELEVANCE, Document, Facet, Filters, Hit, Query, Results
from search.fulltext import ROW, VISIBLE, ruled_out, vendor_tokens
from search.highlight import excerpt, mark, pattern_of
from search.models import Entry, Passage
from search.negation import offered_text
from search.text import Word

_ENTRY_FIELDS = ("visible_until", *NUMBERS, "facets", "title")
_PASSAGE_FIELDS = ("summary", "terms", "body")
_BATCH = 500
_SYNONYM_SHARE, _NARROWER_SHARE = 0.5, 0.3


class EmbeddedEngine:
    """Implements search.engine.Engine."""

    def search(self, query: Query) -> Results:
        """Answer the query in two statements, three when no listing has all words."""
        asked = read_query(query.text)
        words = asked.words
        rows, is_partial = self._candidates(query, asked)
        passing, counts = _tally(rows, query.filters)
        total = len(passing)
        page = min(max(1, query.page), max(1, -(-total // query.page_size)))
        passing = _ordered(passing, query.sort, words)
        start = (page - 1) * query.page_size
        hits = self._hits(query.kind, passing[start : start + query.page_size], words)
        facets = {name: Facet(name, values) for name, values in counts.items()}
        return Results(hits, total, facets, page, query.page_size, is_partial)

    def matching_ids(self, query: Query, *, also_partial: bool = False) -> list[int]:
        """Return every listing that the query finds, in order; with `also_partial` those with some words, if none has all."""
        asked = read_query(query.text)
        rows, is_partial = self._candidates(query, asked)
        if is_partial and not also_partial:
            return []
        passing, _counts = _tally(rows, query.filters)
        return [row[0] for row in _ordered(passing, query.sort, asked.words)]

    def add(self, documents: Iterable[Document]) -> None:
        """Index documents, replacing those of the same kind and id."""
        documents = list({(document.kind, document.object_id): document for document in documents}.values())
        for start in range(0, len(documents), _BATCH):
            self._add(documents[start : start + _BATCH])

    @transaction.atomic
    def _add(self, documents: list[Document]) -> None:
        entries = Entry.objects.bulk_create(
            map(_entry, documents),
            update_conflicts=True,
            unique_fields=["kind", "object_id"],
            update_fields=_ENTRY_FIELDS,
        )
        Passage.objects.bulk_create(
            list(map(_passage, entries, documents)),
            update_conflicts=True,
            unique_fields=["entry"],
            update_fields=[*_PASSAGE_FIELDS, "offered"],
        )
        vendor_tokens().store(
            {entry.pk: document for entry, document in zip(entries, documents, strict=True)}
        )

    @transaction.atomic
    def remove(self, kind: str, object_ids: Iterable[int]) -> None:
        """Forget listings; unknown ids do no harm."""
        object_ids = list(object_ids)
        for start in range(0, len(object_ids), _BATCH):
            entries = Entry.objects.filter(kind=kind, object_id__in=object_ids[start : start + _BATCH])
            vendor_tokens().forget(list(entries.values_list("pk", flat=True)))
            entries.delete()

    def ids(self, kind: str) -> set[int]:
        """Return which listings of a kind are indexed."""
        return set(Entry.objects.filter(kind=kind).values_list("object_id", flat=True))

    def _candidates(self, query: Query, asked: Asked) -> tuple[list[tuple], bool]:
        """Return the rows that match the text, and whether they have only some of its words."""
        wanted, unwanted = ruled_out(asked.exclusions)
        parameters = [query.kind, timezone.localdate(), *unwanted]
        if query.text.strip() and asked.is_empty:
            return [], False
        if not asked.words:
            return _fetch(f"SELECT {ROW}, 0.0 FROM search_entry e WHERE {VISIBLE}{wanted}", parameters), False
        engine = vendor_tokens()
        for is_any in (False, True) if len(asked.words) > 1 else (False,):
            expression = engine.expression(asked.words, is_any=is_any)
            if rows := _fetch(engine.select + wanted, [expression, *parameters]):
                return rows, is_any
        return [], False

    def _hits(self, kind: str, rows: list[tuple], words: Sequence[Word]) -> tuple[Hit, ...]:
        ids = [row[0] for row in rows]
        rows_of_page = Entry.objects.filter(kind=kind, object_id__in=ids).select_related("passage")
        entries = {entry.object_id: entry for entry in rows_of_page}
        pattern, hits = pattern_of(words), []
        for row in rows:
            if entry := entries.get(row[0]):
                passage = entry.passage
                title, summary = mark(entry.title, pattern), mark(passage.summary, pattern)
                shown = f"{entry.title}\n{passage.summary}"
                context = excerpt(f"{passage.body}\n{passage.terms}", words, beside=shown)
                hits.append(Hit(entry.object_id, row[-1], title, summary, context))
        return tuple(hits)


def _entry(document: Document) -> Entry:
    return Entry(
        kind=document.kind,
        object_id=document.object_id,
        visible_until=document.visible_until,
        facets=" ".join(f"{name}:{value}" for name, value in sorted(document.facets)),
        title=_clean(document.title),
        **{name: document.numbers.get(name) for name in NUMBERS},
    )


def _passage(entry: Entry, document: Document) -> Passage:
    texts = {name: _clean(getattr(document, name)) for name in _PASSAGE_FIELDS}
    offered = offered_text(document.title, document.summary, document.terms)
    return Passage(entry=entry, offered=offered, **texts)


def _clean(text: str) -> str:
    """Return the text without the one character that PostgreSQL refuses."""
    return text.replace("\0", "")


def _fetch(statement: str, parameters: list) -> list[tuple]:
    with connection.cursor() as cursor:
        cursor.execute(statement, parameters)
        return cursor.fetchall()


def _tally(rows: list[tuple], filters: Filters) -> tuple[list[tuple], dict[str, Counter]]:
    """Return the rows that pass every filter, and for each facet the counts under all the other filters.

    A row that fails exactly one facet's filter counts for that facet only.
    """
    accepted = {
        name: frozenset(f"{name}:{value}" for value in values)
        for name, values in filters.accepted.items()
        if values
    }
    passing, almost = [], {name: [] for name in accepted}
    for row in rows:
        pairs = row[1].split() if accepted else ()
        failing = [name for name, values in accepted.items() if values.isdisjoint(pairs)]
        if not failing:
            passing.append(row)
        elif len(failing) == 1:
            almost[failing[0]].append(row)
    counts: dict[str, Counter] = defaultdict(Counter)
    for name, value, count in _pair_counts(passing):
        counts[name][value] += count
    for failed, others in almost.items():
        for name, value, count in _pair_counts(others):
            if name == failed:
                counts[name][value] += count
    return passing, dict(counts)


def _pair_counts(rows: list[tuple]) -> Iterator[tuple[str, str, int]]:
    for pair, count in Counter(" ".join(row[1] for row in rows).split()).items():
        name, _colon, value = pair.partition(":")
        yield name, value, count


def _ordered(rows: list[tuple], sort: str, words: Sequence[Word]) -> list[tuple]:
    """Return the rows in order; equal ones newest first, those without the number last."""
    name, is_descending = sort.removeprefix("-"), sort.startswith("-")
    rows = sorted(rows, key=itemgetter(0), reverse=True)
    rows.sort(key=lambda row: row[2 + NUMBERS.index("published")] or 0.0, reverse=True)
    if name in NUMBERS:
        column = 2 + NUMBERS.index(name)
        known = [row for row in rows if row[column] is not None]
        known.sort(key=itemgetter(column), reverse=is_descending)
        return known + [row for row in rows if row[column] is None]
    if sort == RELEVANCE and words:
        rows = _scored(rows, words)
        rows.sort(key=itemgetter(-1), reverse=True)
    return rows


def _scored(rows: list[tuple], words: Sequence[Word]) -> list[tuple]:
    """Return the rows with the engine's score, scaled to 0..1, plus twice the share of the words that the title has.

    Without the share a rare synonym would outrank the very word that was typed, for it is worth more to bm25.
    """
    best = max((row[-1] for row in rows), default=0.0) or 1.0
    asked = [(word.text, pattern_of([word]), pattern_of([word], is_equal=True)) for word in words]
    scored = []
    for row in rows:
        title = normalise(row[-2])
        share = sum(
            1.0
            if text in title
            else _SYNONYM_SHARE
            if equal.search(title)
            else _NARROWER_SHARE
            if pattern.search(title)
            else 0.0
            for text, pattern, equal in asked
        )
        scored.append((*row[:-1], row[-1] / best + 2 * share / len(words)))
    return scored
