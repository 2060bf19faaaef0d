"""Pinyin read as Chinese, and slips put right."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.lexicon import lexicon
from search.pinyin import difference, readings
from search.spelling import MOST_READINGS, meant
from search.text import LONGEST_QUERY
from search.vocabulary import Passages, Vocabulary
from tests.search.test_engines import NASTY

TITLES = [
    "空压机余热回收", "变频调速改造", "重油加热炉", "绿色照明", "余热发电", "蒸汽疏水阀更换", "磁悬浮冷水机组", "行车节电",
    "Inverter 控制", "吸收式热泵", "气凝胶保温", "冷却塔风机", "预热", "LED lighting",
]  # fmt: skip


@pytest.fixture(scope="module")
def vocabulary():
    return Vocabulary.of([Passages(title, "余热余热", "电力 示例公司") for title in TITLES], lexicon())


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("yure", "余热"), ("yr", "余热"), ("yu re", "余热"), ("YURE", "余热"), ("ｙｕｒｅ", "余热"), ("yu're", "余热"),
        ("kongyaji", "空压机"), ("kyj", "空压机"), ("kyj 余热", "空压机余热"), ("空压机yure", "空压机余热"), ("余热 huishou", "余热回收"),
        ("zhongyou", "重油"), ("chongyou", "重油"), ("tiaosu", "调速"), ("diaosu", "调速"), ("hangche", "行车"), ("xingche", "行车"),
        ("lvse", "绿色"), ("lüse", "绿色"), ("shushuif", "疏水阀"), ("zenqi", "蒸汽"), ("kongyyaji", "空压机"),
        ("shili gongsi", "示例公司"), ("空压鸡", "空压机"), ("变平", "变频"), ("佘热回收", "余热回收"), ("冷水机祖", "冷水机组"),
        ("磁浮悬", "磁悬浮"), ("凝气胶", "气凝胶"), ("气凝凝胶", "气凝胶"), ("冷却搭风机", "冷却塔风机"), ("蒸气疏水伐", "蒸汽疏水阀"),
        ("invertor", "inverter"), ("lightnig", "lighting"), ("空压鸡 yure", "空压机余热"),
    ],
)  # fmt: skip
def test_what_was_meant_comes_first(vocabulary, typed, read):
    found = [reading.text for reading in meant(typed, vocabulary)]
    assert found[:1] == [read]


@pytest.mark.parametrize(
    "text", ["余热", "余热回收的办法", "led lighting", "inverter", "15t/h", "0.7MPa", "co2", "siemens", "光子计算", "", " ", "'", "a"]
)  # fmt: skip
def test_what_is_right_or_unknown_stays(vocabulary, text):
    assert meant(text, vocabulary) == []


def test_changes_name_what_was_typed(vocabulary):
    (reading, *_others) = meant("空压鸡 yure", vocabulary)
    assert reading.changes == (("空压鸡", "空压机"), ("yure", "余热"))
    assert not reading.is_pinyin and meant("yure", vocabulary)[0].is_pinyin


@settings(max_examples=150, deadline=None)
@given(
    text=st.one_of(
        st.text(max_size=60),
        st.text(alphabet="yurekongajizh' ü余热空压鸡", max_size=80),
        st.lists(st.sampled_from([*NASTY, "yure", "空压鸡", "invertor"]), max_size=5).map(" ".join),
    )
)
def test_any_text_is_read_in_few_ways_none_of_them_itself(vocabulary, text):
    found = meant(text, vocabulary)
    assert len(found) <= MOST_READINGS
    for reading in found:
        assert reading.text and reading.changes
        assert all(typed != read for typed, read in reading.changes)
    assert found == meant(text[:LONGEST_QUERY], vocabulary)


@pytest.mark.parametrize("text", NASTY, ids=range(len(NASTY)))
def test_nasty_text_is_no_error(vocabulary, text):
    assert len(meant(text, vocabulary)) <= MOST_READINGS


def test_every_common_character_has_a_reading():
    terms = "".join(term for term in lexicon().terms())
    assert [
        character for character in set(terms) if "\u4e00" <= character <= "\u9fa5" and not readings(character)
    ] == []


@pytest.mark.parametrize(
    ("first", "second"), [("机", "鸡"), ("阀", "伐"), ("频", "平"), ("塔", "搭"), ("余", "佘")]
)
def test_difference_is_the_same_both_ways_and_small_for_what_is_confused(first, second):
    assert difference(first, second) == difference(second, first) < 1
    assert difference(first, "电") == 1
