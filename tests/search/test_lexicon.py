"""The tables of synonyms and of narrower terms, and how they are read."""

import pytest

from search.characters import normalise
from search.lexicon import DATA, TABLES, Lexicon, LexiconError, lexicon
from search.text import query_words, tokens

LEAST_GROUPS, LEAST_PAIRS = 400, 120


@pytest.mark.parametrize(
    ("lines", "message"),
    [
        (["空压机"], "line 1: a group of one term"),
        (["# a comment", "空压机, 空气压缩机", "空压机, 压风机"], "line 3: 空压机 stands in two groups"),
        (["膜, 膜分离"], "line 1: a term needs two characters"),
        (["空压机, , 空气压缩机"], "line 1: a term needs two characters"),
        (["ＬＥＤ, 发光二极管"], "line 1: write LED"),
        (["LED, led"], "line 1: a term stands twice"),
        (["电机, 电动机", "电机 > 电动机"], "these are synonyms"),
        (["甲乙 > 丙丁", "丙丁 > 甲乙"], "narrower than itself"),
        (["电机, 电动机", "电机 > 甲乙", "甲乙 > 电动机"], "narrower than itself"),
    ],
)
def test_read_refuses_what_breaks_a_rule(lines, message):
    with pytest.raises(LexiconError, match=message):
        Lexicon.read(lines)


def test_tables_are_sound_and_large():
    table = lexicon()
    assert len(set(table.groups.values())) >= LEAST_GROUPS
    assert sum(len(below) for below in table.narrower.values()) >= LEAST_PAIRS


def test_terms_of_a_group_differ_for_the_search():
    for group in set(lexicon().groups.values()):
        phrases = [tuple(tokens(term)) for term in group]
        assert len(set(phrases)) == len(phrases), group


def test_tables_hold_one_kind_of_line_each():
    synonyms, hypernyms = ((DATA / name).read_text().splitlines() for name in TABLES)
    assert not any(">" in line for line in synonyms if not line.startswith("#"))
    assert all(">" in line for line in hypernyms if line and not line.startswith("#"))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("空压机", "空气压缩机"),
        ("VFD", "变频器"),
        ("变频", "变频调速"),
        ("ORC", "有机朗肯循环"),
        ("MVR", "机械蒸汽再压缩"),
        ("LED", "发光二极管"),
        ("RTO", "蓄热式热氧化炉"),
        ("VOCs", "挥发性有机物"),
        ("EMS", "能源管理系统"),
        ("CCHP", "冷热电三联供"),
        ("冷凝水", "凝结水"),
        ("凝水", "蒸汽凝结水"),
        ("定型机", "拉幅定型机"),
        ("疏水阀", "疏水器"),
        ("溴冷机", "吸收式制冷"),
        ("马达", "电动机"),
        ("DMSO", "二甲基亚砜"),
    ],
)
def test_equal_terms_stand_for_each_other(first, second):
    table = lexicon()
    assert table.canonical(normalise(first)) == table.canonical(normalise(second))


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("空压机", "压缩机"),
        ("螺杆空压机", "空压机"),
        ("离心空压机", "离心冷水机组"),
        ("烘干机", "吸干机"),
        ("余热", "余压"),
        ("蓄热式燃烧", "储热"),
        ("冷凝水", "冷却水"),
        ("低温余热发电", "余热发电"),
        ("第一类吸收式热泵", "第二类吸收式热泵"),
        ("RTO", "RCO"),
        ("热水锅炉", "蒸汽锅炉"),
        ("干式变压器", "油浸变压器"),
    ],
)
def test_unlike_terms_stand_apart(first, second):
    table = lexicon()
    assert table.canonical(normalise(first)) != table.canonical(normalise(second))


@pytest.mark.parametrize(
    ("broad", "narrow"),
    [
        ("压缩机", "空压机"),
        ("空压机", "螺杆空压机"),
        ("压缩机", "螺杆空压机"),
        ("热泵", "二类热泵"),
        ("锅炉", "有机热载体炉"),
        ("余热发电", "ORC"),
        ("换热器", "板换"),
    ],
)
def test_narrower_terms_are_reached_downwards_only(broad, narrow):
    table = lexicon()
    assert normalise(narrow) in table.below(broad)
    assert broad not in table.below(normalise(narrow))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("空气压缩机余热回收", ["空气压缩机", "余热回收"]),
        ("采用vfd控制的风机", ["vfd", "风机"]),
        ("orc120机组, force, orc-120", ["orc"]),
        ("蓄热式焚烧炉后接热管", ["蓄热式焚烧炉", "热管"]),
        ("led灯具", ["led灯具"]),
        ("ledger sheds", []),
        ("", []),
    ],
)
def test_find_takes_the_longest_and_whole_latin_words(text, expected):
    assert [found.term for found in lexicon().find(text)] == expected


def test_found_terms_say_where_they_stand():
    text = "车间空气压缩机的凝水"
    assert [text[found.start : found.stop] for found in lexicon().find(text)] == ["空气压缩机", "凝水"]
    assert [found.concept for found in lexicon().find(text)] == ["空压机", "冷凝水"]


@pytest.mark.parametrize("word", ["热", "汽", "机", "泵", "灯", "膜", "EC", "PID", "RO", "AC"])
def test_short_and_ambiguous_words_bring_no_synonyms(word):
    (found,) = query_words(word)
    assert len(found.phrases) == 1
