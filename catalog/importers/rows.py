"""Turn the data rows of a table into values for listings, with errors and remarks by cell."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from typing import Any

from django.utils.translation import gettext as _

from .fields import Field
from .headings import Table, column_letter
from .mapping import field_named
from .problems import ValueProblem
from .tables import Row, as_text
from .values import Choices, Value, read_cell

SITE_LENGTH = 200


@dataclass(frozen=True)
class ColumnUse:
    """What the user decided for one column: its field and, where the heading has none, its unit."""

    index: int
    field: str
    unit: str = ""
    heading: str = ""


@dataclass
class CellNote:
    """An error or a remark about one cell, ready for JSON."""

    column: int
    heading: str
    value: str
    message: str
    expected: str = ""
    example: str = ""

    @property
    def letter(self) -> str:
        return column_letter(self.column)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


@dataclass
class ReadRow:
    """One row understood: `values` of the listing itself and `parts` of its child rows.

    `continues` is the number of the row this one is merged into: it adds a case and nothing else.
    """

    number: int
    raw: dict[int, str]
    values: dict[str, Any] = field(default_factory=dict)
    parts: dict[str, dict[str, Any]] = field(default_factory=dict)
    errors: list[CellNote] = field(default_factory=list)
    warnings: list[CellNote] = field(default_factory=list)
    continues: int | None = None
    is_hidden: bool = False


def read_rows(table: Table, uses: list[ColumnUse], kind: str, choices: Choices) -> Iterator[ReadRow]:
    """Read every data row in order; a row with errors is returned too."""
    chosen = [(use, found) for use in uses if (found := field_named(kind, use.field))]
    title_columns = [use.index for use, found in chosen if found.name == "title"]
    parent = None
    for row in table.rows:
        is_continued = bool(title_columns) and (row.number, title_columns[0]) in table.repeated
        if not is_continued or parent is None:
            parent = row.number
        read = read_row(row, chosen, choices)
        read.continues = parent if is_continued and parent != row.number else None
        yield read


def read_row(row: Row, chosen: list[tuple[ColumnUse, Field]], choices: Choices) -> ReadRow:
    raw = {index: text for index, cell in enumerate(row.cells) if (text := as_text(cell))}
    read = ReadRow(row.number, raw, is_hidden=row.is_hidden)
    for use, found in chosen:
        try:
            value = read_cell(row.cell(use.index), found, choices, unit=use.unit)
        except ValueProblem as problem:
            read.errors.append(
                CellNote(use.index, use.heading, raw.get(use.index, "")[:200], **problem.as_json())
            )
            continue
        if value is None:
            continue
        if value.warning:
            note = CellNote(use.index, use.heading, raw.get(use.index, "")[:200], value.warning)
            read.warnings.append(note)
        store(read, found, value, use)
    check_required(read, chosen)
    finish_case(read)
    return read


def store(read: ReadRow, found: Field, value: Value, use: ColumnUse) -> None:
    target = read.parts.setdefault(found.part, {}) if found.part else read.values
    for name, content in value.values.items():
        if found.takes_several and target.get(name):
            target[name] = f"{target[name]}\n{use.heading}：{content}"
        else:
            target[name] = content


def check_required(read: ReadRow, chosen: list[tuple[ColumnUse, Field]]) -> None:
    for use, found in chosen:
        is_known = any(note.column == use.index for note in read.errors)
        if found.is_required and not read.values.get(found.name) and not is_known:
            message = _("%s没有填写。") % found.label
            read.errors.append(
                CellNote(use.index, use.heading, "", message, str(found.label), str(found.example))
            )


def finish_case(read: ReadRow) -> None:
    """Give a case the short site it needs; a long text becomes its description."""
    case = read.parts.get("case")
    if not case:
        return
    site = case.get("site", "")
    if len(site) > SITE_LENGTH or (not site and case.get("description")):
        text = site or case["description"]
        if site:
            case["description"] = f"{site}\n{case['description']}" if case.get("description") else site
        case["site"] = re.split(r"[，,。；;\n]", text)[0][:60]
    elif not site:
        case["site"] = _("未注明单位")
    case["site"] = re.sub(r"\s+", " ", case["site"])
