"""The words that a search can lead to."""

from search.lexicon import Lexicon
from search.vocabulary import MOST_TERMS, Passages, Vocabulary


def test_words_of_titles_weigh_more_than_those_of_names():
    vocabulary = Vocabulary.of([Passages("余热回收", "锅炉"), Passages("余热", "", "锅炉")], Lexicon())
    assert vocabulary.weights["余热"] > vocabulary.weights["锅炉"] > 0
    assert vocabulary.merit("余热") > vocabulary.merit("锅炉") > vocabulary.merit("无此词") == 0


def test_neighbouring_words_of_a_title_are_a_word_too():
    vocabulary = Vocabulary.of([Passages("空压机余热回收", "变频调速电机")], Lexicon())
    assert "空压机余热" in vocabulary and "余热回收" in vocabulary
    assert "调速电机" not in vocabulary


def test_commonest_words_are_kept_and_first():
    weights = {f"甲{chr(0x4E00 + number)}": 1.0 for number in range(20_000)}
    weights |= {f"乙{chr(0x4E00 + number)}": 2.0 for number in range(20_000)}
    vocabulary = Vocabulary(weights)
    assert len(vocabulary.weights) == MOST_TERMS
    assert vocabulary.weights[vocabulary.han[0]] == 2.0


def test_nothing_gives_an_empty_vocabulary():
    vocabulary = Vocabulary.of([Passages("", "")], Lexicon())
    assert (vocabulary.han, vocabulary.latin, vocabulary.by_letters) == ([], frozenset(), {})
