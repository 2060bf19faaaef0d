"""The behaviour that every engine shares.

Run with DATABASE_URL of PostgreSQL to test that vendor, and under tools/with-elasticsearch to test that engine too.
"""

from datetime import date, timedelta

import pytest
from django.utils import timezone
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from search.engine import Document, Filters, Query

pytestmark = pytest.mark.django_db


def document(number, title, body="", **fields):
    return Document("technology", number, title, body=body, **fields)


def ask(engine, text="", accepted=None, *, is_wide=True, **fields):
    filters = Filters({name: frozenset(values) for name, values in (accepted or {}).items()})
    return engine.search(Query("technology", text, filters, is_wide=is_wide, **fields))


def found(engine, text="", accepted=None, **fields):
    return [hit.object_id for hit in ask(engine, text, accepted, **fields).hits]


@pytest.fixture
def library(engine):
    engine.add(
        [
            document(1, "空压机余热回收", "把螺杆机组的润滑油热量用于生活热水", summary="回收七成热量"),
            document(2, "磁悬浮离心鼓风机", "污水处理曝气，功率 75kW，出口 80℃"),
            document(3, "烟气余热深度回收", "燃气锅炉排烟冷凝，配合空气压缩机房供热"),
            document(4, "LED 高效照明", "车间照明改造，VFD 无关"),
        ]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("余热", [1, 3]),
        ("热", [1, 3]),
        ("空压机", [1, 3]),
        ("空气压缩机 余热", [1, 3]),
        ("鼓风机", [2]),
        ("悬浮", [2]),
        ("ＬＥＤ", [4]),
        ("led照明", [4]),
        ("80℃", [2]),
        ("75 kW", [2]),
        ("5kW", []),
        ("变频", [4]),
        ("有没有回收烟气余热的办法", [3]),
        ("七成热量", [1]),
        ("储能电站", []),
    ],
)
def test_search_finds_words_substrings_and_synonyms(engine, library, text, expected):
    assert sorted(found(engine, text)) == expected


def test_title_ranks_above_summary_and_body(engine):
    filler = "其他内容" * 5
    engine.add(
        [
            document(1, f"甲设备{filler}", f"热泵{filler}"),
            document(2, f"热泵设备{filler}", filler),
            document(3, f"乙设备{filler}", filler, summary="热泵机组"),
        ]
    )
    assert found(engine, "热泵") == [2, 3, 1]


def test_typed_word_ranks_above_a_rare_synonym(engine):
    engine.add([document(number, f"空压机{number}") for number in range(1, 9)] + [document(9, "空气压缩机")])
    assert found(engine, "空压机")[-1] == 9


def test_any_word_is_found_when_none_has_all_and_it_is_said(engine, library):
    results = ask(engine, "空压机 光伏")
    assert results.is_partial
    assert sorted(hit.object_id for hit in results.hits) == [1, 3]
    assert not ask(engine, "空压机").is_partial


def test_phrase_does_not_run_over_the_end_of_a_field(engine):
    engine.add([document(1, "设备用热", summary="泵站")])
    assert found(engine, "热泵") == []


NASTY = [
    "", "  ", "\x00\x01", "\x00", "\u202e热", "\ufeff", "\ud800", "𠮷", "é", "e\u0301", "²", "①", "👩‍👩‍👧", "\r\n\t热",
    '"', "'", '"""', '" OR 1', '"热', "热*", "*", "?", "~2", "热~", "热^5", "((", "))", "()", "{}", "[", "[* TO *]", "{a TO b}",
    "NEAR(a b)", "NEAR", "AND", "OR NOT", "NOT 热", "热 AND", "-热", "+热", "!热", "&&", "||", "title:热", "title : 热", "_id:1",
    "_exists_:title", "/.*/", "/热/", "\\", "\\\\", "热\\", "热 <-> 泵", "热:*", "!!", "& | !", "'热'::tsquery", "$$", "$1", "%s %d", "%%", "%(a)s",
    "'; DROP TABLE search_entry; --", "' OR '1'='1", "1; SELECT pg_sleep(9)", '{"match_all": {}}', '"}}],"x":{"', "{{ 7*7 }}", "${7*7}", "<script>",
    "../../etc/passwd", "http://a.example/?q=1", "a" * 500, "热" * 500, "热 " * 5000, "a1" * 5000, "热a1" * 3000, "(" * 10_000, '"' * 10_000, "9" * 10_000,
    "1e400MPa", "9" * 60 + "℃", "≥ ≤ 80℃", "80℃～10℃", "-∞℃", "投资1亿亿元", "1:1:1", "0.0.0MPa", "%%80%%", "80℃ " * 50, "-80℃", "--80℃",
    "非余热", "余热 -锅炉", "-" * 300, "不要" * 100, "不要%", "-_%", "非" * 200, "除了、、、以外", "-热' OR 1=1", "not not not", "无\\热", "热 -\"泵", "null", "None", "NaN", "true", "0", "-1", "1e308", "的", "的 了", "怎么办",
]  # fmt: skip


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_no_text_is_an_error(engine, library, text):
    results = ask(engine, text, page=10**9)
    assert results.total in range(5) and results.page == 1
    assert len(results.hits) == results.total


NAMES = st.one_of(
    st.sampled_from(["system", "carrier", "", ":", "a.b", "sys.*", '"', "_id"]), st.text(max_size=5)
)
VALUES = st.one_of(st.sampled_from(["motor", "boiler", "none", "*", "mo.*", " "]), st.text(max_size=40))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    text=st.one_of(st.text(max_size=60), st.lists(st.sampled_from(NASTY + ["热泵", "甲", "空压机"]), max_size=4).map(" ".join)),
    accepted=st.dictionaries(NAMES, st.sets(VALUES, max_size=3), max_size=3),
    sort=st.one_of(st.sampled_from(["relevance", "payback_years", "-published", "-", "_score", "title"]), st.text(max_size=9)),
    page=st.integers(-(10**12), 10**12),
    is_wide=st.booleans(),
)  # fmt: skip
def test_nothing_that_can_be_asked_is_an_error(engine, strange, text, accepted, sort, page, is_wide):
    results = ask(engine, text, accepted, sort=sort, page=page, page_size=2, is_wide=is_wide)
    assert 1 <= results.page <= results.pages
    assert len(results.hits) == (0 if not results.total else 2 if results.page * 2 <= results.total else 1)
    for name, facet in results.facets.items():
        assert all(0 < count <= 4 for count in facet.counts.values()), name


@pytest.fixture
def strange(engine):
    engine.add([*FACETS, document(5, "热泵"), Document("demand", 6, "热泵")])


def test_text_without_letters_finds_nothing(engine, library):
    assert ask(engine, "？！").total == 0


def test_documents_with_strange_characters_are_indexed(engine):
    engine.add([document(1, "甲\x00乙 '引号' \\ :A", "x" * 5000 + " 热泵 " + "字" * 20000)])
    assert found(engine, "热泵") == [1]


def test_add_replaces_and_remove_forgets(engine, library):
    engine.add([document(1, "屋顶光伏")])
    assert (found(engine, "空压机"), found(engine, "光伏")) == ([3], [1])
    engine.remove("technology", [1, 99])
    assert (found(engine, "光伏"), engine.ids("technology")) == ([], {2, 3, 4})


def test_kinds_are_apart(engine, library):
    engine.add([Document("demand", 1, "空压机站房余热")])
    assert engine.search(Query("demand", "余热")).total == 1
    engine.remove("demand", [1])
    assert found(engine, "润滑油") == [1]


def test_listing_is_found_until_its_last_day(engine):
    today = timezone.localdate()
    engine.add(
        [document(1, "甲", visible_until=today), document(2, "甲", visible_until=today - timedelta(1))]
    )
    results = ask(engine, "甲")
    assert ([hit.object_id for hit in results.hits], results.total) == ([1], 1)


FACETS = [
    document(1, "一", facets=frozenset({("system", "motor"), ("carrier", "electricity")})),
    document(2, "二", facets=frozenset({("system", "motor"), ("system", "boiler"), ("carrier", "steam")})),
    document(3, "三", facets=frozenset({("system", "boiler"), ("carrier", "electricity")})),
    document(4, "四", facets=frozenset({("carrier", "steam")})),
]


@pytest.mark.parametrize(
    ("accepted", "ids", "systems", "carriers"),
    [
        ({}, [1, 2, 3, 4], {"motor": 2, "boiler": 2}, {"electricity": 2, "steam": 2}),
        ({"system": ["motor"]}, [1, 2], {"motor": 2, "boiler": 2}, {"electricity": 1, "steam": 1}),
        (
            {"system": ["motor"], "carrier": ["steam"]},
            [2],
            {"motor": 1, "boiler": 1},
            {"electricity": 1, "steam": 1},
        ),
        (
            {"system": ["motor", "boiler"]},
            [1, 2, 3],
            {"motor": 2, "boiler": 2},
            {"electricity": 2, "steam": 1},
        ),
        ({"system": ["none"]}, [], {"motor": 2, "boiler": 2}, {}),
        ({"system": []}, [1, 2, 3, 4], {"motor": 2, "boiler": 2}, {"electricity": 2, "steam": 2}),
    ],
)
def test_facet_counts_ignore_only_their_own_filter(engine, accepted, ids, systems, carriers):
    engine.add(FACETS)
    results = ask(engine, accepted=accepted)
    assert sorted(hit.object_id for hit in results.hits) == ids
    assert results.facets.get("system", None) is None or results.facets["system"].counts == systems
    assert dict(results.facets["carrier"].counts if "carrier" in results.facets else {}) == carriers


def test_count_of_a_choice_is_what_choosing_it_gives(engine):
    engine.add(FACETS)
    for carrier in ("electricity", "steam"):
        base = {"carrier": [carrier]}
        for system, count in ask(engine, accepted=base).facets["system"].counts.items():
            assert ask(engine, accepted={**base, "system": [system]}).total == count


def test_sorting_puts_unknown_numbers_last(engine):
    engine.add(
        [
            document(1, "甲", numbers={"payback_years": 3, "published": 1}),
            document(2, "甲", numbers={"published": 2}),
            document(3, "甲", numbers={"payback_years": 0, "published": 3}),
        ]
    )
    assert found(engine, sort="payback_years") == [3, 1, 2]
    assert found(engine, sort="-payback_years") == [1, 3, 2]
    assert found(engine) == [3, 2, 1]
    assert found(engine, sort="nonsense") == [3, 2, 1]


def test_pages_are_cut_and_a_page_beyond_the_last_is_the_last(engine):
    engine.add([document(number, f"甲{number}", numbers={"published": -number}) for number in range(1, 6)])
    assert found(engine, page=2, page_size=2) == [3, 4]
    results = ask(engine, page=10**9, page_size=2)
    assert ([hit.object_id for hit in results.hits], results.page, results.pages) == ([5], 3, 3)
    assert ask(engine, page=-5).page == 1


def test_hits_show_matches_in_context(engine):
    engine.add([document(1, "空压机Ａ", "前文" * 40 + "用于空气 压缩机房" + "后文" * 80, summary="不相干")])
    (hit,) = ask(engine, "空压机 房").hits
    assert [(part.text, part.is_match) for part in hit.title] == [("空压机", True), ("Ａ", False)]
    assert not any(part.is_match for part in hit.summary)
    assert [part.text for part in hit.excerpt if part.is_match] == ["空气 压缩机房"]
    assert hit.excerpt[0].text == hit.excerpt[-1].text == "…"


@pytest.mark.parametrize(("words", "limit"), [("甲", 4), ("甲 乙", 6)])
def test_search_takes_few_queries(engine, django_assert_max_num_queries, words, limit):
    engine.add([document(number, "甲", numbers={"published": 1.0}) for number in range(1, 30)])
    ask(engine)
    with django_assert_max_num_queries(limit):
        ask(engine, words)


def test_dates_are_not_needed(engine):
    engine.add([document(1, "甲", visible_until=date(9999, 12, 31))])
    assert found(engine) == [1]


LISTINGS = st.lists(
    st.tuples(
        st.sampled_from(["热泵 甲", "空压机 甲", "热泵 空压机", "甲"]),
        st.fixed_dictionaries(
            {name: st.sets(st.sampled_from(["a", "b", "c"]), max_size=2) for name in ("system", "area", "validity")}
        ),
    ),
    max_size=12,
)  # fmt: skip
CHOICES = st.dictionaries(
    st.sampled_from(["system", "area", "validity", "other"]),
    st.sets(st.sampled_from(["a", "b", "c", "d"]), max_size=3),
)


def brute_force(listings, text, accepted):
    """Return ids and counts as the definition says them, one listing and one facet at a time."""
    matching = {number: facets for number, (title, facets) in listings.items() if text in title}
    passes = lambda facets, names: all(facets.get(name, set()) & accepted[name] for name in names)  # noqa: E731
    restricting = {name for name, values in accepted.items() if values}
    ids = {number for number, facets in matching.items() if passes(facets, restricting)}
    counts = {
        (name, value): sum(
            value in facets[name] and passes(facets, restricting - {name}) for facets in matching.values()
        )
        for name in ("system", "area", "validity")
        for value in "abc"
    }
    return ids, {pair: count for pair, count in counts.items() if count}


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(listings=LISTINGS, accepted=CHOICES, text=st.sampled_from(["", "热泵", "空压机"]))
def test_counts_are_those_of_brute_force_under_every_combination(engine, listings, accepted, text):
    listings = dict(enumerate(listings, 1))
    engine.remove("technology", engine.ids("technology"))
    engine.add(
        document(number, title, facets=frozenset((name, value) for name in facets for value in facets[name]))
        for number, (title, facets) in listings.items()
    )
    results = ask(engine, text, accepted, page_size=50)
    ids, counts = brute_force(listings, text, accepted)
    assert {hit.object_id for hit in results.hits} == ids
    assert results.total == len(ids)
    assert {
        (name, value): count
        for name, facet in results.facets.items()
        for value, count in facet.counts.items()
    } == counts
