"""Ask an engine for what was typed and, where that finds nothing, for what was meant.

The words that a query is read as come from what every visitor may see, and a reading is only used or offered after
the engine has found something with it, so that it can name nothing that is hidden.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from search.asking import read_query
from search.engine import Engine, Query, Results
from search.spelling import Reading, meant
from search.vocabulary import Vocabulary

_SHORTEST_CHANGE = 3
_LONGEST_OFFERED = 30


@dataclass(frozen=True, slots=True)
class Answer:
    """The results of each query; `reading` is what was searched instead of the text, `offers` may be meant as well."""

    results: tuple[Results, ...]
    reading: Reading | None = None
    offers: tuple[str, ...] = ()


def answer(
    engine: Engine, queries: Sequence[Query], vocabulary: Vocabulary, *, is_literal: bool = False
) -> Answer:
    """Answer queries that differ in anything but the text, such as one for each kind of listing.

    What has all words as typed is the answer. Otherwise the likeliest reading that finds all its words is, then a
    partial result. With `is_literal` nothing is read into the text.
    """
    text = queries[0].text
    strict = _asked(engine, queries, text, allows_partial=False)
    if not text or is_literal or _has_found(strict):
        offers = () if is_literal or not text else _offers(engine, queries, strict, vocabulary)
        return Answer(strict if _has_found(strict) else _asked(engine, queries, text), offers=offers)
    found: list[tuple[Reading, tuple[Results, ...]]] = []
    readings = _readings(text, vocabulary)
    for reading in readings:
        results = _asked(engine, queries, reading.text, allows_partial=False)
        if _has_found(results):
            found.append((reading, results))
    if found:
        (reading, results), *others = found
        return Answer(results, reading, tuple(other.text for other, _results in others))
    for reading in readings:
        if all(_is_needed(engine, queries, *change) for change in reading.changes):
            return Answer(_asked(engine, queries, reading.text), reading)
    return Answer(_asked(engine, queries, text))


def _readings(text: str, vocabulary: Vocabulary) -> list[Reading]:
    """Return the readings that ask for something and rule out no more and no less than the text does."""
    unwanted = [each.text for each in read_query(text).exclusions]
    return [
        reading
        for reading in meant(text, vocabulary)
        if (asked := read_query(reading.text)).words and [each.text for each in asked.exclusions] == unwanted
    ]


def _asked(
    engine: Engine, queries: Sequence[Query], text: str, *, allows_partial: bool = True
) -> tuple[Results, ...]:
    return tuple(engine.search(replace(query, text=text, allows_partial=allows_partial)) for query in queries)


def _has_found(results: Sequence[Results]) -> bool:
    """Whether any listing has the words, also one that a filter leaves out."""
    return any(result.matched for result in results)


def _count(engine: Engine, queries: Sequence[Query], text: str) -> int:
    """Return how many listings have all words of a text whatever the filters."""
    bare = [Query(query.kind, text, page_size=1, allows_partial=False) for query in queries]
    return sum(engine.search(query).matched for query in bare)


def _is_needed(engine: Engine, queries: Sequence[Query], typed: str, read: str) -> bool:
    """Whether a change turns what nobody has into what somebody has; short pieces of sentences prove nothing."""
    is_telling = typed.isascii() or len(typed) >= _SHORTEST_CHANGE
    return is_telling and not _count(engine, queries, typed) and _count(engine, queries, read) > 0


def _offers(
    engine: Engine, queries: Sequence[Query], found: Sequence[Results], vocabulary: Vocabulary
) -> tuple[str, ...]:
    """Return a reading that finds more than the text itself does."""
    text, number = queries[0].text, sum(result.matched for result in found)
    if len(text) > _LONGEST_OFFERED:
        return ()
    readings = _readings(text, vocabulary)[:1]
    return tuple(reading.text for reading in readings if _count(engine, queries, reading.text) > number)
