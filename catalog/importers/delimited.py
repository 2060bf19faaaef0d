"""Read text tables separated by comma, tab or semicolon, in the encodings Chinese programs write."""

from __future__ import annotations

import csv
import io
from collections import Counter
from typing import BinaryIO

from django.utils.translation import gettext as _

from .problems import FileProblem
from .tables import Row, Sheet, clean_text

DELIMITERS = (",", "\t", ";")


def read_delimited(file: BinaryIO) -> list[Sheet]:
    """Read one table; a separator written in Chinese style (，) is not a separator."""
    text = decode(file.read())
    delimiter = detect_delimiter(text)
    rows = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
        for number, cells in enumerate(reader, start=1):
            row = Row(number, [clean_text(cell) or None for cell in cells])
            if not row.is_blank:
                rows.append(row)
    except csv.Error as error:
        message = _(
            "第 %(line)d 行附近无法读取，可能是引号没有配对或单元格过长。请用 Excel 另存为 .xlsx 后再上传。"
        )
        raise FileProblem(message % {"line": len(rows) + 1}) from error
    return [Sheet("CSV", rows)]


def decode(content: bytes) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        encodings = ["utf-16"]
    else:
        encodings = ["utf-8-sig", "gb18030"]
    for encoding in encodings:
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FileProblem(_("无法识别文件的文字编码。请用 Excel 打开，另存为 .xlsx 后再上传。"))


def detect_delimiter(text: str) -> str:
    """Choose the separator that cuts most of the first 50 lines into the same number (at least 2) of cells."""
    best, best_score = ",", 0.0
    sample = text[:200_000]
    for delimiter in DELIMITERS:
        widths: Counter[int] = Counter()
        try:
            for index, cells in enumerate(csv.reader(io.StringIO(sample, newline=""), delimiter=delimiter)):
                if index >= 50:
                    break
                if any(cell.strip() for cell in cells):
                    widths[len(cells)] += 1
        except csv.Error:
            continue
        width, count = max(
            ((w, c) for w, c in widths.items() if w > 1), key=lambda item: item[1], default=(1, 0)
        )
        score = count / max(1, sum(widths.values())) + min(width, 50) / 1000
        if count and score > best_score:
            best, best_score = delimiter, score
    return best
