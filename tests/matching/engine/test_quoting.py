import pytest

from matching.engine.quoting import shared_phrases


@pytest.mark.parametrize(
    ("need", "technology", "phrases"),
    [
        ("空压机余热回收", "螺杆空压机余热回收装置", ["空压机余热回收"]),
        ("余热回收", "余热制冷与烟气回收", ["余热", "回收"]),
        ("电机节能", "海上风电机组节能", []),
        ("节能技术研究与锅炉改造", "锅炉节能技术改造研究", ["锅炉"]),
        ("精馏塔再沸器沸热", "再沸热源", []),
        ("余热 回收", "余热回收", ["余热回收"]),
        ("蒸汽和热水", "蒸汽和热水联供", ["蒸汽", "热水"]),
        ("熔炼炉120℃烟气", "熔炼炉的120℃烟气", ["熔炼炉", "烟气"]),
        ("ORC 发电", "orc发电", ["orc", "发电"]),
        ("", "余热", []),
        ("123 456", "123 456", []),
        ("😀🔥", "😀🔥", []),
    ],
)
def test_phrases_are_whole_words_of_both_texts(need, technology, phrases):
    assert shared_phrases(need.lower(), technology.lower()) == phrases


def test_part_of_a_longer_phrase_is_not_quoted_again():
    assert shared_phrases("余热回收。余热很多", "余热回收,余热") == ["余热回收"]
