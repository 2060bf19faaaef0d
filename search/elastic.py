"""The engine that asks Elasticsearch: the same tokens, filters and counts as the embedded engine, in one request."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import islice
from math import ceil

from django.utils import timezone
from elasticsearch import Elasticsearch, dsl
from elasticsearch.dsl.query import MatchNone
from elasticsearch.dsl.query import Query as Clause
from elasticsearch.dsl.response import Response

from search.amounts import EVERY_KIND, amounts_of
from search.asking import Asked, Attempt, read_query
from search.elastic_client import Unreliable, search_client, write_client
from search.elastic_query import (
    about,
    accepted_pairs,
    backwards,
    base,
    coverage,
    facet_counts,
    mentioning,
    named,
    order,
    partial_query,
    ruled_out,
    text_query,
    within,
    word_counts,
)
from search.engine import NUMBERS, Amount, Document, Facet, Filters, Hit, Query, Results
from search.highlight import excerpt, lacking, mark, pattern_of
from search.negation import offered_text
from search.reasons import reasons
from search.text import index_text, worth
from search.vocabulary import Passages

WINDOW = 10_000  # Elasticsearch hands out no more at once
_MOST_STEPS = 5
_TEXTS = ("title", "summary", "terms", "body")
_BATCH = 500
_FOREVER = date(9999, 12, 31)


class Listing(dsl.Document):
    """One listing on Elasticsearch: split text to find it by, and the texts as written to show."""

    kind = dsl.Keyword()
    object_id = dsl.Long()
    visible_until = dsl.Date(format="yyyy-MM-dd")
    facets = dsl.Keyword()
    published = dsl.Double()
    payback_years = dsl.Double()
    investment_cny = dsl.Double()
    annual_saving_tce = dsl.Double()
    saving_rate = dsl.Double()
    deadline = dsl.Double()
    title = dsl.Text(analyzer="whitespace")
    summary = dsl.Text(analyzer="whitespace")
    terms = dsl.Text(analyzer="whitespace")
    body = dsl.Text(analyzer="whitespace")
    offered = dsl.Text(analyzer="whitespace", norms=False)
    # Ranges of values by kind, and their ends, by which the figures that were typed are found.
    amounts = dsl.Object(properties={kind: dsl.DoubleRange() for kind in EVERY_KIND})
    ends = dsl.Object(properties={kind: dsl.Double() for kind in EVERY_KIND})
    shown = dsl.Object(enabled=False)

    class Meta:
        dynamic = dsl.MetaField("strict")
        # What is only searched is not stored a second time.
        source = dsl.MetaField({"excludes": [*_TEXTS, "offered", "amounts", "ends"]})


# One shard: counts are exact and one set of word frequencies ranks everything.
SETTINGS = {"number_of_shards": 1, "auto_expand_replicas": "0-1", "max_result_window": WINDOW}


def mapping() -> dict:
    """Return the mapping of an index."""
    return Listing._doc_type.mapping.to_dict()


class ElasticEngine:
    """Implements search.engine.Engine on the index behind an alias.

    `without` names listings by kind that must not show although the index may still hold them. Errors of the
    server and of the connection reach the caller; search.fallback goes around them.
    """

    def __init__(self, alias: str, *, without: Mapping[str, frozenset[int]] | None = None):
        self.alias = alias
        self.without = without or {}

    def search(self, query: Query) -> Results:
        """Answer the query in one request; a partial result takes three more, pages beyond the window some too."""
        asked = read_query(query.text)
        if query.text.strip() and asked.is_empty:
            return Results((), 0, {}, 1, query.page_size)
        filters = self._base(query, asked)
        is_partial = False
        for attempt, limits in _readings(query, asked):
            clause = self._partial(attempt, filters) if attempt.is_any else text_query(attempt, filters)
            matching = self._matching(query, clause, limits)
            response = self._first(query, matching, attempt, max(1, query.page), limits)
            if response.aggregations["named" if limits else "matched"].doc_count:
                is_partial = attempt.is_any
                break
        total = response.hits.total.value
        page = min(max(1, query.page), max(1, ceil(total / query.page_size)))
        found = response.hits
        if total and (page != max(1, query.page) or page * query.page_size > WINDOW):
            found = self._page(query, matching, attempt, page, total)
        return Results(
            hits=_hits(found, attempt, is_partial=is_partial),
            total=total,
            facets={name: Facet(name, values) for name, values in _counted(response, query.filters).items()},
            page=page,
            page_size=query.page_size,
            is_partial=is_partial,
            has_values=bool(attempt.amounts),
            matched=response.aggregations.matched.doc_count,
            mentions=response.aggregations.mentioning.doc_count if limits else 0,
        )

    def add(self, documents: Iterable[Document], *, is_refreshed: bool = True) -> list[str]:
        """Index documents, replacing those of the same kind and id; return what the server refuses, and why.

        What is refused is not left there as it was before.
        """
        documents, refused = iter(documents), {}
        while part := list(islice(documents, _BATCH)):
            operations = []
            for document in part:
                key = _key(document.kind, document.object_id)
                operations += [{"index": {"_id": key}}, listing_of(document).to_dict()]
            refused |= self._bulk(operations, is_refreshed=is_refreshed)
        self._bulk([{"delete": {"_id": key}} for key in refused], is_refreshed=is_refreshed)
        return [f"{key}: {reason}" for key, reason in refused.items()]

    def remove(self, kind: str, object_ids: Iterable[int], *, is_refreshed: bool = True) -> None:
        """Forget listings; unknown ids do no harm."""
        ids = list(object_ids)
        for start in range(0, len(ids), _BATCH):
            part = [{"delete": {"_id": _key(kind, object_id)}} for object_id in ids[start : start + _BATCH]]
            self._bulk(part, is_refreshed=is_refreshed)

    def ids(self, kind: str) -> set[int]:
        """Return which listings of a kind are indexed."""
        search = self._search(write_client()).filter("term", kind=kind).source(False).sort("object_id")
        search, found = search.extra(size=WINDOW, track_total_hits=False), set()
        while hits := search.execute().hits.hits:
            found.update(hit["sort"][0] for hit in hits)
            search = search.extra(search_after=list(hits[-1]["sort"]))
        return found

    def passages(self) -> Iterator[Passages]:
        """Yield title, summary and terms of every listing that may be found today."""
        today = {"gte": timezone.localdate().isoformat()}
        search = self._search(write_client()).filter("range", visible_until=today).source(["shown"])
        for one in search.scan():
            yield Passages(one.shown.title, one.shown.summary, one.shown.terms)

    def _search(self, client: Elasticsearch) -> dsl.Search:
        return dsl.Search(using=client, index=self.alias)

    def _base(self, query: Query, asked: Asked) -> list[Clause]:
        hidden = self.without.get(query.kind, ())
        return base(query.kind, today=timezone.localdate(), without=hidden) + ruled_out(asked.exclusions)

    def _partial(self, attempt: Attempt, filters: list[Clause]) -> Clause:
        """Return what finds the best partial result; takes two requests."""
        words, filters = attempt.words, [*filters, *within(attempt.amounts)]
        any_word = self._search(search_client()).query(coverage(words, [1.0] * len(words), filters))
        counting = any_word.extra(size=0, track_total_hits=True)
        for name, counts in word_counts(words).items():
            counting.aggs.bucket(name, counts)
        response = _sound(counting.params(allow_partial_search_results=False).execute())
        if not (total := response.hits.total.value):
            return MatchNone()
        worths = [worth(response.aggregations[name].doc_count, total) for name in word_counts(words)]
        search = self._search(search_client()).query(coverage(words, worths, filters)).source(False)
        best = _sound(search.extra(size=1).params(allow_partial_search_results=False).execute())
        return partial_query(attempt, worths, filters, best=best.hits[0].meta.score)

    def _matching(self, query: Query, clause: Clause, limits: Sequence[Clause]) -> dsl.Search:
        search = self._search(search_client()).query(clause)
        if passed := [*accepted_pairs(query.filters).values(), *limits]:
            search = search.post_filter("bool", filter=passed)
        return search.source(["shown"]).params(allow_partial_search_results=False)

    def _first(
        self, query: Query, matching: dsl.Search, attempt: Attempt, page: int, limits: Sequence[Clause]
    ) -> Response:
        """Ask for the counts and, if it is within the window, the page."""
        start = (page - 1) * query.page_size
        size = query.page_size if start + query.page_size <= WINDOW else 0
        search = matching.sort(*order(query.sort, has_score=attempt.has_score))
        search = search.extra(from_=start if size else 0, size=size, track_total_hits=True)
        accepted = accepted_pairs(query.filters)
        for name, counts in facet_counts(accepted, limits).items():
            search.aggs.bucket(name, counts)
        for limit in limits:
            search.aggs.bucket("named", "filter", named(attempt))
            search.aggs.bucket("mentioning", "filter", mentioning(accepted, limit))
        return _sound(search.execute())

    def _page(self, query: Query, matching: dsl.Search, attempt: Attempt, page: int, total: int) -> list:
        """Return the hits of one page, walking to it from the nearer end; beyond 50,000 from both, give up."""
        keys, start = order(query.sort, has_score=attempt.has_score), (page - 1) * query.page_size
        count = min(query.page_size, total - start)
        is_backwards = start > total - start - count
        if is_backwards:
            keys, start = backwards(keys), total - start - count
        found = self._from(matching.sort(*keys), start, count)
        return found[::-1] if is_backwards else found

    def _from(self, search: dsl.Search, start: int, count: int) -> list:
        if start + count <= WINDOW:
            return list(_sound(search.extra(from_=start, size=count).execute()).hits)
        if start > _MOST_STEPS * WINDOW:
            raise TooDeep
        walk, last = search.source(False), None
        while start:
            step = min(start, WINDOW)
            asked = walk.extra(size=step, track_total_hits=False, **({"search_after": last} if last else {}))
            hits = _sound(asked.execute()).hits.hits
            if not hits:
                return []
            last, start = list(hits[-1]["sort"]), start - step
        return list(_sound(search.extra(size=count, search_after=last).execute()).hits)

    def _bulk(self, operations: list[dict], *, is_refreshed: bool) -> dict[str, str]:
        """Send operations and return the reasons by key of what is refused; an alias that is not there is an error, lest the server invent an index of that name."""
        if not operations:
            return {}
        answer = write_client().bulk(
            index=self.alias, operations=operations, refresh=is_refreshed, require_alias=True
        )
        refused = {}
        for item in answer["items"]:
            ((action, result),) = item.items()
            if result["status"] < 300 or (
                action == "delete" and result["status"] == 404 and "error" not in result
            ):
                continue
            if result["status"] in {400, 413}:
                refused[result["_id"]] = result["error"]["reason"][:300]
            else:
                raise Unreliable(f"{result['status']} {result.get('error', {}).get('reason', '')}")
        return refused


def _readings(query: Query, asked: Asked) -> Iterator[tuple[Attempt, list[Clause]]]:
    """Yield how to read the query, first without what only mentions the words if a title has all of them."""
    for attempt in asked.attempts:
        if attempt.is_any and not query.allows_partial:
            continue
        if attempt.is_telling and not query.is_wide:
            yield attempt, [about(attempt)]
        yield attempt, []


class TooDeep(Exception):
    """The page is too far from both ends to walk to."""


def listing_of(document: Document) -> Listing:
    """Return what Elasticsearch holds of a document."""
    texts = {name: _sendable(getattr(document, name)) for name in _TEXTS}
    ranges, ends = defaultdict(list), defaultdict(set)
    for each in (amounts := amounts_of(document)):
        ranges[each.kind].append({"gte": each.low, "lte": each.high})
        ends[each.kind].update((each.low, each.high))
    return Listing(
        kind=document.kind,
        object_id=document.object_id,
        visible_until=(document.visible_until or _FOREVER).isoformat(),
        facets=[_sendable(f"{name}:{value}") for name, value in sorted(document.facets)],
        amounts=dict(ranges),
        ends={kind: sorted(values) for kind, values in ends.items()},
        shown={
            **texts,
            "amounts": [[each.kind, each.low, each.high, _sendable(each.text)] for each in amounts],
        },
        offered=_sendable(offered_text(document.title, document.summary, document.terms)),
        **{name: index_text(text) for name, text in texts.items()},
        **{name: document.numbers[name] for name in NUMBERS if name in document.numbers},
    )


def _sendable(text: str) -> str:
    """Return the text without half characters, which no message can carry."""
    return text.encode("utf-8", "replace").decode()


def _key(kind: str, object_id: int) -> str:
    return f"{kind}-{object_id}"


def _sound(response: Response) -> Response:
    if response.timed_out or response._shards.failed:
        raise Unreliable("the answer is not complete")
    return response


def _counted(response: Response, filters: Filters) -> dict[str, Counter]:
    """Return the counts by facet: each restricting one from its own aggregation, the others from the common one."""
    accepted, counts = list(accepted_pairs(filters)), defaultdict(Counter)
    found = response.to_dict()["aggregations"]  # an object for each of a thousand values would take its time
    for bucket in found["rest"]["pairs"]["buckets"]:
        name, _colon, value = bucket["key"].partition(":")
        if name not in accepted:
            counts[name][value] = bucket["doc_count"]
    for number, name in enumerate(accepted):
        for bucket in found[f"own {number}"]["pairs"]["buckets"]:
            counts[name][bucket["key"][len(name) + 1 :]] = bucket["doc_count"]
    return dict(counts)


def _hits(found: Iterable, attempt: Attempt, *, is_partial: bool) -> tuple[Hit, ...]:
    words, hits = attempt.words, []
    pattern = pattern_of(words)
    for one in found:
        shown = one.shown
        context = excerpt(f"{shown.body}\n{shown.terms}", words, beside=f"{shown.title}\n{shown.summary}")
        object_id = int(one.meta.id.rpartition("-")[2])
        title, summary = mark(shown.title, pattern), mark(shown.summary, pattern)
        texts = (shown.title, shown.summary, shown.terms, shown.body)
        missing = lacking(words, "\n".join(texts)) if is_partial else ()
        why = reasons(
            attempt, texts, [Amount(*values) for values in shown.amounts] if attempt.amounts else ()
        )
        hits.append(Hit(object_id, one.meta.score or 0.0, title, summary, context, missing, why))
    return tuple(hits)
