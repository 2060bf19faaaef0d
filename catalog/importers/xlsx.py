"""Read the worksheets of an xlsx workbook."""

from __future__ import annotations

import re
import warnings
import zipfile
from decimal import Decimal
from typing import BinaryIO

from django.utils.translation import gettext as _
from openpyxl import load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from .problems import FileProblem
from .tables import Cell, FormulaWithoutValue, Merge, Row, Sheet, clean_text, fill_merges, is_blank

FORMULA_TAG = re.compile(rb"<(?:\w+:)?f[\s/>]")


def read_workbook(file: BinaryIO) -> list[Sheet]:
    """Read all worksheets with saved formula results, merged cells filled and percentages as text."""
    has_formulas = contains_formulas(file)
    results = open_workbook(file, data_only=True)
    formulas = open_workbook(file, data_only=False) if has_formulas else None
    sheets = []
    for worksheet in results.worksheets:
        source = formulas[worksheet.title] if formulas else None
        sheets.append(read_worksheet(worksheet, source))
    return sheets


def open_workbook(file: BinaryIO, *, data_only: bool):
    file.seek(0)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return load_workbook(file, data_only=data_only, keep_links=False)
    except Exception as error:  # openpyxl raises almost anything on a damaged package
        raise FileProblem(_("文件已损坏或不是标准的 Excel 文件。请在 Excel 中重新保存后再上传。")) from error


def contains_formulas(file: BinaryIO) -> bool:
    file.seek(0)
    with zipfile.ZipFile(file) as archive:
        for name in archive.namelist():
            if "worksheets/" in name and name.endswith(".xml") and FORMULA_TAG.search(archive.read(name)):
                return True
    return False


def read_worksheet(worksheet: Worksheet, formulas: Worksheet | None) -> Sheet:
    grid: dict[tuple[int, int], Cell] = {}
    # Worksheets often claim a million formatted rows; only the cells that exist are visited.
    for (row, column), cell in worksheet._cells.items():
        value = cell.value
        if value is None:
            continue
        if isinstance(value, str):
            value = clean_text(value)
        elif isinstance(value, (int, float)) and not isinstance(value, bool) and "%" in cell.number_format:
            value = f"{(Decimal(repr(value)) * 100).normalize():f}%"
        grid[row, column - 1] = value
    if formulas is not None:
        for (row, column), cell in formulas._cells.items():
            if cell.data_type == "f" and (row, column - 1) not in grid:
                text = getattr(cell.value, "text", cell.value)
                grid[row, column - 1] = FormulaWithoutValue(str(text))
    merges = [
        Merge(block.min_row, block.max_row, block.min_col - 1, block.max_col - 1)
        for block in worksheet.merged_cells.ranges
    ]
    used_rows = {row for (row, _column), value in grid.items() if not is_blank(value)}
    last_row = max(used_rows, default=0)
    last_column = max((column for _row, column in grid), default=-1)
    merges = [clip(merge, last_row, last_column) for merge in merges if merge.first_row <= last_row]
    fill_merges(grid, merges)
    by_row: dict[int, list[Cell]] = {}
    for (row, column), value in grid.items():
        by_row.setdefault(row, [None] * (last_column + 1))[column] = value
    rows = []
    for number in sorted(by_row):
        row = Row(number, by_row[number], is_hidden=is_hidden_row(worksheet, number))
        if not row.is_blank:
            rows.append(row)
    return Sheet(worksheet.title, rows, merges, is_hidden=worksheet.sheet_state != "visible")


def clip(merge: Merge, last_row: int, last_column: int) -> Merge:
    """Cut a merged block that runs to the end of the sheet back to the used area, never below its own start."""
    return Merge(
        merge.first_row,
        max(merge.first_row, min(merge.last_row, max(last_row, merge.first_row + 50))),
        merge.first_column,
        max(merge.first_column, min(merge.last_column, last_column)),
    )


def is_hidden_row(worksheet: Worksheet, number: int) -> bool:
    return number in worksheet.row_dimensions and bool(worksheet.row_dimensions[number].hidden)
