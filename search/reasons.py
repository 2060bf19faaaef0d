"""Why a listing was found, read from its texts with the very phrases that were asked for. Knows no Django."""

from collections.abc import Iterable, Sequence

from search.asking import Attempt
from search.engine import Amount, Reason
from search.text import Phrase, Word, index_text

FIELDS = ("title", "summary", "terms", "body")


def reasons(attempt: Attempt, texts: Sequence[str], amounts: Iterable[Amount]) -> tuple[Reason, ...]:
    """Return for each word and amount that a listing has how it has it; `texts` are those of FIELDS.

    >>> from search.asking import read_query
    >>> texts = ("空气压缩机", "", "", "油温80～95℃")
    >>> attempt = read_query("空压机 85℃").attempts[0]
    >>> for reason in reasons(attempt, texts, [Amount("temperature_c", 80, 95, "80～95℃")]):
    ...     print(reason.asked, reason.how, reason.found, reason.fields)
    空压机 synonym 空气压缩机 ('title',)
    85°c value 80～95℃ ()
    """
    tokens = {name: f" {index_text(text)} " for name, text in zip(FIELDS, texts, strict=True)}
    found = [_of_word(word, tokens) for word in attempt.words]
    amounts = list(amounts)
    for asked in attempt.amounts:
        low, high = asked.amount.low, asked.amount.high
        inside = [
            each for each in amounts if each.kind in asked.kinds and each.low <= high and each.high >= low
        ]
        inside.sort(key=lambda each: ({each.low, each.high}.isdisjoint(asked.ends), each.high - each.low))
        found += [Reason(asked.amount.text, "value", each.text, value=each) for each in inside[:1]]
    return tuple(filter(None, found))


def _of_word(word: Word, tokens: dict[str, str]) -> Reason | None:
    """Return the best way in which the texts have a word: as typed, by a synonym, by a kind of it, by its parts."""
    own = word.phrases[0]
    for how, ways in (
        ("word", [(own,)]),
        ("synonym", [way for way in word.equal_ways if len(way) == 1]),
        ("kind", [way for way in word.alternatives if len(way) == 1]),
        ("parts", word.alternatives),
    ):
        for way in ways:
            places = [{name for name, text in tokens.items() if _has(text, phrase)} for phrase in way]
            if all(places):
                fields = tuple(name for name in FIELDS if any(name in place for place in places))
                return Reason(word.text, how, "" if how == "word" else " + ".join(map(_written, way)), fields)
    return None


def _has(text: str, phrase: Phrase) -> bool:
    return f" {' '.join(phrase)} " in text


def _written(phrase: Phrase) -> str:
    """Return a phrase as one writes it: Latin words apart, Han characters together."""
    return "".join(
        f" {token}" if place and token.isascii() and phrase[place - 1].isascii() else token
        for place, token in enumerate(phrase)
    )
