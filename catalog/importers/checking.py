"""The dry run: read every line, keep errors by cell and count what would happen."""

from __future__ import annotations

import json
from collections.abc import Iterator
from itertools import islice

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction
from django.utils.translation import gettext as _

from catalog.enums import ImportRowState, ImportState
from catalog.models import ImportBatch, ImportRow

from .headings import read_table
from .inspecting import column_uses, limits, open_sheet
from .lists import load_lists
from .mapping import FIELDS
from .planning import Plan, Planner
from .problems import FileProblem
from .rows import ReadRow, read_rows

CHUNK = 500
# Without these a listing can be stored, but hardly be matched.
WELCOME = {"systems", "industries", "carriers", "scope", "principle", "problem"}


def check_batch(batch: ImportBatch) -> None:
    """Fill the batch with rows, each ready, bad or skipped; repeatable, writes no listing. Raises FileProblem."""
    sheet = open_sheet(batch)
    table = read_table(sheet, batch.kind, heading_row=batch.heading_row, heading_lines=batch.heading_lines)
    if len(table.rows) > limits().max_rows:
        message = _("表中有 %(count)d 行，一次最多导入 %(limit)d 行，请分成几个文件。")
        raise FileProblem(message % {"count": len(table.rows), "limit": limits().max_rows})
    lists = load_lists()
    batch.rows.all().delete()
    batch.total_count, batch.done_count = len(table.rows), 0
    batch.notes = describe_skipped(table.skipped)
    hidden = sum(row.is_hidden for row in table.rows)
    if hidden:
        action = _("已跳过") if batch.skip_hidden else _("一并导入")
        batch.notes.append(_("有 %(count)d 个隐藏行，%(action)s。") % {"count": hidden, "action": action})
    mapped = {use.field for use in column_uses(batch)}
    missing = [str(field.label) for field in FIELDS[batch.kind] if field.name in WELCOME - mapped]
    if missing:
        batch.notes.append(_("没有列对应到“%s”，这些内容导入后为空，匹配会不够准。") % "、".join(missing))
    batch.created_organisations = []
    batch.save()
    planner = Planner(batch, lists)
    reading = read_rows(table, column_uses(batch), batch.kind, lists.choices)
    if batch.skip_hidden:
        reading = (read for read in reading if not read.is_hidden)
    for chunk in in_chunks(reading):
        rows = [row_of(read, batch) for read in chunk]
        ready = [row for row in rows if row.state == ImportRowState.READY]
        for plan in planner.plan(ready):
            record(plan)
        bad = {row.number for row in rows if row.state == ImportRowState.BAD}
        with transaction.atomic():
            ImportRow.objects.bulk_create(rows, batch_size=200)
            batch.done_count += len(rows)
            batch.save(update_fields=["done_count", "updated_at"])
        hold_back_merged(batch, bad)
    batch.state = ImportState.CHECKED
    batch.save()


def in_chunks(reading: Iterator[ReadRow]) -> Iterator[list[ReadRow]]:
    """Cut into chunks without parting merged rows from their first row."""
    chunk: list[ReadRow] = []
    for read in reading:
        if len(chunk) >= CHUNK and read.continues is None:
            yield chunk
            chunk = []
        chunk.append(read)
    if chunk:
        yield chunk


def row_of(read: ReadRow, batch: ImportBatch) -> ImportRow:
    data = json.loads(json.dumps({"values": read.values, "parts": read.parts}, cls=DjangoJSONEncoder))
    return ImportRow(
        batch=batch,
        number=read.number,
        continues=read.continues,
        raw={str(index): text for index, text in read.raw.items()},
        data=data,
        errors=[note.as_json() for note in read.errors],
        warnings=[note.as_json() for note in read.warnings],
        state=ImportRowState.BAD if read.errors else ImportRowState.READY,
    )


def record(plan: Plan) -> None:
    """Write a plan onto its rows."""
    for row in plan.rows:
        row.action, row.object_id = plan.action, plan.entry.pk if plan.entry else None
        if plan.is_skipped:
            row.state, row.action = ImportRowState.SKIPPED, ""
        if plan.problems:
            row.state, row.action = ImportRowState.BAD, ""
    plan.first.errors += [note.as_json() for note in plan.problems]
    plan.first.warnings += [note.as_json() for note in plan.remarks]


def hold_back_merged(batch: ImportBatch, bad: set[int]) -> None:
    """A line merged with a bad line waits with it, so that both come back together."""
    if bad:
        batch.rows.filter(continues__in=bad, state=ImportRowState.READY).update(
            state=ImportRowState.BAD, action=""
        )


def describe_skipped(skipped: list[tuple[int, str]]) -> list[str]:
    sentences = {
        "heading": _("第 %s 行重复了标题，没有导入。"),
        "section": _("第 %s 行是分类标题，没有导入。"),
        "remark": _("第 %s 行是合计、示例或说明，没有导入。"),
    }
    notes = []
    for reason, sentence in sentences.items():
        numbers = [str(number) for number, found in islice(skipped, 5000) if found == reason]
        if numbers:
            shown = "、".join(numbers[:10]) + (_(" 等") if len(numbers) > 10 else "")
            notes.append(sentence % shown)
    return notes
