"""Sheets as read from a file: rows of plain cell values, with what merging and hiding did to them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date, datetime, time
from decimal import Decimal

CONTROL_CHARACTERS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ufeff\u200b-\u200f\u2028-\u202e]")


@dataclass(frozen=True)
class FormulaWithoutValue:
    """A formula whose result was never saved in the file."""

    formula: str

    def __str__(self) -> str:
        return self.formula


Cell = str | int | float | Decimal | bool | date | datetime | time | FormulaWithoutValue | None


@dataclass(frozen=True)
class Merge:
    """A merged block in sheet coordinates, all four inclusive; rows are numbered from 1, columns from 0."""

    first_row: int
    last_row: int
    first_column: int
    last_column: int


@dataclass
class Row:
    """One row: its number as the spreadsheet program shows it, and its cells with merged values filled in."""

    number: int
    cells: list[Cell]
    is_hidden: bool = False

    @property
    def is_blank(self) -> bool:
        return all(is_blank(cell) for cell in self.cells)

    def cell(self, index: int) -> Cell:
        return self.cells[index] if index < len(self.cells) else None


@dataclass
class Sheet:
    """A table with a name; blank rows are left out, row numbers are kept."""

    name: str
    rows: list[Row]
    merges: list[Merge] = field(default_factory=list)
    is_hidden: bool = False

    @property
    def width(self) -> int:
        return max((len(row.cells) for row in self.rows), default=0)


def is_blank(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def clean_text(text: str) -> str:
    """Drop control and zero-width characters, unify line ends and trim every line."""
    text = CONTROL_CHARACTERS.sub("", text.replace("\r\n", "\n").replace("\r", "\n").replace("_x000D_", ""))
    lines = [re.sub(r"[ \t\u00a0\u3000]+", " ", line).strip() for line in text.split("\n")]
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def as_text(cell: Cell) -> str:
    """Write a cell as a person would read it: whole numbers without a point, dates as 2025-06-30."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "是" if cell else "否"
    if isinstance(cell, float):
        return str(int(cell)) if cell.is_integer() and abs(cell) < 1e15 else repr(cell)
    if isinstance(cell, datetime):
        return cell.date().isoformat() if cell.time() == time.min else cell.isoformat(" ", "minutes")
    if isinstance(cell, date):
        return cell.isoformat()
    return clean_text(str(cell))


def fill_merges(grid: dict[tuple[int, int], Cell], merges: list[Merge]) -> None:
    """Copy the value of each merged block's first cell into all its cells."""
    for merge in merges:
        value = grid.get((merge.first_row, merge.first_column))
        if is_blank(value):
            continue
        for row in range(merge.first_row, merge.last_row + 1):
            for column in range(merge.first_column, merge.last_column + 1):
                grid[row, column] = value
