"""What is searched when the text itself finds nothing."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.answering import answer
from search.engine import Document, Filters, Query
from search.lexicon import lexicon
from search.vocabulary import Vocabulary
from tests.search.test_engines import NASTY

pytestmark = pytest.mark.django_db


def document(number, title, body="", kind="technology", **fields):
    return Document(kind, number, title, body=body, **fields)


@pytest.fixture
def library(engine):
    engine.add(
        [
            document(1, "空压机余热回收", facets=frozenset({("system", "air")})),
            document(2, "烟气余热发电", summary="预热助燃空气"),
            document(3, "变频调速", "inverter"),
            document(4, "屋顶光伏", "电价低的园区"),
            document(5, "冷却塔风机", kind="demand"),
        ]
    )


def ask(engine, text, *, kinds=("technology",), is_literal=False, **fields):
    vocabulary = Vocabulary.of(engine.passages(), lexicon())
    queries = [Query(kind, text, **fields) for kind in kinds]
    return answer(engine, queries, vocabulary, is_literal=is_literal)


def ids(given):
    return [[hit.object_id for hit in results.hits] for results in given.results]


@pytest.mark.parametrize(
    ("text", "read", "expected"),
    [
        ("kyj yure", "空压机余热", [1]),
        ("空压鸡", "空压机", [1]),
        ("变平", "变频", [3]),
        ("invertor", "inverter", [3]),
        ("guangfu", "光伏", [4]),
        ("变频", None, [3]),
        ("核聚变", None, []),
    ],
)
def test_reading_that_finds_something_is_searched(engine, library, text, read, expected):
    given = ask(engine, text)
    assert ids(given) == [expected]
    assert (given.reading.text if given.reading else None) == read


def test_text_as_typed_is_searched_on_request(engine, library):
    given = ask(engine, "yure", is_literal=True)
    assert (given.reading, given.offers, ids(given)) == (None, (), [[]])


def test_other_readings_are_offered(engine, library):
    given = ask(engine, "yure")
    assert given.reading.text == "余热" and given.offers == ("预热",)


def test_reading_that_finds_more_is_offered_beside_hits_as_typed(engine, library):
    engine.add([document(6, "其他", "变平的滤袋")])
    given = ask(engine, "变平")
    assert (ids(given), given.reading, given.offers) == ([[6]], None, ())
    engine.add([document(7, "变频风机"), document(8, "变频水泵")])
    given = ask(engine, "变平")
    assert (ids(given), given.reading, given.offers) == ([[6]], None, ("变频",))


def test_text_is_read_alike_for_every_kind(engine, library):
    given = ask(engine, "lengqueta", kinds=("technology", "demand"))
    assert given.reading.text == "冷却塔" and ids(given)[1] == [5]
    engine.add([document(9, "yure", kind="demand")])
    given = ask(engine, "yure", kinds=("technology", "demand"))
    assert (given.reading, ids(given)) == (None, [[], [9]])


def test_filter_that_leaves_nothing_does_not_change_the_words(engine, library):
    filters = Filters({"system": frozenset({"none"})})
    assert ask(engine, "变频", filters=filters).reading is None
    given = ask(engine, "yure", filters=filters)
    assert given.reading.text == "余热" and ids(given) == [[]]


def test_what_is_hidden_is_neither_read_nor_offered(engine):
    engine.add([document(1, "密语设备"), document(2, "甲")])
    assert ask(engine, "miyu").reading.text == "密语"
    engine.remove("technology", [1])
    given = ask(engine, "miyu")
    assert (given.reading, given.offers) == (None, ())


def test_stale_words_lead_nowhere(engine):
    engine.add([document(1, "密语设备")])
    stale = Vocabulary.of(engine.passages(), lexicon())
    engine.remove("technology", [1])
    for text in ("miyu", "密雨", "密语社备"):
        given = answer(engine, [Query("technology", text)], stale)
        assert (given.reading, given.offers, ids(given)) == (None, (), [[]])


def test_partial_result_has_most_and_rarest_words_first(engine, library):
    given = ask(engine, "空压机 余热 光伏")
    (results,) = given.results
    assert results.is_partial and ids(given)[0][0] == 1
    assert results.hits[0].missing == ("光伏",)
    assert 4 not in [hit.object_id for hit in results.hits] or ids(given)[0][-1] == 4


def test_pinyin_is_read_also_where_only_some_words_are_found(engine, library):
    given = ask(engine, "kongyaji 光伏")
    assert given.reading.text == "空压机 光伏" or given.reading.text == "空压机光伏"
    assert sorted(ids(given)[0]) == [1, 4] and given.results[0].is_partial


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(
        st.text(max_size=40),
        st.text(alphabet="yurekgjiab' 余热空压鸡变平", max_size=30),
        st.sampled_from(NASTY),
    )
)
def test_nothing_that_can_be_asked_is_an_error(engine, library, text):
    given = ask(engine, text, kinds=("technology", "demand"))
    assert len(given.results) == 2
    if given.reading:
        assert any(results.matched for results in given.results)
