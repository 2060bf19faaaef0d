"""What the pages say about a batch: errors by cell, and what an undo would meet."""

from __future__ import annotations

from dataclasses import dataclass

from catalog.enums import ImportAction, ImportRowState
from catalog.models import ImportBatch, ImportRow

from .headings import column_letter
from .targets import TARGETS


@dataclass(frozen=True)
class CellReport:
    """One wrong or noteworthy cell."""

    address: str
    number: int
    heading: str
    value: str
    message: str
    expected: str
    example: str


def cell_reports(rows: list[ImportRow], *, of: str) -> list[CellReport]:
    """List the errors or warnings of rows, cell by cell in the order of the sheet."""
    reports = []
    for row in rows:
        for note in sorted(getattr(row, of), key=lambda note: note["column"]):
            address = f"{column_letter(note['column'])}{row.number}"
            words = (note["heading"], note["value"], note["message"], note["expected"], note["example"])
            reports.append(CellReport(address, row.number, *words))
    return reports


def preview_rows(batch: ImportBatch, rows: list[ImportRow]) -> list[dict]:
    """Show rows as they will be stored: title, what happens, and the former title where it differs."""
    target = TARGETS[batch.kind]
    keys = [row.object_id for row in rows if row.object_id]
    titles = dict(target.model.objects.filter(pk__in=keys).values_list("pk", "title"))
    return [
        {
            "row": row,
            "title": row.data.get("values", {}).get("title", ""),
            "stored": titles.get(row.object_id, ""),
        }
        for row in rows
    ]


def changed_since(batch: ImportBatch) -> list[dict]:
    """List the listings of an applied batch that somebody changed afterwards (an undo leaves them)."""
    target = TARGETS[batch.kind]
    rows = batch.rows.filter(
        state__in=[ImportRowState.APPLIED, ImportRowState.KEPT],
        action__in=[ImportAction.CREATED, ImportAction.UPDATED],
        continues=None,
    ).values_list("number", "object_id", "after")
    found = {
        pk: (title, {"updated_at": updated_at.isoformat(), "revision": revision})
        for pk, title, updated_at, revision in target.model.objects.filter(
            pk__in=batch.rows.exclude(object_id=None).values("object_id")
        ).values_list("pk", "title", "updated_at", "latest_revision")
    }
    return [
        {"number": number, "pk": pk, "title": found[pk][0]}
        for number, pk, after in rows
        if pk in found and found[pk][1] != after
    ]
