"""The search of the Wagtail admin with the analysis of search.text, over modelsearch's index in the database.

The stock backends split at spaces, so that a Chinese word is found only where it stands alone; on SQLite they
also fail on a quote and rank each hit with a query of its own. Named by the setting WAGTAILSEARCH_BACKENDS.
"""

import json
from collections.abc import Iterator

from django.contrib.postgres.search import SearchQuery, SearchVector
from django.db import connection
from django.db.models import Manager, TextField, Value
from django.db.models.expressions import RawSQL
from modelsearch.index import AutocompleteField, RelatedFields, SearchField
from modelsearch.query import MATCH_NONE, MatchAll, Not, Phrase, PlainText
from modelsearch.utils import get_content_type_pk, get_descendants_content_types_pks

from search.fulltext import PostgresTokens, SqliteTokens
from search.text import index_text, query_words

IS_POSTGRES = connection.vendor == "postgresql"
if IS_POSTGRES:
    from modelsearch.backends.database.postgres import postgres as stock
    from modelsearch.backends.database.postgres.postgres import PostgresIndex as StockIndex
    from modelsearch.backends.database.postgres.postgres import PostgresSearchBackend as StockBackend
    from modelsearch.backends.database.postgres.postgres import PostgresSearchQueryCompiler as StockCompiler
    from modelsearch.backends.database.postgres.postgres import PostgresSearchResults as StockResults
else:
    from modelsearch.backends.database.sqlite import sqlite as stock
    from modelsearch.backends.database.sqlite.query import SearchQueryExpression, normalize
    from modelsearch.backends.database.sqlite.sqlite import SQLiteIndex as StockIndex
    from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchBackend as StockBackend
    from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchQueryCompiler as StockCompiler
    from modelsearch.backends.database.sqlite.sqlite import SQLiteSearchResults as StockResults

COLUMNS = ("title", "body", "autocomplete")


def values_of(listing, fields) -> Iterator[tuple[str, str]]:
    """Yield the index column and the text of each search field, following related ones."""
    for field in fields:
        if isinstance(field, RelatedFields):
            related = field.get_value(listing)
            related = related() if callable(related) and not isinstance(related, Manager) else related
            many = related.all() if isinstance(related, Manager) else filter(None, [related])
            for one in many:
                yield from values_of(one, field.fields)
        elif isinstance(field, AutocompleteField):
            yield "autocomplete", plain(field.get_value(listing))
        elif isinstance(field, SearchField):
            yield ("title" if field.field_name == "title" else "body"), plain(field.get_value(listing))


def plain(value) -> str:
    """Return a field's value as text."""
    if isinstance(value, dict):
        value = list(value.values())
    if isinstance(value, (list, tuple)):
        return " ".join(map(plain, value))
    return "" if value is None else str(value)


class Index(StockIndex):
    """Writes split text into modelsearch's table."""

    def add_items(self, model, objs):
        """Index objects of one model, replacing what is there."""
        fields, content_type_id = model.get_search_fields(), get_content_type_pk(model)
        if not fields:
            return
        entries = {}
        for obj in objs:
            texts = dict.fromkeys(COLUMNS, "")
            for column, text in values_of(obj, fields):
                texts[column] = f"{texts[column]} {index_text(text)}".strip()
            columns = {column: self._stored(column, text) for column, text in texts.items()}
            key = str(obj.pk)
            entries[key] = stock.IndexEntry(content_type_id=content_type_id, object_id=key, **columns)
        self.entries.bulk_create(
            entries.values(),
            update_conflicts=True,
            unique_fields=["content_type", "object_id"],
            update_fields=COLUMNS,
            batch_size=200,
        )

    @staticmethod
    def _stored(column, text):
        if not IS_POSTGRES:
            return text
        weight = "A" if column == "title" else "D"
        return SearchVector(Value(text, output_field=TextField()), config="simple", weight=weight)


class Compiler(StockCompiler):
    """Turns plain text into one phrase for each word, all required."""

    FTS_TABLE_FIELDS = COLUMNS

    def check(self):
        """Accept every filter and order: the database applies them to the rows, whatever the index holds."""

    def _expression(self, query, tokens):
        words = query_words(query.query_string)
        is_any = getattr(query, "operator", "and").lower() == "or"
        return tokens.expression(words, is_any=is_any, is_prefix=self.LAST_TERM_IS_PREFIX)

    def build_search_query_content(self, query, config=None):
        """Build the SQLite expression."""
        if isinstance(query, (PlainText, Phrase)):
            return SearchQueryExpression(Value(self._expression(query, SqliteTokens)))
        return super().build_search_query_content(query, config=config)

    def build_tsquery_content(self, query, config=None, invert=False):
        """Build the PostgreSQL expression."""
        if isinstance(query, (PlainText, Phrase)):
            expression = self._expression(query, PostgresTokens)
            return SearchQuery(expression, search_type="raw", config="simple", invert=invert)
        return super().build_tsquery_content(query, config=config, invert=invert)


class UnfinishedCompiler(Compiler):
    """The same for a text that is being typed: the last word may be unfinished."""

    LAST_TERM_IS_PREFIX = True


class SqliteResults(StockResults):
    """Ranks all hits in one statement."""

    def _ranked(self):
        """Return the primary keys of all hits, best first, before the queryset's own filters; None where the stock way must do."""
        compiler = self.query_compiler
        query = normalize(compiler.query)
        if self._score_field or isinstance(query, (MatchAll, Not)):
            return None
        sql_compiler = compiler.queryset.query.get_compiler(connection=connection)
        sql, parameters = sql_compiler.compile(compiler.build_search_query(query))
        columns = [name for name in compiler.fields or COLUMNS if name in COLUMNS] or COLUMNS
        expression = f"{{{' '.join(columns)}}} : ({sql % tuple(parameters)})"
        fulltext, entries = stock.SQLiteFTSIndexEntry._meta.db_table, stock.IndexEntry._meta.db_table
        types = ",".join(map(str, get_descendants_content_types_pks(compiler.queryset.model)))
        with connection.cursor() as cursor:
            # The table's columns are autocomplete, body, title.
            cursor.execute(
                f"SELECT e.object_id FROM {fulltext} f CROSS JOIN {entries} e ON e.id = f.rowid "
                f"WHERE {fulltext} MATCH %s AND e.content_type_id IN ({types}) "
                f"ORDER BY bm25({fulltext}, 1.0, 1.0, 5.0), e.id DESC",
                [expression],
            )
            to_python = compiler.queryset.model._meta.pk.to_python
            return [to_python(row[0]) for row in cursor.fetchall()]

    def _among(self, keys):
        listed = RawSQL("SELECT value FROM json_each(%s)", [json.dumps(keys)])
        return self.query_compiler.queryset.filter(pk__in=listed)

    def _do_search(self):
        keys = self._ranked()
        if keys is None:
            return super()._do_search()
        if not self.query_compiler.order_by_relevance:
            return list(self._among(keys)[self.start : self.stop])
        allowed = set(self._among(keys).order_by().values_list("pk", flat=True))
        page = [key for key in keys if key in allowed][self.start : self.stop]
        found = {row.pk: row for row in self._among(page).order_by()}
        return [found[key] for key in page if key in found]

    def _do_count(self):
        keys = self._ranked()
        if keys is None:
            return super()._do_count()
        return len(self._among(keys).order_by().values_list("pk", flat=True)[self.start : self.stop])


class SearchBackend(StockBackend):
    """The backend that Wagtail loads."""

    query_compiler_class = Compiler
    autocomplete_query_compiler_class = UnfinishedCompiler
    index_class = Index
    results_class = StockResults if IS_POSTGRES else SqliteResults

    def _search(self, query_compiler_class, query, model_or_queryset, **options):
        """Search; a text without letters or digits finds nothing."""
        text = query.query_string if isinstance(query, (PlainText, Phrase)) else query
        if isinstance(text, str) and not query_words(text):
            query = MATCH_NONE
        return super()._search(query_compiler_class, query, model_or_queryset, **options)
