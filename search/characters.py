"""One form for every way to write a character, the same for search and matcher; knows nothing of Django."""

import re
import unicodedata
from functools import cache, lru_cache

from opencc import OpenCC


def normalise(text: str) -> str:
    """Return the text in compatibility form (full-width becomes half-width, ℃ becomes °c), lower case and simplified.

    Traditional characters become simplified ones one by one, so that places in the text stay.

    >>> normalise("ＲＴＯ 餘熱迴收 80℃")
    'rto 余热回收 80°c'
    """
    text = unicodedata.normalize("NFKC", text).lower()
    return text.translate(_simplified()) if not text.isascii() and _traditional().search(text) else text


@cache
def _traditional() -> re.Pattern:
    """Return what tells quickly that a text has nothing to put into simplified characters, as nearly all have."""
    return re.compile(f"[{''.join(map(chr, _simplified()))}]")


def with_places(text: str) -> tuple[str, list[int]]:
    """Return the normalised text and for each of its characters, and for its end, the place in the original.

    >>> with_places("5℃")
    ('5°c', [0, 1, 1, 2])
    """
    parts = list(map(_normal_character, text))
    plain = "".join(parts)
    if len(plain) == len(parts):
        return plain, list(range(len(text) + 1))
    places = [place for place, part in enumerate(parts) for _ in part]
    return plain, [*places, len(text)]


@lru_cache(maxsize=65_536)
def _normal_character(character: str) -> str:
    return normalise(character)


@cache
def _simplified() -> dict[int, str]:
    """Return the simplified character for each traditional one, read out of OpenCC once."""
    blocks = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
    traditional = [chr(point) for block in blocks for point in block]
    simplified = OpenCC("t2s").convert("\n".join(traditional)).split("\n")
    pairs = zip(traditional, simplified, strict=True)
    return {ord(old): new for old, new in pairs if len(new) == 1 and new != old}
