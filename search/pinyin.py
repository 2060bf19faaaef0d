"""How Chinese is read aloud: syllables of characters, spellings of words, how alike two characters are.

Tones are left out and ü is v. A character with several common readings (重, 行, 调) has them all, so that a word is
found by the right one whatever stands beside it. Knows nothing of Django.
"""

from collections import defaultdict
from collections.abc import Iterator
from functools import cache, lru_cache
from itertools import islice, product
from pathlib import Path

DATA = Path(__file__).parent / "data"
_MOST_SPELLINGS = 8
# What speakers and typists take for each other: the second is how both are written for comparison.
_SOUNDS = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n"), ("l", "n"), ("h", "f"))


@cache
def _readings() -> dict[str, tuple[str, ...]]:
    readings: dict[str, list[str]] = defaultdict(list)
    for line in (DATA / "pinyin.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            syllable, characters = line.split()
            for character in characters:
                readings[character].append(syllable)
    return {character: tuple(syllables) for character, syllables in readings.items()}


@cache
def _lookalikes() -> dict[str, frozenset[str]]:
    alike: dict[str, set[str]] = defaultdict(set)
    for line in (DATA / "lookalikes.txt").read_text(encoding="utf-8").splitlines():
        if not line.startswith("#"):
            for character in line:
                alike[character].update(line)
    return {character: frozenset(others) for character, others in alike.items()}


def readings(character: str) -> tuple[str, ...]:
    """Return the syllables that a character is read as, none for one that is not Chinese or too rare.

    >>> readings("重"), readings("绿"), readings("a")
    (('chong', 'zhong'), ('lu', 'lv'), ())
    """
    return _readings().get(character, ())


def spellings(word: str) -> Iterator[tuple[str, ...]]:
    """Yield the ways to spell a word, a syllable for each character, at most eight; none if a character has no reading.

    >>> list(spellings("重油"))
    [('chong', 'you'), ('zhong', 'you')]
    """
    yield from islice(product(*map(readings, word)), _MOST_SPELLINGS)


@lru_cache(maxsize=2_000)
def sound(syllable: str) -> str:
    """Return a syllable as a careless ear hears it.

    >>> sound("shuang") == sound("suan"), sound("re") == sound("ye")
    (True, False)
    """
    for precise, careless in _SOUNDS:
        if syllable.startswith(precise) or (precise == "ng" and syllable.endswith(precise)):
            syllable = syllable.replace(precise, careless)
    return syllable


@lru_cache(maxsize=20_000)
def difference(first: str, second: str) -> float:
    """Return how unlike two characters are: 0 the same sound, 0.3 nearly, 0.4 the same look, 1 neither.

    >>> difference("机", "鸡"), difference("速", "数"), difference("余", "佘"), difference("风", "电")
    (0.0, 0.3, 0.4, 1.0)
    """
    ours, theirs = readings(first), readings(second)
    if not set(ours).isdisjoint(theirs):
        return 0.0
    if not set(map(sound, ours)).isdisjoint(map(sound, theirs)):
        return 0.3
    return 0.4 if second in _lookalikes().get(first, ()) else 1.0


def careless(letters: str) -> str:
    """Return letters as those write who do not tell zh from z or ing from in.

    >>> careless("zhengqi")
    'zenqi'
    """
    for precise, short in (("zh", "z"), ("ch", "c"), ("sh", "s"), ("ng", "n")):
        letters = letters.replace(precise, short)
    return letters
