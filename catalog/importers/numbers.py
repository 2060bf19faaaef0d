"""Understand numbers, ranges and bounds as people write them in Chinese tables."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

SUPERSCRIPTS = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")
POWER_OF_TEN = re.compile(r"[×xX*·]\s*10\s*(?:\^\s*(-?\d+)|([⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+))")
DASHES = re.compile(r"[‐‑‒–—―−﹣－﹘]+")
NUMBER = r"(?:\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?|\.\d+)(?:e[+-]?\d+)?"
FIRST = re.compile(rf"-?{NUMBER}")
SECOND = re.compile(rf"(?:~|-|至|到)+(?:约)?(?P<number>(?:(?<=~)-)?{NUMBER})")
CHINESE_DIGITS = {c: v for v, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
CHINESE_SCALES = {"十": 10, "百": 100, "千": 1000}
CHINESE_RUN = re.compile(
    r"[零〇一二两三四五六七八九十百千]*[零〇一二两三四五六七八九十][零〇一二两三四五六七八九十百千]*"
)
# 两三年 is a range, not 23.
NEIGHBOURS = re.compile(
    r"(?<![零〇一二两三四五六七八九十百千])([一两二三四五六七八])([二三四五六七八九])(?=个?[年月天])"
)
LOWER_PREFIX = re.compile(r"^(?:≥|≧|>=|=>|>|不低于|不小于|不少于|大于等于|大于|高于|超过|至少|最低|最少)")
UPPER_PREFIX = re.compile(
    r"^(?:≤|≦|<=|=<|<|不超过|不高于|不大于|小于等于|小于|低于|少于|至多|不足|最高|最多|最大)"
)
LOWER_SUFFIX = re.compile(r"(?:及以上|以上|起)$")
UPPER_SUFFIX = re.compile(r"(?:及以下|以下|以内|之内|内)$")
VAGUE_PREFIX = re.compile(
    r"^(?:约|大约|大概|近|将近|预计|估计|平均|共计?|合计|总计?|可|每年|年均|年|项目|建设|改造|"
    r"(?:总|固定资产)?(?:投资|预算)(?:额|总额)?|(?:综合)?节能(?:量|率|能力)|节约|节省|静态|动态|投资?回收期|"
    r"cny|rmb|¥|用能量?|能耗|比例|温度|压力|流量|功率|为|是|:)"
)
VAGUE_SUFFIX = re.compile(r"(?:左右|上下|不等|之间|之多)$")
NOTE = re.compile(r"\(([^()]*)\)$")


@dataclass(frozen=True)
class Amount:
    """A number or range with the unit written beside it; None means unbounded on that side."""

    minimum: Decimal | None
    maximum: Decimal | None
    unit: str = ""
    first_unit: str = ""
    is_bound: bool = False


def normalise(text: str) -> str:
    """Unify full-width forms, dashes, powers of ten and blanks; Latin letters become lower case."""
    text = POWER_OF_TEN.sub(lambda m: "e" + (m[1] or m[2].translate(SUPERSCRIPTS)), text)
    text = DASHES.sub("-", unicodedata.normalize("NFKC", text)).lower()
    text = text.replace("∽", "~").replace("〜", "~").replace("～", "~")
    return re.sub(r"\s+", "", text)


def chinese_number(run: str) -> Decimal:
    """Read 三, 十二, 二十, 三百五十, 一千二 or 二〇二五."""
    if not any(character in CHINESE_SCALES for character in run):
        return Decimal("".join(str(CHINESE_DIGITS[character]) for character in run))
    total = digit = 0
    last_scale = 1
    for character in run:
        if character in CHINESE_DIGITS:
            digit = CHINESE_DIGITS[character]
        else:
            last_scale = CHINESE_SCALES[character]
            total += (digit or 1) * last_scale
            digit = 0
    if digit and last_scale > 10 and run[-2] in CHINESE_SCALES:
        digit *= last_scale // 10
    return Decimal(total + digit)


def digits_for_chinese(text: str) -> str:
    """Replace Chinese numerals by digits, 半年 and 一年半 included."""
    text = re.sub(r"半(?=个?年|个?月)", "0.5", text)
    text = NEIGHBOURS.sub(lambda match: f"{match[1]}~{match[2]}", text)
    text = CHINESE_RUN.sub(lambda match: f"{chinese_number(match[0]):f}", text)
    return re.sub(r"(\d+)(个?[年月])半", lambda m: f"{m[1]}.5{m[2]}", text)


def parse_amount(text: str) -> Amount | None:
    """Read one number, range or bound with its unit; None when the text is anything else.

    >>> parse_amount("约１，２００ 万元")
    Amount(minimum=Decimal('1200'), maximum=Decimal('1200'), unit='万元', first_unit='', is_bound=False)
    """
    text = digits_for_chinese(normalise(text))
    text = text.rstrip("。.;,") if not text.endswith("..") else text
    note = NOTE.search(text)
    note_unit = ""
    if note:
        text, note_unit = text[: note.start()], note[1]
    text, is_lower, is_upper = strip_words(text)
    match = FIRST.match(text)
    if not match:
        return None
    first = to_decimal(match[0])
    rest = text[match.end() :]
    second_match = SECOND.search(rest)
    if second_match is None:
        unit = tidy_unit(rest) or tidy_unit(note_unit)
        if first is None or has_number(unit):
            return None
        return Amount(
            None if is_upper else first, None if is_lower else first, unit, "", is_lower or is_upper
        )
    first_unit = tidy_unit(rest[: second_match.start()])
    second = to_decimal(second_match["number"])
    unit = tidy_unit(rest[second_match.end() :]) or tidy_unit(note_unit)
    if first is None or second is None or has_number(unit) or has_number(first_unit) or is_lower or is_upper:
        return None
    return Amount(first, second, unit or first_unit, first_unit)


def strip_words(text: str) -> tuple[str, bool, bool]:
    """Take qualifying words off both ends; answer the rest, and whether a lower or upper bound was named."""
    is_lower = is_upper = False
    changed = True
    while changed:
        before = text
        for pattern in (LOWER_PREFIX, LOWER_SUFFIX):
            text, count = pattern.subn("", text)
            is_lower = is_lower or bool(count)
        for pattern in (UPPER_PREFIX, UPPER_SUFFIX):
            text, count = pattern.subn("", text)
            is_upper = is_upper or bool(count)
        text = VAGUE_SUFFIX.sub("", VAGUE_PREFIX.sub("", text))
        changed = text != before
    return text, is_lower, is_upper


def tidy_unit(unit: str) -> str:
    return re.sub(r"^[多余几]+|(?:左右|上下|不等|之间)$", "", unit).strip("()·*。,;:")


def has_number(unit: str) -> bool:
    """Tell whether something that should be a unit holds another number (m3, co2 and kwh/m2 are units)."""
    return bool(re.search(r"\d", re.sub(r"m[23]|co2|米[23]|h2o|nh3|10\^?[34]", "", unit)))


def to_decimal(text: str) -> Decimal | None:
    try:
        value = Decimal(text.replace(",", ""))
    except InvalidOperation:
        return None
    return value if abs(value) < Decimal("1e15") else None
