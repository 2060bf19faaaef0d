"""Chinese numerals in front of a unit, written with digits."""

import re

_DIGITS = {
    "零": 0,
    "〇": 0,
    "一": 1,
    "二": 2,
    "两": 2,
    "三": 3,
    "四": 4,
    "五": 5,
    "六": 6,
    "七": 7,
    "八": 8,
    "九": 9,
}
_SCALES = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10**4, "亿": 10**8}
_RUN = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]*"
_POINT = r"(?:点[零〇一二三四五六七八九]+)?"
_UNIT = re.compile(
    r"\s*(?:多|余)?\s*(?:个(?:半|小时|月)|摄氏度|度|°|兆帕|公斤|千克|蒸吨|吨|立方|标方|标立方|标准立方|方(?![向面案法式便])|千瓦|兆瓦"
    r"|大卡|冷吨|小时|平方|平米|㎡|亩|天(?!然|气)|周(?!期|边|围|转)|年|千伏|伏|台|套|条|座|只"
    r"|(?:mpa|kpa|bar|kw|mw|kv|rt|t/h|m2|m3|nm3|kcal|v(?![a-z])|c(?![a-z])|%))"
)
_DASH = re.compile(rf"\s*(?:~|-|–|—|至|到)\s*(?:百分之)?{_RUN}{_POINT}")
_NUMERAL = re.compile(
    rf"(?<![第几数好零〇一二两三四五六七八九十百千万亿点])(?:(?P<percent>百分之)(?P<share>{_RUN}{_POINT})|(?P<run>{_RUN})(?P<point>{_POINT}))"
)
_HALF = re.compile(r"(?<![大多上下前后每])半(?=年|个月|个?小时)")


def with_digits(text: str, places: list[int]) -> tuple[str, list[int]]:
    """Return a normalised text with digits for its numerals, and for each character its place.

    ``places`` are those of the characters of ``text`` in what was written, with the end as a further one. A numeral
    counts where a unit or a further numeral of a range follows; 万 and 亿 at its end stay, as units have them.

    Examples
    --------
    >>> def read(text):
    ...     return with_digits(text, list(range(len(text) + 1)))[0]
    >>> read("一百二十度"), read("两千千瓦"), read("十五吨每小时"), read("三十五千伏"), read("三台")
    ('120度', '2000千瓦', '15吨每小时', '35千伏', '3台')
    >>> read("百分之三十"), read("停产半年"), read("八十到一百零五度"), read("二点五兆帕"), read("一万二千立方米"), read("三百万大卡")
    ('30%', '停产0.5年', '80到105度', '2.5兆帕', '12000立方米', '300万大卡')
    >>> read("第三天二次蒸汽，几十度，十四五规划，百度")
    '第三天二次蒸汽，几十度，十四五规划，百度'
    """
    parts: list[str] = []
    kept: list[int] = []
    done = 0
    for start, stop, digits in _numerals(text):
        if start < done:
            continue
        parts += [text[done:start], digits]
        kept += places[done:start]
        kept += [places[start]] * (len(digits) - 1) + [places[stop - 1]]
        done = stop
    return "".join([*parts, text[done:]]), [*kept, *places[done:]]


def _numerals(text: str) -> list[tuple[int, int, str]]:
    found = [(match.start(), match.end(), "0.5") for match in _HALF.finditer(text)]
    for match in _NUMERAL.finditer(text):
        if match["percent"]:
            value = _value(match["share"])
            if value is not None:
                found.append((match.start(), match.end(), f"{value}%"))
            continue
        if match["point"]:
            ends = [match.end()]
        else:
            ends = range(match.end(), match.start(), -1)
        for end in ends:
            digits = _value(text[match.start() : end])
            if digits is not None and (_UNIT.match(text, end) or _DASH.match(text, end)):
                found.append((match.start(), end, digits))
                break
    return sorted(found)


def _value(run: str) -> str | None:
    """Return a numeral in digits, with 万 or 亿 where it ends in them; None for what is no number."""
    whole, _point, decimals = run.partition("点")
    tail = whole[-1] if whole[-1] in _LARGE else ""
    number = _whole(whole.removesuffix(tail)) if whole != tail else None
    if number is None:
        return None
    places = "".join(str(_DIGITS[each]) for each in decimals)
    return f"{number}{'.' + places if places else ''}{tail}"


def _whole(run: str) -> int | None:
    for name, size in reversed(_LARGE.items()):
        before, large, after = run.partition(name)
        if large:
            high, low = _whole(before), _whole(after) if after else 0
            return None if high is None or low is None or low >= size else high * size + low
    total, digit, least = 0, None, 10_000
    for each in run:
        if each in _SCALES:
            scale = _SCALES[each]
            if scale >= least or (digit is None and (scale != 10 or total)) or digit == 0:
                return None
            total, digit, least = total + (1 if digit is None else digit) * scale, None, scale
        elif digit is None or digit == 0:
            digit = _DIGITS[each]
        else:
            return None
    return total + (digit or 0)
