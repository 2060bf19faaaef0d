"""A query in the language of Elasticsearch: what must match, how it ranks, what is counted. Knows no Django.

The fields hold split text (search.text.index_text) under the analyser `whitespace`, so that a phrase of tokens
finds there what it finds in the embedded index.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from itertools import starmap

from elasticsearch.dsl import A
from elasticsearch.dsl.aggs import Agg
from elasticsearch.dsl.query import (
    Bool,
    ConstantScore,
    DisMax,
    FunctionScore,
    MatchAll,
    MatchPhrase,
    MultiMatch,
    Range,
    Term,
    Terms,
)
from elasticsearch.dsl.query import Query as Clause

from search.amounts import FIGURES_WEIGHT, AskedAmount
from search.asking import Attempt
from search.engine import COVERAGE_WEIGHT, LEAST_COVERAGE, NUMBERS, RELEVANCE, Filters
from search.negation import Exclusion
from search.text import Phrase, Word

# As bm25 weighs them in the embedded engine, relative to the title.
FIELDS = ("title", "summary^0.5", "terms^0.4", "body^0.1")
# Brings the text's score, whose best nobody knows beforehand, within 0..1 beside the share of words in the title.
_TEXT_WEIGHT, _TITLE_WEIGHT = 0.15, 2.0
_SYNONYM_SHARE, _NARROWER_SHARE = 0.5, 0.3
MOST_VALUES = 10_000
Sort = list[dict[str, dict]]


def base(kind: str, *, today: date, without: Iterable[int] = ()) -> list[Clause]:
    """Return the filters that hold for every search: the kind, the last day, and nothing that was just hidden."""
    filters: list[Clause] = [Term(kind=kind), Range(visible_until={"gte": today.isoformat()})]
    if without := sorted(without):
        filters.append(Bool(must_not=[Terms(object_id=without)]))
    return filters


def ruled_out(exclusions: Iterable[Exclusion]) -> list[Clause]:
    """Return the filter that leaves out listings that offer what is not wanted."""
    offering: list[Clause] = [
        Bool(filter=[MatchPhrase(offered=" ".join(phrase)) for phrase in phrases])
        for exclusion in exclusions
        for phrases in exclusion.alternatives
    ]
    return [Bool(must_not=offering)] if offering else []


def within(amounts: Iterable[AskedAmount]) -> list[Clause]:
    """Return the filters that only listings with a value in every range pass."""
    return [
        _any(
            Range(**{f"amounts.{kind}": {"gte": each.amount.low, "lte": each.amount.high}})
            for kind in each.kinds
        )
        for each in amounts
    ]


def mentioning(accepted: Mapping[str, Clause], limit: Clause) -> Clause:
    """Return what listings fulfil that pass the filters and not the limit."""
    return Bool(filter=list(accepted.values()), must_not=[limit])


def _any(clauses: Iterable[Clause]) -> Clause:
    return Bool(should=list(clauses), minimum_should_match=1)


def text_query(attempt: Attempt, filters: list[Clause]) -> Clause:
    """Return what finds listings with all words and values in every range.

    The score adds twice the share of words in the title, and the share of amounts said in the figures typed.
    """
    words, filters = attempt.words, [*filters, *within(attempt.amounts)]
    figures = _all_figures(attempt)
    if not words:
        return Bool(filter=filters, should=figures)
    clauses = [_word(word, _TEXT_WEIGHT / len(words)) for word in words]
    return Bool(filter=filters, must=clauses, should=[*_in_titles(words), *figures])


def any_query(words: Sequence[Word], filters: list[Clause]) -> Clause:
    """Return what finds listings with any of the words, scored as by ``text_query``."""
    if not words:
        return Bool(filter=filters)
    found = Bool(should=[_word(word, _TEXT_WEIGHT / len(words)) for word in words], minimum_should_match=1)
    return Bool(filter=filters, must=[found], should=_in_titles(words))


def coverage(words: Sequence[Word], worths: Sequence[float], filters: list[Clause]) -> Clause:
    """Return what finds listings with any word and scores the sum of what those words are worth."""
    clauses = [
        ConstantScore(filter=_any_of(word.alternatives), boost=worth)
        for word, worth in zip(words, worths, strict=True)
        if worth
    ]
    return Bool(filter=filters, should=clauses, minimum_should_match=1)


def partial_query(attempt: Attempt, worths: Sequence[float], filters: list[Clause], *, best: float) -> Clause:
    """Return what finds the listings that have nearly as much of a query as the best one, and ranks by that too."""
    words = attempt.words
    # Scaled beforehand: a boost would count before the least score is asked for. Scores have seven digits.
    scaled = [worth * COVERAGE_WEIGHT / best for worth in worths]
    least = LEAST_COVERAGE * COVERAGE_WEIGHT * (1 - 1e-6)
    covering = FunctionScore(query=coverage(words, scaled, filters), min_score=least)
    clauses = [_word(word, _TEXT_WEIGHT / len(words)) for word in words]
    return Bool(
        filter=filters, must=[covering], should=[*clauses, *_in_titles(words), *_all_figures(attempt)]
    )


def word_counts(words: Sequence[Word]) -> dict[str, Agg]:
    """Return the aggregations that count the listings with each word."""
    return {f"word {number}": A("filter", _any_of(word.alternatives)) for number, word in enumerate(words)}


def _all_figures(attempt: Attempt) -> list[Clause]:
    return [_figures(each, FIGURES_WEIGHT / len(attempt.amounts)) for each in attempt.amounts]


def _figures(asked: AskedAmount, weight: float) -> Clause:
    """Return what adds the weight when a listing has one of the very numbers."""
    said = _any(Terms(**{f"ends.{kind}": sorted(asked.ends)}) for kind in asked.kinds)
    return ConstantScore(filter=said, boost=weight)


def _word(word: Word, weight: float) -> Clause:
    return Bool(must=[_any_of(word.alternatives)], boost=weight)


def _any_of(alternatives: Iterable[tuple[Phrase, ...]]) -> Clause:
    """Return what finds any alternative; those that begin alike look for their first phrase once."""
    rests = defaultdict(list)
    for first, *rest in alternatives:
        rests[first].append(tuple(rest))
    return Bool(should=list(starmap(_begins, rests.items())), minimum_should_match=1)


def _begins(first: Phrase, rests: list[tuple[Phrase, ...]]) -> Clause:
    return _anywhere(first) if () in rests else Bool(must=[_anywhere(first), _any_of(rests)])


def _anywhere(phrase: Phrase) -> Clause:
    """Return what finds a phrase in any field; Lucene adds up the rarity of its tokens, FTS5 counts the phrase once."""
    query = " ".join(phrase)
    return MultiMatch(query=query, type="phrase", fields=FIELDS, tie_breaker=0.3, boost=1 / len(phrase))


def _in_title(word: Word, weight: float) -> Clause:
    """Return what adds the weight when the title has the word as typed, less for a synonym or a narrower term."""
    own, *others = word.phrases
    equal = [phrase for phrase in others if phrase not in word.narrower]
    shares = [(1.0, [own]), (_SYNONYM_SHARE, equal), (_NARROWER_SHARE, sorted(word.narrower))]
    return DisMax(
        queries=[
            ConstantScore(
                filter=Bool(should=list(map(_title, phrases)), minimum_should_match=1), boost=share * weight
            )
            for share, phrases in shares
            if phrases
        ]
    )


def _in_titles(words: Sequence[Word]) -> list[Clause]:
    return [_in_title(word, _TITLE_WEIGHT / len(words)) for word in words]


def _title(phrase: Phrase) -> Clause:
    return MatchPhrase(title=" ".join(phrase))


def accepted_pairs(filters: Filters) -> dict[str, Clause]:
    """Return for each facet that restricts what a listing must carry."""
    return {
        name: Terms(facets=sorted(f"{name}:{value}" for value in values))
        for name, values in filters.accepted.items()
        if values
    }


def about(attempt: Attempt) -> Clause:
    """Return what only listings fulfil that have all words outside their body, or as typed anywhere."""
    outside = [_ways(word.alternatives, ("title", "summary", "terms")) for word in attempt.words]
    typed = [
        _ways(word.as_typed.alternatives, ("title", "summary", "terms", "body")) for word in attempt.words
    ]
    return _any([Bool(filter=outside), Bool(filter=typed)])


def named(attempt: Attempt) -> Clause:
    """Return what only listings fulfil whose title has all words as typed or by a synonym."""
    return Bool(filter=[_ways(word.equal_ways, ("title",)) for word in attempt.words])


def _ways(ways: Iterable[tuple[Phrase, ...]], fields: Sequence[str]) -> Clause:
    return _any(
        Bool(filter=[_any(MatchPhrase(**{name: " ".join(phrase)}) for name in fields) for phrase in way])
        for way in ways
    )


def facet_counts(accepted: Mapping[str, Clause], limits: Sequence[Clause] = ()) -> dict[str, Agg]:
    """Return the aggregations: the listings that the text matches, and the pairs of every facet.

    `rest` counts the facets that do not restrict under all filters; `own 0` and so on count one facet that does,
    under the others. `limits` hold for all but the matched.
    """
    counts = {"matched": A("filter", MatchAll()), "rest": A("filter", _all_of([*accepted.values(), *limits]))}
    counts["rest"].bucket("pairs", "terms", field="facets", size=MOST_VALUES)
    for number, name in enumerate(accepted):
        others = [clause for other, clause in accepted.items() if other != name]
        counts[f"own {number}"] = A("filter", _all_of([*others, *limits]))
        pairs = {"field": "facets", "size": MOST_VALUES, "include": f"{regular(name)}:.*"}
        counts[f"own {number}"].bucket("pairs", "terms", **pairs)
    return counts


def _all_of(clauses: Iterable[Clause]) -> Clause:
    return Bool(filter=list(clauses)) if clauses else MatchAll()


def regular(text: str) -> str:
    """Return Lucene's regular expression for a text itself.

    >>> regular("a.b")
    'a\\\\.b'
    """
    return re.sub(r"([^\w])", r"\\\1", text)


def order(sort: str, *, has_score: bool) -> Sort:
    """Return the order with its tie-breakers: newest first, the highest id first; without the number last."""
    name, direction = sort.removeprefix("-"), "desc" if sort.startswith("-") else "asc"
    keys: Sort = []
    if name in NUMBERS:
        keys.append({name: {"order": direction, "missing": "_last"}})
    elif sort == RELEVANCE and has_score:
        keys.append({"_score": {"order": "desc"}})
    return [*keys, {"published": {"order": "desc", "missing": 0}}, {"object_id": {"order": "desc"}}]


def backwards(keys: Sort) -> Sort:
    """Return the order from the other end, with those without the number first."""
    ends = {"asc": "desc", "desc": "asc", "_last": "_first"}
    return [
        {name: {option: ends.get(value, value) for option, value in options.items()}}
        for key in keys
        for name, options in key.items()
    ]
