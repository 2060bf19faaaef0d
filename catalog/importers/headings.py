"""Find the heading of a sheet, its unit per column, and the rows that hold data."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field

from .mapping import heading_strength
from .tables import Cell, Row, Sheet, as_text, is_blank

SEARCHED_ROWS = 30
PARENTHESES = re.compile(r"[(（\[【]([^()（）\[\]【】]{1,20})[)）\]】]")
UNIT = re.compile(
    r"^(?:人民币)?(?:[亿万千百]*元?人民币|[亿万千]?元(?:/.+)?|万|亿|%|％|年|个?月|"
    r"[万千]?(?:tce|吨标准?煤|吨标|吨|t|千克标准?煤|kgce)(?:/(?:a|年))?|"
    r"[万千]?(?:kwh|kw·h|千瓦时|度|gj|吉焦|mwh|m3|nm3|立方米|方|m³)(?:/(?:a|年|h|d|min|小时))?|"
    r"℃|°c|摄氏度|t/h|吨/小时|mpa|兆帕|bar|kpa|kw|千瓦|mw|kva|h|小时|h/a|m2|㎡|m²|平方米|天|d|日|kv|v|吨/年|"
    r"tco2(?:/a|e)?|吨co2|吨二氧化碳)$",
    re.IGNORECASE,
)
REMARK = re.compile(r"^(?:附?注|备注|说明|填表说明|填报人|填报单位|填表人|例如?)\s*\d*\s*[:：]")
TOTAL = re.compile(r"^(?:合\s*计|总\s*计|小\s*计)\s*[:：]?$")
EXAMPLE = re.compile(r"^(?:示例|Example)(?:\s*[:：]|$)")


@dataclass
class Column:
    """One column: heading as written, the unit found in it, and its place in the sheet."""

    index: int
    heading: str
    unit: str = ""

    @property
    def letter(self) -> str:
        return column_letter(self.index)


@dataclass
class Table:
    """A sheet understood: columns, data rows, and the rows left out with the reason for each.

    `repeated` holds the cells (row, column) that are merged with the cell above.
    """

    columns: list[Column]
    rows: list[Row]
    heading_row: int
    heading_lines: int
    skipped: list[tuple[int, str]] = field(default_factory=list)
    repeated: set[tuple[int, int]] = field(default_factory=set)


def column_letter(index: int) -> str:
    letters = ""
    index += 1
    while index:
        index, rest = divmod(index - 1, 26)
        letters = chr(65 + rest) + letters
    return letters


def read_table(sheet: Sheet, kind: str, *, heading_row: int | None = None, heading_lines: int = 0) -> Table:
    """Understand a sheet; a row number and a number of lines given by the user are taken as they are."""
    position = next((i for i, row in enumerate(sheet.rows) if row.number == heading_row), None)
    if position is None:
        position = find_heading(sheet, kind)
    lines = heading_lines or count_lines(sheet, position, kind)
    top = sheet.rows[position : position + lines]
    columns = read_columns(top, sheet.width)
    table = Table(columns, [], top[0].number, lines, repeated=vertical_merges(sheet))
    heading_cells = [row.cells for row in top]
    for row in sheet.rows[position + lines :]:
        if row.cells in heading_cells:
            table.skipped.append((row.number, "heading"))
        elif is_section(row):
            table.skipped.append((row.number, "section"))
        elif is_remark(row):
            table.skipped.append((row.number, "remark"))
        else:
            table.rows.append(row)
    return table


def find_heading(sheet: Sheet, kind: str) -> int:
    """Answer the position of the row whose cells look most like known headings."""
    best, best_score = None, 0.0
    for position, row in enumerate(sheet.rows[:SEARCHED_ROWS]):
        texts = distinct_texts(row)
        score = sum(heading_strength(text, kind) for text in texts)
        if len(texts) > 1 and any(len(text) > 60 for text in texts):
            score /= 2
        if score > best_score + 0.01:
            best, best_score = position, score
    if best is not None and best_score >= 0.8:
        return first_line(sheet, best)
    return next(
        (position for position, row in enumerate(sheet.rows[:SEARCHED_ROWS]) if len(distinct_texts(row)) > 1),
        0,
    )


def first_line(sheet: Sheet, position: int) -> int:
    """Go up from the best line of a heading to its first: the rows above that are merged with or split over it."""
    while position:
        row, above = sheet.rows[position], sheet.rows[position - 1]
        is_joined = any(m.first_row <= above.number and m.last_row >= row.number for m in sheet.merges)
        is_split = len(distinct_texts(above)) > 1 and any(
            m.first_row == m.last_row == above.number and m.last_column > m.first_column for m in sheet.merges
        )
        if not is_joined and not is_split:
            break
        position -= 1
    return position


def distinct_texts(row: Row) -> list[str]:
    texts = (as_text(cell) for cell in row.cells if isinstance(cell, str))
    return list(dict.fromkeys(text for text in texts if text))


def count_lines(sheet: Sheet, position: int, kind: str) -> int:
    """Answer how many rows the heading has: merged heading cells tell, else a second row of sub-headings."""
    row = sheet.rows[position]
    tallest = 1
    for merge in sheet.merges:
        if merge.first_row == row.number and merge.last_row > row.number:
            tallest = max(tallest, merge.last_row - row.number + 1)
    below = sheet.rows[position + 1] if position + 1 < len(sheet.rows) else None
    is_split = any(
        merge.first_row == merge.last_row == row.number and merge.last_column > merge.first_column
        for merge in sheet.merges
    )
    if below is None or tallest > 1:
        return min(tallest, 3)
    below_texts = [text for text in distinct_texts(below) if text not in distinct_texts(row)]
    known = sum(heading_strength(text, kind) >= 0.6 or is_unit(text) for text in below_texts)
    has_gaps = any(is_blank(row.cell(i)) and isinstance(below.cell(i), str) for i in range(len(below.cells)))
    only_units = all(is_unit(text) for text in below_texts)
    if not below_texts or any(not isinstance(cell, str) for cell in below.cells if not is_blank(cell)):
        return 1
    if (is_split and known * 2 >= len(below_texts)) or (has_gaps and known == len(below_texts)) or only_units:
        return 2
    return 1


def read_columns(rows: list[Row], width: int) -> list[Column]:
    columns = []
    for index in range(width):
        parts = list(dict.fromkeys(as_text(row.cell(index)) for row in rows))
        parts = [part.replace("\n", "") for part in parts if part]
        if not parts:
            continue
        unit = next((found for part in reversed(parts) if (found := unit_of(part))), "")
        columns.append(Column(index, " / ".join(parts), unit))
    return columns


def unit_of(heading: str) -> str:
    """Find the unit in a heading such as 投资额（万元）, 投资额/万元, 投资额，万元 or a unit alone.

    >>> unit_of("投资额(万元)")
    '万元'
    """
    heading = unicodedata.normalize("NFKC", heading).strip()
    for inside in PARENTHESES.findall(heading):
        inside = re.sub(r"^(?:单位)[:：]?", "", inside.strip())
        if is_unit(inside):
            return inside
    if is_unit(heading):
        return heading
    match = re.search(r"(?:/|,|:|\s|单位:?)([^/,:\s]+(?:/(?:a|年|h|t|kw))?)$", heading, re.IGNORECASE)
    return match[1] if match and is_unit(match[1]) else ""


def is_unit(text: str) -> bool:
    return bool(UNIT.match(unicodedata.normalize("NFKC", text).replace(" ", "")))


def is_section(row: Row) -> bool:
    """Tell whether a row is a caption across the table, such as 一、锅炉类."""
    filled = [cell for cell in row.cells if not is_blank(cell)]
    if len(row.cells) > 2 and len(filled) > 2 and len({as_text(cell) for cell in filled}) == 1:
        return True
    alone = as_text(filled[0]) if len(filled) == 1 and len(row.cells) > 2 else ""
    return bool(
        re.match(r"^(?:第?[一二三四五六七八九十]+[、.章节类部]|[(（][一二三四五六七八九十]+[)）])", alone)
    )


def is_remark(row: Row) -> bool:
    """Tell whether a row is a total, a note below the table, or the example of a template."""
    filled = [as_text(cell) for cell in row.cells if not is_blank(cell)]
    if not filled:
        return False
    if EXAMPLE.match(filled[0]) or any(TOTAL.match(text) for text in filled[:2]):
        return True
    return bool(REMARK.match(filled[0])) and len(set(filled)) <= 2


def vertical_merges(sheet: Sheet) -> set[tuple[int, int]]:
    """Cells (row, column) that repeat the value of the row above because they are merged with it."""
    return {
        (row, column)
        for merge in sheet.merges
        for row in range(merge.first_row + 1, merge.last_row + 1)
        for column in range(merge.first_column, merge.last_column + 1)
    }


def sample(rows: list[Row], column: Column, count: int = 3) -> list[Cell]:
    found = dict.fromkeys(as_text(row.cell(column.index)) for row in rows[:50])
    return [text for text in found if text][:count]
