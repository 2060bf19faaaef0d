"""What the matcher makes of the lexicon of energy technology (``search.lexicon``, plain Python)."""

from functools import lru_cache

from search.lexicon import Found, lexicon

CONCEPT_MARK = "\u2420"


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
    there = {found.concept: found.term for found in _found(second)}
    return {
        found.term: there[found.concept]
        for found in _found(first)
        if found.concept in there and found.term not in second
    }


def kinds_of(first: str, second: str) -> dict[str, str]:
    """Return the terms of the first text of which the second names a kind, with that kind's word there.

    Both texts are normalised. A concept that the second text names itself is left out.

    Examples
    --------
    >>> kinds_of("压缩机余热", "空压机余热利用"), kinds_of("空压机", "压缩机")
    ({'压缩机': '空压机'}, {})
    """
    table = lexicon()
    there = {found.concept: found.term for found in _found(second)}
    kinds = {}
    for found in _found(first):
        if found.concept in there or found.term in second:
            continue
        for concept in table.narrower.get(found.concept, ()):
            if concept in there:
                kinds.setdefault(found.term, there[concept])
    return kinds


@lru_cache(maxsize=4096)
def _found(text: str) -> tuple[Found, ...]:
    """Return the terms of a text; one need is compared with many technologies, and one technology with many needs."""
    return tuple(lexicon().find(text))
