"""Read the tables of a docx document, joining a table that continues after a page break."""

from __future__ import annotations

from typing import BinaryIO

from django.utils.translation import gettext as _
from docx import Document
from docx.oxml.ns import qn

from .problems import FileProblem
from .tables import Cell, Merge, Row, Sheet, clean_text, fill_merges


def read_word(file: BinaryIO) -> list[Sheet]:
    """Read all tables of the body; each is named by the paragraph above it."""
    try:
        body = Document(file).element.body
    except Exception as error:  # python-docx raises almost anything on a damaged package
        raise FileProblem(_("文件已损坏或不是标准的 Word 文件。请在 Word 中重新保存后再上传。")) from error
    sheets: list[Sheet] = []
    caption = ""
    for element in body:
        if element.tag == qn("w:p"):
            caption = paragraph_text(element) or caption
        elif element.tag == qn("w:tbl"):
            sheet = read_table(element, name=caption[:60] or _("表格 %d") % (len(sheets) + 1))
            if not sheet.rows:
                continue
            if sheets and not caption and continues(sheets[-1], sheet):
                append_table(sheets[-1], sheet)
            else:
                sheets.append(sheet)
            caption = ""
    return name_apart(sheets)


def read_table(table, *, name: str) -> Sheet:
    grid: dict[tuple[int, int], Cell] = {}
    merges: list[Merge] = []
    open_merges: dict[int, tuple[int, int]] = {}
    row_count = 0
    for number, row in enumerate(table.iterchildren(qn("w:tr")), start=1):
        row_count = number
        column = grid_before(row)
        for cell in row.iter(qn("w:tc")):
            if cell.getparent() is not row and cell.getparent().tag != qn("w:sdtContent"):
                continue
            span, vertical = cell_spans(cell)
            if vertical == "continue" and column in open_merges:
                first_row, width = open_merges[column]
                merges = [m for m in merges if (m.first_row, m.first_column) != (first_row, column)]
                merges.append(Merge(first_row, number, column, column + width - 1))
            else:
                grid[number, column] = cell_text(cell) or None
                open_merges.pop(column, None)
                if vertical == "restart":
                    open_merges[column] = (number, span)
                if span > 1 or vertical == "restart":
                    merges.append(Merge(number, number, column, column + span - 1))
            column += span
    fill_merges(grid, merges)
    width = max((column for _row, column in grid), default=-1) + 1
    rows = [Row(number, [grid.get((number, c)) for c in range(width)]) for number in range(1, row_count + 1)]
    return Sheet(name, [row for row in rows if not row.is_blank], merges)


def grid_before(row) -> int:
    properties = row.find(qn("w:trPr"))
    before = properties.find(qn("w:gridBefore")) if properties is not None else None
    return int(before.get(qn("w:val"), 0)) if before is not None else 0


def cell_spans(cell) -> tuple[int, str]:
    """Answer how many grid columns a cell covers and its part in a vertical merge: "", "restart", "continue"."""
    properties = cell.find(qn("w:tcPr"))
    if properties is None:
        return 1, ""
    span = properties.find(qn("w:gridSpan"))
    merge = properties.find(qn("w:vMerge"))
    vertical = "" if merge is None else merge.get(qn("w:val"), "continue")
    return int(span.get(qn("w:val"), 1)) if span is not None else 1, vertical


def cell_text(cell) -> str:
    return clean_text("\n".join(paragraph_text(paragraph) for paragraph in cell.iter(qn("w:p"))))


def paragraph_text(paragraph) -> str:
    parts = []
    for node in paragraph.iter(qn("w:t"), qn("w:tab"), qn("w:br")):
        parts.append((node.text or "") if node.tag == qn("w:t") else " ")
    return clean_text("".join(parts))


def continues(before: Sheet, after: Sheet) -> bool:
    """Tell whether a table without a caption of its own goes on from the one before."""
    return before.width == after.width


def append_table(before: Sheet, after: Sheet) -> None:
    """Add the rows of a continued table; a heading repeated on the new page is dropped."""
    offset = before.rows[-1].number
    heading = [row.cells for row in before.rows[:3]]
    rows = list(after.rows)
    while rows and rows[0].cells in heading:
        rows.pop(0)
    before.rows += [Row(row.number + offset, row.cells) for row in rows]
    before.merges += [
        Merge(m.first_row + offset, m.last_row + offset, m.first_column, m.last_column) for m in after.merges
    ]


def name_apart(sheets: list[Sheet]) -> list[Sheet]:
    seen: set[str] = set()
    for index, sheet in enumerate(sheets, start=1):
        if sheet.name in seen:
            sheet.name = f"{sheet.name}（{index}）"
        seen.add(sheet.name)
    return sheets
