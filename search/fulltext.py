"""Full text in the site's own database: how an expression is written and where tokens are kept, by vendor."""

import json
import re
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial

from django.db import connection

from search.amounts import AskedAmount
from search.engine import Document
from search.negation import Exclusion, like_pattern
from search.splitting import known_terms, split
from search.text import Phrase, Word, tokens

FIELDS = ("title", "summary", "terms", "body")


def valued(amount: AskedAmount, *, is_same: bool = False) -> tuple[str, list]:
    """Return a condition that amounts fulfil which overlap with what is asked, and its parameters.

    With `is_same`, only those that have one of the numbers that were typed as an end.
    """
    marks = ", ".join(["%s"] * len(amount.ends))
    ends = f"(low IN ({marks}) OR high IN ({marks}))" if is_same else "low <= %s AND high >= %s"
    values = [*amount.ends, *amount.ends] if is_same else [amount.amount.high, amount.amount.low]
    return f"(kind IN ({', '.join(['%s'] * len(amount.kinds))}) AND {ends})", [*amount.kinds, *values]


def offering(exclusions: Iterable[Exclusion]) -> tuple[str, list[str]]:
    """Return a condition that passages fulfil which offer what is not wanted, and its parameters."""
    conditions, parameters = [], []
    for exclusion in exclusions:
        ways = [" AND ".join(["offered LIKE %s"] * len(phrases)) for phrases in exclusion.alternatives]
        conditions.append(" OR ".join(ways))
        parameters += [like_pattern(phrase) for phrases in exclusion.alternatives for phrase in phrases]
    return f"({' OR '.join(conditions)})", parameters


class Tokens:
    """What a vendor does in its own way: how an expression is written, where tokens are stored."""

    both: str
    either: str
    # Whether terms of the lexicon are tokens of their own.
    knows_terms: bool
    # What finds the keys of entries, separated by commas, by an expression, and what ranks some of them; `among` takes the keys of these.
    matching: str
    ranking: str
    among: str

    @staticmethod
    def quote(phrase: Phrase, *, is_prefix: bool) -> str:
        """Return a phrase in the vendor's language; tokens hold letters and digits only, quotes are enough."""
        raise NotImplementedError

    @classmethod
    def expression(
        cls, words: Sequence[Word], *, is_any: bool = False, is_prefix: bool = False, has_terms: bool = False
    ) -> str:
        """Return what finds all words, or any of them; with is_prefix the last word may be unfinished.

        With has_terms, what is searched has the terms of the lexicon as tokens of their own.
        """
        groups = []
        for word in words:
            quote = partial(cls.quote, is_prefix=is_prefix and word is words[-1])
            alternatives = map(_looked_up, word.alternatives) if has_terms else word.alternatives
            groups.append(cls._any_of(alternatives, quote))
        return (cls.either if is_any else cls.both).join(groups)

    @staticmethod
    def beside_body(expression: str) -> str:
        """Return an expression for title, summary and terms only."""
        raise NotImplementedError

    @classmethod
    def _any_of(cls, alternatives: Iterable[Sequence[Phrase]], quote: Callable[[Phrase], str]) -> str:
        """Return what finds any alternative; those that begin alike look for their first phrase once."""
        rests = defaultdict(list)
        for first, *rest in alternatives:
            rests[first].append(tuple(rest))
        parts = [
            quote(first) if () in others else f"({quote(first)}{cls.both}{cls._any_of(others, quote)})"
            for first, others in rests.items()
        ]
        return f"({cls.either.join(parts)})"


def _looked_up(phrases: Sequence[Phrase]) -> list[Phrase]:
    """Return the phrases with one token for each that is a term of the lexicon."""
    known = known_terms()
    return [("".join(phrase),) if phrase in known else phrase for phrase in phrases]


class SqliteTokens(Tokens):
    """Tokens in an FTS5 table of its own, behind those of a text the terms of the lexicon that it has."""

    both, either, knows_terms = " AND ", " OR ", True
    # One long text is read many times faster than many short rows.
    matching = "SELECT group_concat(rowid) FROM search_fulltext WHERE search_fulltext MATCH %s"
    # With the plus the rows are taken out of one pass over the matches, not sought one by one.
    ranking = (
        "SELECT rowid, -bm25(search_fulltext, 10.0, 5.0, 4.0, 1.0) FROM search_fulltext "
        "WHERE search_fulltext MATCH %s AND +rowid "
    )
    among = "IN (SELECT value FROM json_each(%s))"
    list_of = staticmethod(json.dumps)

    @staticmethod
    def quote(phrase: Phrase, *, is_prefix: bool) -> str:
        """Return an FTS5 phrase."""
        return f'"{" ".join(phrase)}"' + ("*" if is_prefix else "")

    @staticmethod
    def beside_body(expression: str) -> str:
        """Return an expression under a column filter."""
        return f"{{title summary terms}} : ({expression})"

    @staticmethod
    def store(documents: Mapping[int, Document]) -> None:
        """Replace the tokens of entries, given as documents by primary key."""
        SqliteTokens.forget(documents)
        texts = [getattr(document, name) for document in documents.values() for name in FIELDS]
        columns = iter([f"{text} {terms}" for text, terms in split(texts)])
        rows = list(zip(documents, columns, columns, columns, columns, strict=False))
        with connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO search_fulltext (rowid, title, summary, terms, body) VALUES (%s, %s, %s, %s, %s)",
                rows,
            )

    @staticmethod
    def forget(entry_ids: Iterable[int]) -> None:
        """Delete the tokens of entries."""
        with connection.cursor() as cursor:
            cursor.executemany("DELETE FROM search_fulltext WHERE rowid = %s", [(pk,) for pk in entry_ids])


class PostgresTokens(Tokens):
    """Tokens in a tsvector column of the entries, weighted A to D by field."""

    both, either, knows_terms = " & ", " | ", False
    matching = "SELECT string_agg(id::text, ',') FROM search_entry WHERE tokens @@ %s::tsquery"
    ranking = (
        "SELECT id, ts_rank_cd('{0.1, 0.4, 0.5, 1.0}', tokens, %s::tsquery, 1) FROM search_entry WHERE id "
    )
    among = "= ANY(%s)"
    list_of = staticmethod(list)
    _longest = 16_000  # a tsvector counts no position above 16,383
    _gap = 10  # keeps a phrase from running over the end of a field

    @staticmethod
    def quote(phrase: Phrase, *, is_prefix: bool) -> str:
        """Return a tsquery of neighbours."""
        return "(" + " <-> ".join(f"'{token}'" for token in phrase) + (":*)" if is_prefix else ")")

    @staticmethod
    def beside_body(expression: str) -> str:
        """Return an expression whose tokens must have the weight of another field."""
        return re.sub(r"('\w+')", r"\1:ABC", expression)

    @classmethod
    def store(cls, documents: Mapping[int, Document]) -> None:
        """Replace the tokens of entries, given as documents by primary key."""
        rows = [(cls._vector(document), pk) for pk, document in documents.items()]
        with connection.cursor() as cursor:
            cursor.executemany("UPDATE search_entry SET tokens = %s::tsvector WHERE id = %s", rows)

    @classmethod
    def _vector(cls, document: Document) -> str:
        """Return a tsvector literal, so that PostgreSQL's own parser has no say in what a word is."""
        positions, position = defaultdict(list), 0
        for weight, name in zip("ABCD", FIELDS, strict=True):
            for token in tokens(getattr(document, name)):
                position += 1
                if position > cls._longest:
                    break
                positions[token].append(f"{position}{weight}")
            position += cls._gap
        return " ".join(f"'{token}':{','.join(places)}" for token, places in positions.items())

    @staticmethod
    def forget(entry_ids: Iterable[int]) -> None:
        """Do nothing: the tokens go with their row."""


def vendor_tokens() -> type[Tokens]:
    """Return the tokens of the database in use."""
    return PostgresTokens if connection.vendor == "postgresql" else SqliteTokens
