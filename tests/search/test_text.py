"""Analysis of texts and queries."""

import pytest

from search.lexicon import Lexicon
from search.text import LONGEST_QUERY, MOST_WORDS, index_text, phrase_table, query_words, tokens


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("空压机余热", ["空", "压", "机", "余", "热"]),
        ("ＬＥＤ照明", ["led", "照", "明"]),
        ("80℃、15t/h", ["80", "c", "15", "t", "h"]),
        ("0.7MPa CO₂", ["0", "7", "mpa", "co", "2"]),
        ("snake_case", ["snake", "case"]),
        ("𠮷野家", ["𠮷", "野", "家"]),
        ('"\x00%$', []),
    ],
)
def test_tokens_split_han_digits_and_letters(text, expected):
    assert tokens(text) == expected


def test_index_text_joins_tokens_by_spaces():
    assert index_text("热泵 A型") == "热 泵 a 型"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("空压机余热回收", ["空压机", "余热回收"]),
        ("有没有回收空压机余热的办法？", ["回收", "空压机", "余热"]),
        ("磁悬浮离心鼓风机", ["磁悬浮离心鼓风机"]),
        ("节能技术", ["节能", "技术"]),
        ("15 t/h 蒸汽", ["15 t/h", "蒸汽"]),
        ("R134a制冷", ["r134a", "制冷"]),
        ("heat pump", ["heat pump"]),
        ("余热 余热 余热", ["余热"]),
        ("?!。", []),
        ("", []),
    ],
)
def test_query_gives_its_telling_words(text, expected):
    assert [word.text for word in query_words(text)] == expected


def test_query_word_carries_synonyms_of_joined_words():
    (word,) = query_words("空气压缩机")
    assert word.phrases[:2] == (("空", "气", "压", "缩", "机"), ("空", "压", "机"))


def test_joined_word_is_also_satisfied_by_its_parts():
    (word,) = query_words("高效电机")
    assert (("高", "效"), ("电", "机")) in word.alternatives
    assert (("高", "效"), ("马", "达")) in word.alternatives


def test_query_is_cut_to_a_sensible_length():
    words = query_words("".join(chr(0x4E00 + 7 * n) + " " for n in range(500)))
    assert len(words) == MOST_WORDS
    assert query_words("热" * LONGEST_QUERY + "泵") == query_words("热" * LONGEST_QUERY)


def test_phrases_leave_out_what_another_finds_already():
    table = phrase_table(Lexicon.read(["甲乙, 丙丁, 大丙丁", "甲乙 > 小甲乙, 戊己"]))
    assert table[("甲", "乙")] == ((("丙", "丁"),), (("戊", "己"),))


def test_narrower_terms_are_found_but_count_less():
    (word,) = query_words("压缩机")
    assert ("空", "压", "机") in word.narrower
    (word,) = query_words("空压机")
    assert not any("".join(phrase) == "压缩机" for phrase in word.phrases)


def test_traditional_characters_find_simplified_ones_and_the_other_way_round():
    assert tokens("餘熱迴收與變頻器") == tokens("余热回收与变频器")
    assert query_words("空壓機餘熱") == query_words("空压机余热")
