"""What only the engine on Elasticsearch does; the rest is in test_engines.py. Run under tools/with-elasticsearch."""

from statistics import mean

import pytest
from elastic_transport import ConnectionError as NoConnection

from search import elastic
from search.agreement import agreement
from search.elastic import ElasticEngine, TooDeep
from search.elastic_client import Unreliable
from search.elastic_query import backwards, order, regular
from search.embedded import EmbeddedEngine
from search.engine import Document, Filters, Query
from tests.search.test_quality import documents, queries

pytestmark = pytest.mark.django_db


@pytest.fixture
def engine(elastic_alias):
    engine = ElasticEngine(elastic_alias)
    yield engine
    engine.remove("technology", engine.ids("technology"))


def document(number, **fields):
    numbers = {"published": float(number % 7)} | ({"payback_years": number % 5} if number % 3 else {})
    return Document("technology", number, f"热泵{'甲' * (number % 4)}", numbers=numbers, **fields)


@pytest.mark.parametrize("sort", ["relevance", "published", "-payback_years", "payback_years"])
def test_deep_pages_are_walked_to_from_either_end(engine, monkeypatch, sort):
    library = [document(number) for number in range(1, 41)]
    engine.add(library)
    embedded = EmbeddedEngine()
    embedded.add(library)
    queries = [Query("technology", "", sort=sort, page=page, page_size=3) for page in (*range(1, 15), 10**9)]
    expected = [[hit.object_id for hit in embedded.search(query).hits] for query in queries]
    monkeypatch.setattr(elastic, "WINDOW", 10)
    found = [engine.search(query) for query in queries]
    assert [[hit.object_id for hit in results.hits] for results in found] == expected
    assert found[-1].page == 14


@pytest.mark.parametrize("text", ["热泵", "热泵 甲"])
def test_deep_pages_by_relevance_leave_nothing_out(engine, monkeypatch, text):
    engine.add(document(number) for number in range(1, 41))
    total = engine.search(Query("technology", text)).total
    monkeypatch.setattr(elastic, "WINDOW", 10)
    found = [
        hit.object_id
        for page in range(1, total // 3 + 2)
        for hit in engine.search(Query("technology", text, page=page, page_size=3)).hits
    ]
    assert len(set(found)) == total >= 30
    assert len(found) in range(total, total + 4)


def test_page_too_far_from_both_ends_is_left_to_the_embedded_engine(engine, monkeypatch):
    engine.add(document(number) for number in range(1, 41))
    monkeypatch.setattr(elastic, "WINDOW", 3)
    with pytest.raises(TooDeep):
        engine.search(Query("technology", "", page=20, page_size=1))


def test_listing_that_the_server_refuses_is_named_and_gone(engine):
    engine.add([document(1), document(2)])
    refused = engine.add([document(1, facets=frozenset({("system", "x" * 40_000)})), document(3)])
    assert len(refused) == 1 and refused[0].startswith("technology-1: ")
    assert engine.ids("technology") == {2, 3}


def test_writing_without_an_index_is_an_error_and_makes_none():
    with pytest.raises(Unreliable, match="no such index"):
        ElasticEngine("never-made").add([document(1)])
    ElasticEngine("never-made").add([])


def test_hidden_listings_are_in_no_hit_and_no_count(engine):
    facets = frozenset({("system", "boiler")})
    engine.add([document(1, facets=facets), document(2, facets=facets)])
    engine.without = {"technology": frozenset({1})}
    for query in (
        Query("technology"),
        Query("technology", "热泵", Filters({"system": frozenset({"boiler"})})),
    ):
        results = engine.search(query)
        assert ([hit.object_id for hit in results.hits], results.total) == ([2], 1)
        assert results.facets["system"].counts == {"boiler": 1}


def test_both_engines_find_the_same_in_much_the_same_order(engine):
    embedded = EmbeddedEngine()
    for one in (engine, embedded):
        one.add(documents())
    results = []
    for row in queries():
        query = Query("technology", row["query"], page_size=500)
        found = [one.search(query) for one in (embedded, engine)]
        results.append(agreement(*([hit.object_id for hit in one.hits] for one in found)))
        assert results[-1].is_same_set, row
        assert [one.is_partial for one in found] in ([True] * 2, [False] * 2)
    overlap, tau = mean(one.overlap for one in results), mean(one.tau for one in results)
    print(f"{len(results)} queries, overlap of the first ten {overlap:.3f}, Kendall tau {tau:.3f}")
    assert overlap >= 0.95 and tau >= 0.8


def test_search_is_one_request_with_every_filter(engine, monkeypatch):
    engine.add([document(number, facets=frozenset({("a", "1"), ("b", "2")})) for number in range(1, 9)])
    requests = []
    monkeypatch.setattr(elastic, "_sound", lambda response: requests.append(1) or response)
    accepted = Filters({"a": frozenset({"1"}), "b": frozenset({"2"}), "c": frozenset()})
    assert engine.search(Query("technology", "热泵", accepted)).total == 8
    assert len(requests) == 1


def test_errors_of_the_connection_reach_the_caller(settings):
    settings.ELASTICSEARCH_URL = "http://127.0.0.1:1"
    with pytest.raises(NoConnection):
        ElasticEngine("any").search(Query("technology"))


def test_order_backwards_has_unknown_numbers_first():
    keys = order("-payback_years", has_score=True)
    assert backwards(keys)[0] == {"payback_years": {"order": "asc", "missing": "_first"}}


def test_names_of_facets_are_taken_literally(engine):
    engine.add([document(1, facets=frozenset({("a.b", "1"), ("axb", "2"), ('q"\\[', "3")}))])
    for name, value in (("a.b", "1"), ('q"\\[', "3")):
        assert engine.search(Query("technology", "", Filters({name: frozenset({value})}))).facets[
            name
        ].counts == {value: 1}
    assert regular("#@&<>~") == r"\#\@\&\<\>\~"
