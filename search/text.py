"""How text is analysed, the same for every engine and for the search of the Wagtail admin.

Text is NFKC-normalised and lowered; every Han character is a token of its own, runs of digits and runs of other
letters are tokens. A query becomes one phrase of tokens for each word that rjieba finds, so that any substring of
a text that is a word is found, two characters long or in the middle of a longer word. This module knows nothing
of Django.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import rjieba

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
_SYNONYMS = Path(__file__).parent / "data/synonyms.txt"

LONGEST_QUERY = 200
MOST_WORDS = 16

# Words that carry no subject: dropped from a query unless nothing else is left.
_EMPTY = frozenset(
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
    """One word of a query: as typed, and the alternatives any of which satisfies it, each of phrases all required."""

    text: str
    alternatives: tuple[tuple[Phrase, ...], ...]

    @property
    def phrases(self) -> tuple[Phrase, ...]:
        """Return every phrase of any alternative once."""
        return tuple(dict.fromkeys(phrase for phrases in self.alternatives for phrase in phrases))


def normalise(text: str) -> str:
    """Return the text in compatibility form (full-width becomes half-width, ℃ becomes °c) and lower case."""
    return unicodedata.normalize("NFKC", text).lower()


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
    pieces = [piece for piece in _pieces(normalise(text[:LONGEST_QUERY])) if _TOKEN.search(piece)]
    words: dict[Phrase, Word] = {}
    for group in _grouped(pieces):
        parts = tuple(tuple(_TOKEN.findall(piece)) for piece in group)
        own: Phrase = sum(parts, ())
        alternatives = [(own,), *((other,) for other in _synonyms().get(own, ())), parts]
        separator = " " if all(piece.isascii() for piece in group) else ""
        words.setdefault(own, Word(separator.join(group), tuple(dict.fromkeys(alternatives))))
    telling = [word for word in words.values() if word.text not in _EMPTY]
    return tuple((telling or list(words.values()))[:MOST_WORDS])


def _pieces(text: str) -> list[str]:
    """Return the words of a normalised text; neighbouring single characters that rjieba left over stay together."""
    pieces: list[str] = []
    for match in _PIECE.finditer(text):
        if not match["han"]:
            pieces.append(match[0].strip())
            continue
        alone = ""
        for word in rjieba.cut(match[0]):
            if len(word) == 1 and word not in _EMPTY:
                alone += word
                continue
            pieces += [alone, word] if alone else [word]
            alone = ""
        if alone:
            pieces.append(alone)
    return pieces


def _grouped(pieces: list[str]) -> list[list[str]]:
    """Group neighbouring pieces that together are a term of the synonym table, longest first."""
    table, groups, start = _synonyms(), [], 0
    keys = [tuple(_TOKEN.findall(piece)) for piece in pieces]
    while start < len(pieces):
        stop = min(len(pieces), start + 5)
        while stop > start + 1 and sum(keys[start:stop], ()) not in table:
            stop -= 1
        groups.append(pieces[start:stop])
        start = stop
    return groups


def read_synonyms(lines) -> dict[Phrase, tuple[Phrase, ...]]:
    """Read a synonym table.

    A line is a group of terms separated by commas, each standing for all; `term > a, b` finds a and b for the
    term but not the reverse. `#` starts a comment.
    """
    table: dict[Phrase, list[Phrase]] = {}
    for line in lines:
        line = line.split("#")[0].strip()
        if not line:
            continue
        heads, _arrow, others = line.rpartition(">")
        found = [tuple(tokens(term)) for term in others.split(",")]
        for term in [tuple(tokens(head)) for head in heads.split(",")] if heads else found:
            table.setdefault(term, []).extend(other for other in found if other != term)
    return {term: tuple(dict.fromkeys(others)) for term, others in table.items() if term}


@cache
def _synonyms() -> dict[Phrase, tuple[Phrase, ...]]:
    with _SYNONYMS.open(encoding="utf-8") as lines:
        return read_synonyms(lines)
