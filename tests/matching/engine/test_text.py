import pytest

from matching.engine.text import LONGEST_TEXT, normalise, strip_boilerplate, terms


def test_full_width_and_traditional_forms_of_letters_are_levelled():
    assert normalise("ＬＥＤ　８０℃") == "led 80°c"


def test_very_long_text_is_cut():
    assert len(normalise("热" * 100_000)) == LONGEST_TEXT


@pytest.mark.parametrize("text", ["", "   ", "。,!?", "😀"])
def test_text_without_words_has_no_terms(text):
    assert terms(text) == []


def test_title_of_separate_words_gives_the_pairs_of_the_whole_title():
    assert {"余热", "热回", "回收"} <= set(terms("余热 回收"))


def test_boilerplate_leaves_the_need_itself():
    text = normalise("需求内容：定型机废气余热回收。我公司成立于2001年，注册资本500万元。预期目标：节能15%。")
    assert strip_boilerplate(text) == "定型机废气余热回收。节能15%"
