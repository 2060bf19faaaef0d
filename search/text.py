"""How text is analysed, the same for every engine and for the search of the Wagtail admin.

Text is NFKC-normalised, lowered and put into simplified characters; every Han character is a token of its own,
runs of digits and runs of other letters are tokens. A query becomes one phrase of tokens for each word that rjieba finds, so that any substring of
a text that is a word is found, two characters long or in the middle of a longer word. This module knows nothing
of Django.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import chain, islice, product
from math import log1p

import rjieba

from search.characters import normalise
from search.lexicon import Lexicon, lexicon

HAN = "\u3005\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff"
LETTERS = rf"[^\W\d_{HAN}]"
# No token is longer than an engine accepts; what is longer falls into parts, in texts and queries alike.
_TOKEN = re.compile(rf"[{HAN}]|\d{{1,64}}|{LETTERS}{{1,64}}")
# A Han run; a number with its unit (15t/h, 80°c, 0.7mpa); any other run of letters and digits (co2, r134a).
_PIECE = re.compile(
    rf"(?P<han>[{HAN}]+)"
    rf"|\d+(?:\.\d+)*\s?°?(?:{LETTERS}+\d?(?:/{LETTERS}+\d?)?)?"
    rf"|{LETTERS}[^\W_{HAN}]*(?:-[^\W_{HAN}]+)*"
)

LONGEST_QUERY = 200
MOST_WORDS = 16
_MOST_COMBINATIONS = 12
_RARITY = 0.3

# Words that carry no subject: dropped from a query unless nothing else is left.
EMPTY = frozenset(
    [
        "的",
        "了",
        "和",
        "与",
        "及",
        "以及",
        "或",
        "或者",
        "在",
        "是",
        "有",
        "用",
        "于",
        "对",
        "把",
        "被",
        "为",
        "等",
        "之",
        "其",
        "我",
        "我们",
        "你",
        "你们",
        "想",
        "要",
        "想要",
        "需要",
        "请",
        "请问",
        "请教",
        "怎么",
        "怎样",
        "如何",
        "怎么办",
        "什么",
        "哪些",
        "哪个",
        "哪种",
        "有没有",
        "有无",
        "是否",
        "可以",
        "可",
        "能",
        "能否",
        "能够",
        "吗",
        "呢",
        "吧",
        "进行",
        "通过",
        "利用",
        "采用",
        "关于",
        "办法",
        "方法",
        "方式",
        "措施",
        "方案",
        "解决",
        "解决方案",
        "技术",
        "节能",
        "节能技术",
        "节能改造",
        "改造",
        "推荐",
        "产品",
        "项目",
        "企业",
        "公司",
        "工厂",
        "厂",
        "案例",
        "设备",
        "装置",
        "系统",
        "降低",
        "减少",
        "提高",
        "一种",
        "一些",
        "the",
        "a",
        "an",
        "of",
        "for",
        "and",
        "or",
        "to",
        "in",
        "with",
    ]
)

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Word:
    """One word of a query: as typed, and the alternatives any of which satisfies it, each of phrases all required.

    `narrower` are those of the phrases that are only a kind of what was typed, and count less.
    """

    text: str
    alternatives: tuple[tuple[Phrase, ...], ...]
    narrower: frozenset[Phrase] = frozenset()

    @property
    def as_typed(self) -> "Word":
        """Return the word without its synonyms and kinds: as one phrase, or as the phrases it is made of."""
        own = tuple(chain.from_iterable(self.alternatives[0]))
        ways = (way for way in self.alternatives if tuple(chain.from_iterable(way)) == own)
        return replace(self, alternatives=tuple(ways))

    @property
    def equal_ways(self) -> tuple[tuple[Phrase, ...], ...]:
        """Return the alternatives that mean the same as what was typed."""
        return tuple(each for each in self.alternatives if self.narrower.isdisjoint(each))

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Return every phrase of any alternative once."""
        return tuple(dict.fromkeys(phrase for phrases in self.alternatives for phrase in phrases))


def worth(count: int, total: int) -> float:
    """Return what a word counts that `count` of `total` listings have, a rare one more; 0 for one that none has.

    >>> round(worth(1, 100), 2), round(worth(50, 100), 2), worth(0, 100)
    (2.38, 1.33, 0.0)
    """
    return 1 + _RARITY * log1p(total / count) if count else 0.0


def tokens(text: str) -> list[str]:
    """Return the tokens of a text in order.

    >>> tokens("RTO 余热，80℃")
    ['rto', '余', '热', '80', 'c']
    """
    return _TOKEN.findall(normalise(text))


def index_text(text: str) -> str:
    """Return what an engine stores: the tokens joined by spaces."""
    return " ".join(tokens(text))


def query_words(text: str) -> tuple[Word, ...]:
    """Return the words of a query, each with its synonyms, at most MOST_WORDS from the first LONGEST_QUERY characters.

    Words without a subject are dropped when others are left. A text without letters or digits gives no word.

    >>> [word.text for word in query_words("有没有回收空压机余热的办法？")]
    ['回收', '空压机', '余热']
    """
    return words_of(pieces(normalise(text[:LONGEST_QUERY])))


def words_of(parts: Iterable[str], *, is_alone: bool = True) -> tuple[Word, ...]:
    """Return the words that pieces of a normalised text make up, see query_words.

    Where something else is asked for beside them, `is_alone` is False and words without a subject are dropped anyhow.
    """
    words: dict[Phrase, Word] = {}
    for group in grouped([piece for piece in parts if _TOKEN.search(piece)]):
        own = phrase_of(group)
        equal, narrower = _table().get(own, ((), ()))
        alternatives = [(own,), *((other,) for other in (*equal, *narrower)), *_in_parts(group)]
        word = Word(shown(group), tuple(dict.fromkeys(alternatives)), frozenset(narrower))
        words.setdefault(own, word)
    telling = [word for word in words.values() if word.text not in EMPTY]
    if is_alone and not telling:
        telling = list(words.values())
    return tuple(telling[:MOST_WORDS])


def phrase_of(group: Iterable[str]) -> Phrase:
    """Return the tokens of neighbouring pieces."""
    return tuple(token for piece in group for token in _TOKEN.findall(piece))


def shown(group: Sequence[str]) -> str:
    """Return neighbouring pieces as one text."""
    return (" " if all(piece.isascii() for piece in group) else "").join(group)


def equal_phrases(phrase: Phrase) -> tuple[Phrase, ...]:
    """Return the synonyms of a phrase, without itself."""
    return _table().get(phrase, ((), ()))[0]


def _in_parts(group: list[str]) -> list[tuple[Phrase, ...]]:
    """Return how a term of several pieces may be said in pieces, each by itself, a synonym or a narrower term."""
    telling = [piece for piece in group if piece not in EMPTY] or group
    owns = [tuple(_TOKEN.findall(piece)) for piece in telling]
    choices = [(own, *chain.from_iterable(_table().get(own, ((), ())))) for own in owns]
    return list(islice(product(*choices), _MOST_COMBINATIONS))


def pieces(text: str) -> list[str]:
    """Return the words of a normalised text; neighbouring single characters that rjieba left over stay together."""
    found: list[str] = []
    for match in _PIECE.finditer(text):
        if not match["han"]:
            found.append(match[0].strip())
            continue
        alone = ""
        for word in rjieba.cut(match[0]):
            if len(word) == 1 and word not in EMPTY:
                alone += word
                continue
            found += [alone, word] if alone else [word]
            alone = ""
        if alone:
            found.append(alone)
    return found


def grouped(pieces: Sequence[str]) -> list[list[str]]:
    """Group neighbouring pieces that together are a term of the lexicon, longest first."""
    table, groups, start = _table(), [], 0
    keys = [tuple(_TOKEN.findall(piece)) for piece in pieces]
    while start < len(pieces):
        stop = min(len(pieces), start + 5)
        while stop > start + 1 and sum(keys[start:stop], ()) not in table:
            stop -= 1
        groups.append(list(pieces[start:stop]))
        start = stop
    return groups


def phrase_table(table: Lexicon) -> Mapping[Phrase, tuple[tuple[Phrase, ...], tuple[Phrase, ...]]]:
    """Return for each term of a lexicon its synonyms, and what is directly narrower, as phrases.

    A phrase that has the term, or one before it, in itself is found with that one and left out.
    """
    found: dict[Phrase, tuple[tuple[Phrase, ...], tuple[Phrase, ...]]] = {}
    for term in table.terms():
        own, concept = tuple(tokens(term)), table.canonical(term)
        below = chain.from_iterable(table.group(each) for each in table.narrower.get(concept, ()))
        equal = _without_repeats([own], table.synonyms(term))
        narrower = _without_repeats([own, *equal], below)
        if equal or narrower:
            found[own] = (equal, narrower)
    return found


def _without_repeats(before: list[Phrase], terms) -> tuple[Phrase, ...]:
    phrases = dict.fromkeys(tuple(tokens(term)) for term in terms)
    shorter = defaultdict(list)
    for phrase in chain(before, phrases):
        shorter[phrase[0]].append(phrase)
    return tuple(
        phrase
        for phrase in phrases
        if not any(
            phrase[start : start + len(other)] == other
            for start, token in enumerate(phrase)
            for other in shorter[token]
            if other in before or len(other) < len(phrase)
        )
    )


@cache
def _table() -> Mapping[Phrase, tuple[tuple[Phrase, ...], tuple[Phrase, ...]]]:
    return phrase_table(lexicon())
