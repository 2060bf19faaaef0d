"""What a query does not want, and what a listing says it does without. Knows nothing of Django.

非, 不要, 不用, 不含, 除了, 无, NOT and a minus take the word behind them out of a query, unless they are part of a word
themselves (非晶, 无油, 不锈钢, 无功补偿). The same words, and 替代 or 取消, take what a listing replaces out of what it offers.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import islice, product

import rjieba

from search.characters import normalise
from search.lexicon import lexicon
from search.text import EMPTY, Phrase, equal_phrases, grouped, phrase_of, pieces, shown, tokens

MOST_EXCLUSIONS = 5
_MOST_COMBINATIONS = 12
_WORD_BREAK = "|"  # no token, so that no phrase runs over what was taken out

# What wants no more than a look at it to be a negation, and is followed by what is not wanted.
_NEGATION = re.compile(
    r"(?<!要)不(?:要|想要|想用|考虑|包括|包含|依赖)|(?<!用)不(?:需要|需|使用|采用|用|含|带|靠|烧|换|更换|加装|涉及)|无需|无须|免用"
    r"|除(?:了|去|开)|排除|除(?=[^\s,。;!?]{1,20}?(?:以外|之外|外(?![墙窗部循壳置排围部])))"
    r"|(?<![^\s,(])(?:not|without|excluding)\s+|(?<![^\s,(])[-−](?=[^\W\d_])"
)
# One character that denies only where it is no part of a word.
_SHORT_NEGATION = re.compile(r"[非无](?=[^\W\d_])")
_PARTS_OF_WORDS = re.compile(
    r"非(?:晶|标|金属|线性|织造|织|接触|稳态|道路|常|正常|对称|均|溶剂|供暖|采暖|工作|生产|高峰|化石|水|标准|居民|民用|凡|洲|甲烷|平|真空|连续"
    r"|离子|隔离|承压|饱和|增压|法|营利|国有|公|机动|食品|医|线|电|侵入|开挖|共沸|凝|牛顿|极性|同步|结构|定)"
    r"|无(?:油|功|热再生|热|线|人|刷|缝|机|水|尘|损|组织|害|极|泄漏|动力|菌|负压|铅|氟|毒|级|轴承|接触|触点|源|效|烟|焰|氧|压|纺|纸|锡|锈|限|关"
    r"|论|法|序|氨|氰|铬|磷|盐|阻|扰|感|磨损|磁|齿|梭|摩擦|废水|液|杆|火|味|气味|公害|衬|励磁|扩散|补燃|石棉|碱|硫|氮|碳|定形|纺布|级变速|土|传感器)"
)
_WANTED = frozenset(["要", "用", "有", "带", "含", "使用", "采用", "需要"])
# Words without a subject that may still belong to what is not wanted.
_NOUNS = frozenset(
    ["技术", "节能技术", "改造", "节能改造", "产品", "项目", "设备", "装置", "系统", "方案", "方式"]
)
_JOINS = frozenset(["和", "与", "及", "或", "或者", "以及", "、"])
_ENDS = ("以外", "之外", "外")
_RUN = re.compile(r"[^\s,。;!?()\[\]\"“”|]+")


@dataclass(frozen=True, slots=True)
class Exclusion:
    """What is not wanted: as typed, the alternatives any of which rules a listing out, each of phrases all required.

    `start` and `stop` are its place in the normalised query, its negation included.
    """

    text: str
    alternatives: tuple[tuple[Phrase, ...], ...]
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class _Piece:
    text: str
    start: int
    stop: int


def exclusions(text: str) -> list[Exclusion]:
    """Return what a normalised query does not want, in order.

    >>> [each.text for each in exclusions("空压机 不要余热回收"), *exclusions("非晶变压器 -更新")]
    ['余热回收', '更新']
    """
    found: list[Exclusion] = []
    for start, stop, is_short in _negations(text):
        if found and start < found[-1].stop:
            continue
        found += _unwanted(text, start, stop, is_short=is_short, is_alone=not found)
        if len(found) >= MOST_EXCLUSIONS:
            break
    return found[:MOST_EXCLUSIONS]


def _negations(text: str) -> Iterator[tuple[int, int, bool]]:
    """Yield where a negation starts and stops, and whether it denies one word only, from left to right."""
    places = [(*match.span(), False) for match in _NEGATION.finditer(text)]
    for match in _SHORT_NEGATION.finditer(text):
        if not _PARTS_OF_WORDS.match(text, match.start()) and _stands_alone(text, match.start()):
            places.append((*match.span(), True))
    yield from sorted(places)


def _stands_alone(text: str, place: int) -> bool:
    """Tell whether 非 or 无 is a word of its own there, not a part of one such as 除非."""
    if any(each.start <= place < each.stop and each.stop > place + 1 for each in lexicon().find(text)):
        return False
    run_start = max((match.end() for match in re.finditer(r"[^\u4e00-\u9fff]", text[:place])), default=0)
    run = re.match(r"[\u4e00-\u9fff]+", text[run_start:])
    position = run_start
    for word in rjieba.cut(run[0]) if run else ():
        if position == place:
            return len(word) == 1 or word[1:] in lexicon().terms()
        position += len(word)
    return False


def _unwanted(text: str, start: int, stop: int, *, is_short: bool, is_alone: bool) -> list[Exclusion]:
    """Return what a negation takes away: the words up to the end of the clause, or to 的, 以外 and the like."""
    run = _RUN.match(text, stop)
    if not run:
        return []
    objects: list[list[_Piece]] = [[]]
    is_minus = not text[start:stop].strip().isalpha() or text[start].isascii()
    end = run.end()
    for piece in _located(run[0], stop):
        ending = next((each for each in _ENDS if piece.text == each), "")
        if ending:
            end = piece.stop
            break
        if piece.text in _JOINS and not is_short:
            objects.append([])
        elif piece.text in _WANTED and not any(objects):
            continue
        elif piece.text in EMPTY and not is_minus and not (piece.text in _NOUNS and any(objects)):
            end = piece.start
            break
        else:
            objects[-1].append(piece)
    objects = [each for each in objects if each]
    if not objects:
        return []
    first = grouped([piece.text for piece in objects[0]])[0]
    is_only = is_alone and not pieces(text[:start]) and not pieces(text[end:])
    is_first_only = is_short or (is_only and not is_minus and len(objects) == 1)
    if is_first_only and len(objects[0]) > len(first):
        objects = [objects[0][: len(first)]]
        end = objects[0][-1].stop
    if is_short and len(shown(first)) < 2:
        return []
    found: list[Exclusion] = []
    for each in objects:
        start, stop = found[-1].stop if found else start, end if each is objects[-1] else each[-1].stop
        found.append(Exclusion(shown([piece.text for piece in each]), _ways(each), start, stop))
    return found


def _located(run: str, offset: int) -> list[_Piece]:
    """Return the pieces of a run with their places, 、 and what ends an exception as pieces of their own."""
    found, place = [], 0
    for part in re.split(r"(以外|之外|外(?![墙窗部循壳置排围])|、)", run):
        for text in [part] if part in {*_ENDS, "、"} else pieces(part):
            at = run.find(text, place)
            place = at + len(text)
            found.append(_Piece(text, offset + at, offset + place))
    return found


def _ways(parts: Sequence[_Piece]) -> tuple[tuple[Phrase, ...], ...]:
    """Return how a listing may say what is not wanted: the words, a synonym, or the parts of a term apart."""
    groups = grouped([part.text for part in parts if part.text not in EMPTY] or [part.text for part in parts])
    choices = []
    for group in groups:
        own = phrase_of(group)
        apart = tuple(phrase_of([piece]) for piece in group if piece not in EMPTY)
        choices.append(
            [(own,), *((other,) for other in equal_phrases(own)), *([apart] if len(apart) > 1 else [])]
        )
    combined = islice(product(*choices), _MOST_COMBINATIONS)
    return tuple(dict.fromkeys(tuple(dict.fromkeys(sum(each, ()))) for each in combined))


_REPLACED = re.compile(
    r"(?:替代|取代|代替|替换|淘汰|取消|无需|无须|免去|省去|不(?:再)?(?:需要|需|用|换|含|使用|采用|依赖|必))"
    r"(?P<what>[^,。;:()\s]{1,12})"
    r"|比(?P<less>[^,。;:()\s]{1,14}?)(?=(?:终端)?(?:用能|能耗|电耗|用电)?(?:可)?(?:减少|节省|节约|节能|降低|少|省))"
)
_OBJECT_ENDS = re.compile(r"(?<!^)(?:制取|制|供|加热|来|后|并|使|的)")


def offered_text(title: str, summary: str, terms: str) -> str:
    """Return the tokens of what a listing offers or works with, between spaces; what it replaces is left out.

    What the title replaces counts nowhere: 水轮机替代风机 has no 风机, whatever its summary says of it.

    >>> offered_text("锅炉", "替代燃煤锅炉", "")
    ' 锅 炉 | | '
    """
    plain = normalise(title)
    replaced = [word for what in _replaced(plain) for word in rjieba.cut(what) if len(word) > 1]
    parts = [plain, normalise(summary)]
    parts = [_without_replaced(part) for part in parts]
    for word in replaced:
        parts[1] = parts[1].replace(word, _WORD_BREAK)
    runs = f"{parts[0]}|{parts[1]}|{normalise(terms)}".split(_WORD_BREAK)
    return f" {f' {_WORD_BREAK} '.join(filter(None, (' '.join(tokens(run)) for run in runs)))} "


def _replaced(text: str) -> Iterator[str]:
    for match in _REPLACED.finditer(text):
        what = match["what"] or match["less"]
        end = _OBJECT_ENDS.search(what) if match["what"] else None
        yield what[: end.start()] if end else what


def _without_replaced(text: str) -> str:
    for what in _replaced(text):
        text = text.replace(what, _WORD_BREAK, 1)
    return text


@cache
def like_pattern(phrase: Phrase) -> str:
    """Return the pattern with which a database finds a phrase in an offered text."""
    return f"% {' '.join(phrase)} %"
