"""What a query does not want, and what a listing says that it does without."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.asking import read_query
from search.negation import MOST_EXCLUSIONS, offered_text
from search.text import tokens


def read(text):
    asked = read_query(text)
    return [word.text for word in asked.words], [each.text for each in asked.exclusions]


@pytest.mark.parametrize(
    ("text", "words", "unwanted"),
    [
        ("非余热 热泵", ["热泵"], ["余热"]),
        ("空压机非余热", ["空压机"], ["余热"]),
        ("不用燃气的热水", ["热水"], ["燃气"]),
        ("空压机 不要余热回收", ["空压机"], ["余热回收"]),
        ("空压机 不要余热回收装置", ["空压机"], ["余热回收装置"]),
        ("不要锅炉", [], ["锅炉"]),
        ("除锅炉外", [], ["锅炉"]),
        ("除了光伏以外的太阳能", ["太阳能"], ["光伏"]),
        ("不含锅炉和蒸汽的热水", ["热水"], ["锅炉", "蒸汽"]),
        ("不要锅炉、燃气的供热", ["供热"], ["锅炉", "燃气"]),
        ("热水不用锅炉怎么办", ["热水"], ["锅炉"]),
        ("不要燃气锅炉制热水", ["制", "热水"], ["燃气锅炉"]),
        ("无锅炉 热水", ["热水"], ["锅炉"]),
        ("冷却塔 -风机", ["冷却塔"], ["风机"]),
        ("冷却塔　－风机", ["冷却塔"], ["风机"]),
        ("热泵 NOT 干燥", ["热泵"], ["干燥"]),
        ("heat pump not boiler", ["heat pump"], ["boiler"]),
        ("不要鍋爐", [], ["锅炉"]),
    ],
)
def test_negations_are_read(text, words, unwanted):
    assert read(text) == (words, unwanted)


@pytest.mark.parametrize(
    "text",
    ["非晶变压器", "无油真空泵", "不锈钢", "无功补偿", "非标设备", "无热再生干燥", "无人值守", "除尘", "除湿机", "除氧器外排蒸汽", "不停产改造",
     "非电制冷", "排烟 -5℃", "余热-发电", "low-nox", "凝结水不用了排掉", "用不用锅炉", "要不要换电机", "非", "不要", "-", "NOT", "除了"],
)  # fmt: skip
def test_parts_of_words_deny_nothing(text):
    assert read_query(text).exclusions == ()


def test_query_without_an_exclusion_keeps_the_others():
    asked = read_query("不含锅炉和蒸汽的热水")
    first, second = asked.exclusions
    assert (asked.without(first), asked.without(second)) == ("热水 -蒸汽", "热水 -锅炉")
    assert read(asked.without(first)) == (["热水"], ["蒸汽"])


def test_replaced_things_are_not_offered():
    offered = offered_text("冷却塔水轮机替代风机电机", "水轮机带动风机，取消塔风机用电", "冷却水系统")
    assert " 水 轮 机 " in offered and " 冷 却 水 系 统 " in offered
    assert " 风 机 " not in offered
    assert " 燃 气 " not in offered_text("热泵制热水", "替代燃气锅炉，比燃气热风减少用能", "")
    assert " 余 热 " in offered_text("余热回收", "", "")


def test_nothing_runs_over_what_was_taken_out():
    assert " 甲 丁 " not in offered_text("甲替代乙丙，丁", "", "")


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(
                [
                    "非",
                    "无",
                    "不要",
                    "不用",
                    "除了",
                    "以外",
                    "的",
                    "和",
                    "、",
                    "-",
                    "not ",
                    "锅炉",
                    "余热",
                    " ",
                    "，",
                    "a",
                    "1",
                    "℃",
                ]
            ),
            st.text(max_size=4),
        ),
        max_size=12,
    ).map("".join)
)
def test_any_text_is_read(text):
    asked = read_query(text)
    assert len(asked.exclusions) <= MOST_EXCLUSIONS
    for each in asked.exclusions:
        assert 0 <= each.start < each.stop <= len(asked.text)
        assert each.alternatives and all(phrase for phrases in each.alternatives for phrase in phrases)
        assert tokens(each.text) and len(read_query(asked.without(each)).exclusions) <= MOST_EXCLUSIONS
    assert isinstance(offered_text(text, text, text), str)
