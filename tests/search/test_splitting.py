"""Splitting many texts at once gives what splitting one does."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.splitting import known_terms, split
from search.text import index_text

STRANGE = [
    "", " ", "\x00", "空压机 LED，80℃", "ａ１㎡½③", "e\u0301余热", "ΑΣ Σ", "İstanbul", "𠮷野家", "㐀", "ㄱ가각", "\u1112\u1161\u11ab", "迴收餘熱", "👩‍👩‍👧",
    "x" * 200, "9" * 65, "x" * 64 + "y", "热_泵", "\ud800热", "々〇", "ﬁ", "ǅ", "\u200d", "①②", "a\u0301\u0302", "²³", "ｶﾞ", "µΩ",
]  # fmt: skip
TEXTS = st.one_of(st.sampled_from(STRANGE), st.text(max_size=30), st.lists(st.sampled_from([*STRANGE, "空压机", "热泵", "余", "-"]), max_size=6).map("".join))  # fmt: skip


def reference(text):
    """Return the lexicon's terms in split text, found one by one."""
    parts, known = text.split(), known_terms()
    return [
        "".join(parts[start:stop])
        for start in range(len(parts))
        for stop in range(start + 2, min(len(parts), start + 14) + 1)
        if tuple(parts[start:stop]) in known
    ]


@settings(max_examples=150, deadline=None)
@given(st.lists(TEXTS, max_size=6))
def test_split_gives_what_one_by_one_does(texts):
    expected = [index_text(text) for text in texts]
    assert [tokens for tokens, _terms in split(texts)] == expected
    found = [sorted(terms.split()) for _tokens, terms in split(texts)]
    assert found == [sorted(reference(text)) for text in expected]


@pytest.mark.parametrize("text", STRANGE, ids=range(len(STRANGE)))
def test_strange_text_is_split_as_alone(text):
    ((tokens, _terms),) = split([text])
    assert tokens == index_text(text)


def test_terms_are_found_over_spaces_and_more_than_once():
    ((_tokens, terms),) = split(["空 压-机与空压机房，led空压x机"])
    assert terms.split().count("空压机") == 2
