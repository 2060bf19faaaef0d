"""How a query is read, the same on every engine: what is not wanted, values, what only mentions the words, and why."""

import pytest

from search.engine import Amount
from tests.search.test_engines import FACETS, ask, document, found

pytestmark = pytest.mark.django_db


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
        ("余热 -空压机", [3]),
        ("余热 不要空气压缩机", [3]),
        ("非余热", [2, 4, 5]),
        ("不要余热和照明", [2, 5]),
        ("余热 -螺杆", [1, 3]),
        ("空压机 光伏 -烟气", [1]),
        ("热泵 -燃气锅炉", [5]),
        ("余热 -余热", []),
    ],
)
def test_what_is_not_wanted_is_ruled_out(engine, library, text, expected):
    engine.add([document(5, "热泵热水", summary="替代燃气锅炉")])
    results = ask(engine, text)
    assert (sorted(hit.object_id for hit in results.hits), results.total) == (expected, len(expected))


def test_what_is_not_wanted_is_in_no_count(engine):
    engine.add([*FACETS, document(5, "一五", facets=frozenset({("system", "motor")}))])
    counts = ask(engine, "-二 -四", {"carrier": ["electricity"]}).facets
    assert counts["system"].counts == {"motor": 1, "boiler": 1}
    assert counts["carrier"].counts == {"electricity": 2}


@pytest.fixture
def valued(engine):
    engine.add(
        [
            document(11, "蓄热燃烧", "助燃空气预热到800～1000℃"),
            document(12, "烟气余热锅炉", "烟气850℃以上"),
            document(13, "减压发电", "蒸汽由1.0 MPa降到0.4 MPa", amounts=(Amount("payback_years", 3, 6),)),
            document(14, "热水机", "80℃以下热水，流量15吨/小时", amounts=(Amount("payback_years", 1, 2.5),)),
        ]
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("800℃", [11]),
        ("900℃", [11, 12]),
        ("温度 ≥ 1200℃", [12]),
        ("900℃烟气", [12]),
        ("60度", [14]),
        ("1000 kPa", [13]),
        ("10bar 蒸汽", [13]),
        ("15t/h", [14]),
        ("回收期3年以内", [13, 14]),
        ("低于2年回收期", [14]),
        ("3年以内 -热水", [13]),
        ("900℃以下", [11, 12, 14]),
        ("热水 3 MPa", []),
    ],
)
def test_numbers_find_the_values_that_they_mean(engine, valued, text, expected):
    results = ask(engine, text)
    assert (sorted(hit.object_id for hit in results.hits), results.total) == (expected, len(expected)) or (
        not expected and results.is_partial
    )
    assert results.has_values == bool(expected)


def test_figures_that_were_typed_stand_first(engine, valued):
    assert found(engine, "800℃") == [11]
    assert found(engine, "≥ 850℃") == [12, 11]
    assert found(engine, "1年到2.5年回收期")[0] == 14


def test_changed_listing_keeps_no_value(engine, valued):
    engine.add([document(14, "热水机", "90℃")])
    assert found(engine, "15t/h") == [] and 14 in found(engine, "90℃")


@pytest.fixture
def mentioned(engine):
    motor, boiler = frozenset({("system", "motor")}), frozenset({("system", "boiler")})
    engine.add(
        [
            document(21, "空压机余热回收", facets=motor),
            document(22, "热水机组", "可用空压机的余热", facets=boiler),
            document(23, "热水站", "无关", summary="空气压缩机余热", facets=boiler),
            document(24, "余热利用", "空压机房", facets=boiler),
        ]
    )


@pytest.mark.parametrize("text", ["空压机余热", "空压机"])
def test_what_has_the_words_as_typed_is_never_apart(engine, mentioned, text):
    results = ask(engine, text, is_wide=False)
    assert (sorted(hit.object_id for hit in results.hits), results.mentions) == ([21, 22, 23, 24], 0)


def test_what_mentions_the_words_by_another_name_is_apart_where_a_title_has_them(engine, mentioned):
    text = "空气压缩机 余热"
    results, wide = ask(engine, text, is_wide=False), ask(engine, text)
    assert (sorted(hit.object_id for hit in results.hits), results.total, results.mentions) == (
        [21, 23],
        2,
        2,
    )
    assert results.facets["system"].counts == {"motor": 1, "boiler": 1}
    assert (sorted(hit.object_id for hit in wide.hits), wide.mentions) == ([21, 22, 23, 24], 0)
    assert wide.facets["system"].counts == {"motor": 1, "boiler": 3}


def test_filters_hold_for_mentions_and_change_nothing_else(engine, mentioned):
    results = ask(engine, "空气压缩机余热", {"system": ["boiler"]}, is_wide=False)
    assert ([hit.object_id for hit in results.hits], results.mentions) == ([23], 2)
    assert results.facets["system"].counts == {"motor": 1, "boiler": 1}
    results = ask(engine, "空气压缩机余热", {"system": ["motor"]}, is_wide=False)
    assert (results.total, results.mentions) == (1, 0)


@pytest.mark.parametrize(
    ("text", "expected"), [("热水 余热", [22, 23]), ("热", [21, 22, 23, 24]), ("房", [24]), ("机房", [24])]
)
def test_nothing_is_apart_where_no_title_has_the_words_or_a_character_stands_alone(
    engine, mentioned, text, expected
):
    results = ask(engine, text, is_wide=False)
    assert (sorted(hit.object_id for hit in results.hits), results.mentions) == (expected, 0)


def test_hits_say_why_they_were_found(engine):
    engine.add(
        [
            document(
                1,
                "空气压缩机",
                "油温80～95℃，热 量",
                summary="余热回收",
                terms="电机",
                amounts=(Amount("payback_years", 1, 2),),
            )
        ]
    )
    (hit,) = ask(engine, "空压机 余热 85℃ 回收期2年以内").hits
    assert [(each.asked, each.how, each.found, each.fields) for each in hit.reasons] == [
        ("空压机", "synonym", "空气压缩机", ("title",)),
        ("余热", "word", "", ("summary",)),
        ("85°c", "value", "80～95℃", ()),
        ("回收期2年以内", "value", "", ()),
    ]
    (hit,) = ask(engine, "热量").hits
    assert [(each.asked, each.how, each.fields) for each in hit.reasons] == [("热量", "word", ("body",))]
    assert ask(engine).hits[0].reasons == ()
