"""What the matcher makes of the lexicon of energy technology (``search.lexicon``, plain Python)."""

from collections.abc import Mapping
from functools import lru_cache

from search.lexicon import lexicon

CONCEPT_MARK = "\u2420"
KEPT_TEXTS = 30_000
"""Texts whose terms stay at hand: one technology is compared with the needs of a whole night."""


def concepts(text: str) -> list[tuple[str, str]]:
    """Return each term of the lexicon in normalised text with the word that stands for its group, in order.

    Examples
    --------
    >>> concepts("空气压缩机的冷凝水")
    [('空气压缩机', '空压机'), ('冷凝水', '冷凝水')]
    """
    return [(found.term, found.concept) for found in lexicon().find(text)]


def narrower_concepts(text: str) -> list[str]:
    """Return the concepts that are directly a kind of one in normalised text, each once, in order.

    Examples
    --------
    >>> narrower_concepts("吸收式热泵")
    ['第一类吸收式热泵', '第二类吸收式热泵']
    """
    below = lexicon().narrower
    return list(dict.fromkeys(each for _, concept in concepts(text) for each in below.get(concept, ())))


def equal_terms(first: str, second: str) -> dict[str, str]:
    """Return the terms of the first text that the second says in another word, with that word.

    Both texts are normalised. A term that stands in the second text itself is left out.

    Examples
    --------
    >>> equal_terms("空气压缩机余热", "空压机余热利用")
    {'空气压缩机': '空压机'}
    """
    there = _terms_by_concept(second)
    return {
        term: there[concept]
        for term, concept in _concepts_by_term(first).items()
        if concept in there and term not in second
    }


def kinds_of(first: str, second: str) -> dict[str, str]:
    """Return the terms of the first text of which the second names a kind, with that kind's word there.

    Both texts are normalised. A concept that the second text names itself is left out.

    Examples
    --------
    >>> kinds_of("压缩机余热", "空压机余热利用"), kinds_of("空压机", "压缩机")
    ({'压缩机': '空压机'}, {})
    """
    there, below = _terms_by_concept(second), lexicon().narrower
    kinds = {}
    for term, concept in _concepts_by_term(first).items():
        if concept not in below or concept in there:
            continue
        kind = next((there[each] for each in below[concept] if each in there), None)
        if kind is not None and term not in second:
            kinds[term] = kind
    return kinds


@lru_cache(maxsize=256)
def _concepts_by_term(text: str) -> Mapping[str, str]:
    return dict(concepts(text))


@lru_cache(maxsize=KEPT_TEXTS)
def _terms_by_concept(text: str) -> Mapping[str, str]:
    return {concept: term for term, concept in concepts(text)}
