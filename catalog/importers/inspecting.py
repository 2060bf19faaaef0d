"""Look into an uploaded file and propose what each column holds."""

from __future__ import annotations

from django.conf import settings
from django.core.files import File
from django.utils.translation import gettext as _

from catalog.enums import ImportState
from catalog.models import ImportBatch

from .fields import Reader
from .files import Limits, read_sheets
from .headings import Column, Table, read_table, sample
from .mapping import FIELDS, SURE, field_named, guess_mapping
from .problems import FileProblem
from .rows import ColumnUse
from .tables import Sheet

PREVIEW_SHEETS = 20
UNITS = {
    Reader.MONEY: ("元", "万元", "亿元"),
    Reader.UNIT_MONEY: ("元/kW", "元/t", "万元/t", "元/m²", "元/(t/h)"),
    Reader.ENERGY: ("tce", "万tce", "kgce", "万kWh", "GJ"),
    Reader.YEARS: ("年", "月"),
    Reader.SHARE: ("%", "小数"),
}


def limits() -> Limits:
    return Limits(max_bytes=settings.UPLOAD_LIMIT_MB * 1024 * 1024, max_rows=settings.IMPORT_MAX_ROWS)


def create_batch(file: File, *, kind: str, user=None, **fields) -> ImportBatch:
    """Check an upload, store it and propose sheet, heading and mapping. Raises FileProblem before storing."""
    sheets = read_sheets(file, name=file.name or "", limits=limits())
    batch = ImportBatch(kind=kind, created_by=user, file_name=(file.name or "upload")[-200:], **fields)
    batch.preview = [describe(sheet, kind) for sheet in sheets[:PREVIEW_SHEETS]]
    chosen = max(range(len(batch.preview)), key=lambda index: (suitability(batch.preview[index]), -index))
    choose_sheet(batch, sheets[chosen])
    file.seek(0)
    batch.file.save(file.name or "upload", file, save=False)
    batch.save()
    return batch


def describe(sheet: Sheet, kind: str) -> dict:
    table = read_table(sheet, kind)
    mapping = guess_mapping({column.index: column.heading for column in table.columns}, kind)
    return {
        "name": sheet.name,
        "is_hidden": sheet.is_hidden,
        "rows": len(table.rows),
        "known": len(mapping),
        "has_title": any(guess.field == "title" for guess in mapping.values()),
    }


def suitability(preview: dict) -> tuple:
    return (not preview["is_hidden"], preview["has_title"], preview["known"], preview["rows"])


def choose_sheet(
    batch: ImportBatch, sheet: Sheet, *, heading_row: int | None = None, heading_lines: int = 0
) -> Table:
    """Set sheet, heading and a proposed mapping on an unsaved or uploaded batch."""
    table = read_table(sheet, batch.kind, heading_row=heading_row, heading_lines=heading_lines)
    batch.sheet, batch.heading_row, batch.heading_lines = (
        sheet.name[:100],
        table.heading_row,
        table.heading_lines,
    )
    batch.mapping = propose(table, batch)
    return table


def change_sheet(batch: ImportBatch, *, sheet: str, heading_row: int | None, heading_lines: int) -> None:
    """Propose anew after the user named another sheet or heading row."""
    choose_sheet(batch, open_sheet(batch, sheet), heading_row=heading_row, heading_lines=heading_lines)
    batch.state = ImportState.UPLOADED
    batch.save()


def open_sheet(batch: ImportBatch, name: str = "") -> Sheet:
    """Read the stored file again and answer one sheet. Raises FileProblem."""
    with batch.file.open("rb") as file:
        sheets = read_sheets(file, name=batch.file_name, limits=limits())
    wanted = name or batch.sheet
    for sheet in sheets:
        if sheet.name[:100] == wanted:
            return sheet
    raise FileProblem(_("文件里没有名为“%s”的工作表。") % wanted)


def propose(table: Table, batch: ImportBatch) -> list[dict]:
    """Describe every column with samples and the proposed field; an earlier decision for these headings wins."""
    kind = batch.kind
    guesses = guess_mapping({column.index: column.heading for column in table.columns}, kind)
    earlier = earlier_decisions(table.columns, batch)
    described = []
    for column in table.columns:
        guess = guesses.get(column.index)
        field, unit, confidence = (
            (guess.field, column.unit, guess.confidence) if guess else ("", column.unit, 0)
        )
        if column.heading in earlier:
            field, unit = earlier[column.heading]
            confidence = 1.0
        described.append(
            {
                "index": column.index,
                "letter": column.letter,
                "heading": column.heading,
                "heading_unit": column.unit,
                "unit": unit,
                "field": field,
                "confidence": confidence,
                "samples": [text[:80] for text in sample(table.rows, column)],
            }
        )
    return described


def earlier_decisions(columns: list[Column], batch: ImportBatch) -> dict[str, tuple[str, str]]:
    """Answer what was decided for the same headings in a recent batch of the same person, if nearly all agree."""
    headings = {column.heading for column in columns}
    batches = ImportBatch.objects.filter(
        kind=batch.kind, created_by=batch.created_by, organisation=batch.organisation_id
    ).exclude(state=ImportState.UPLOADED)
    for mapping in batches.values_list("mapping", flat=True)[:10]:
        known = {column["heading"]: (column["field"], column["unit"]) for column in mapping}
        if known and len(headings & known.keys()) >= 0.8 * max(len(known), len(headings) - 1):
            return known
    return {}


def column_uses(batch: ImportBatch) -> list[ColumnUse]:
    return [
        ColumnUse(
            column["index"], column["field"], column["unit"] or column["heading_unit"], column["heading"]
        )
        for column in batch.mapping
        if column["field"]
    ]


def decide_mapping(batch: ImportBatch, decisions: dict[int, tuple[str, str]]) -> None:
    """Store the user's field and unit for each column. Raises FileProblem when the mapping cannot work."""
    taken: dict[str, str] = {}
    for column in batch.mapping:
        name, unit = decisions.get(column["index"], ("", ""))
        found = field_named(batch.kind, name)
        column["field"], column["unit"] = (name if found else ""), unit
        if not found:
            continue
        if name in taken and not found.takes_several:
            message = _("“%(one)s”和“%(other)s”两列都对应到了“%(field)s”，请改掉一个。")
            raise FileProblem(
                message % {"one": taken[name], "other": column["heading"], "field": found.label}
            )
        taken[name] = column["heading"]
    required = [field.label for field in FIELDS[batch.kind] if field.is_required and field.name not in taken]
    if required:
        raise FileProblem(_("还没有哪一列对应到“%s”。") % required[0])


def is_mapping_sure(batch: ImportBatch) -> bool:
    """Tell whether every column was recognised without doubt, as in a filled-in template."""
    names = {column["field"] for column in batch.mapping}
    required = {field.name for field in FIELDS[batch.kind] if field.is_required}
    return required <= names and all(column["confidence"] >= SURE for column in batch.mapping)
