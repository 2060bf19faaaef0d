"""What both import commands do: the importer of the admin, run in the foreground."""

from __future__ import annotations

import json
from itertools import islice
from pathlib import Path

from django.core.files import File
from django.core.management.base import BaseCommand, CommandError
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.enums import ImportMode, ImportRowState, ImportState
from catalog.importers.headings import column_letter
from catalog.importers.inspecting import column_uses, create_batch
from catalog.importers.mapping import field_named
from catalog.importers.problems import FileProblem
from catalog.importers.running import run_batch, start
from catalog.models import ImportBatch

SHOWN_ERRORS = 20


class ImportCommand(BaseCommand):
    """Base of `import_technologies` and `import_demands`; `kind` names the library."""

    kind = ""

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path, help="xlsx, csv or docx file with one table heading")
        parser.add_argument("--dry-run", action="store_true", help="check only, write nothing to the library")
        parser.add_argument("--json", action="store_true", help="print the result as JSON")
        parser.add_argument(
            "--source", default="", help="source catalogue or file (default: the file's name)"
        )
        parser.add_argument("--edition", default="", help="edition of the source")
        parser.add_argument(
            "--publish", action="store_true", help="publish at once instead of sending for review"
        )
        parser.add_argument("--user", default="", help="e-mail of the official in whose name this is done")

    def handle(self, *args, **options):
        path: Path = options["file"]
        user = User.objects.filter(email=options["user"]).first() if options["user"] else None
        if options["user"] and user is None:
            raise CommandError(f"there is no user {options['user']}")
        try:
            with path.open("rb") as file:
                batch = create_batch(
                    File(file, name=path.name),
                    kind=self.kind,
                    user=user,
                    source_catalogue=options["source"] or path.stem[:200],
                    source_edition=options["edition"],
                    mode=ImportMode.PUBLISH if options["publish"] else ImportMode.REVIEW,
                )
        except OSError as error:
            raise CommandError(f"cannot read {path}: {error.strerror}") from error
        except FileProblem as problem:
            raise CommandError(str(problem)) from problem
        self.run(batch, ImportState.CHECKING)
        errors = list(islice(error_lines(batch), SHOWN_ERRORS))
        if options["dry_run"]:
            result = self.report(batch, errors, is_dry_run=True)
            batch.file.delete(save=False)
            batch.delete()
        else:
            self.run(batch, ImportState.APPLYING)
            result = self.report(batch, errors, is_dry_run=False)
        self.stdout.write(json.dumps(result, ensure_ascii=False) if options["json"] else as_lines(result))

    def run(self, batch: ImportBatch, state: str) -> None:
        if not start(batch, state):
            return
        run_batch(batch.pk)
        batch.refresh_from_db()
        if batch.state == ImportState.FAILED:
            raise CommandError(batch.failure)

    def report(self, batch: ImportBatch, errors: list[str], *, is_dry_run: bool) -> dict:
        counts = batch.counts()
        return {
            "batch": None if is_dry_run else batch.pk,
            "dry_run": is_dry_run,
            "columns": {
                use.heading: str(field_named(batch.kind, use.field).label) for use in column_uses(batch)
            },
            "rows": counts["rows"],
            "created": counts["created"],
            "updated": counts["updated"],
            "unchanged": counts["unchanged"],
            "skipped": counts["skipped"],
            "bad": counts["bad"],
            "warned": counts["warned"],
            "notes": batch.notes,
            "errors": errors,
        }


def error_lines(batch: ImportBatch):
    """Yield one sentence for each wrong cell."""
    for row in batch.rows.filter(state=ImportRowState.BAD).iterator(chunk_size=500):
        for note in row.errors:
            cell = f"{column_letter(note['column'])}{row.number}"
            expected = f"（{note['expected']}）" if note["expected"] else ""
            yield f"{cell} {note['heading']}：{note['message']}{expected}"


def as_lines(result: dict) -> str:
    title = _("试运行，没有写入") if result["dry_run"] else _("导入完成")
    counts = _(
        "共 %(rows)d 行：新增 %(created)d，更新 %(updated)d，无变化 %(unchanged)d，跳过 %(skipped)d，有错误 %(bad)d。"
    )
    columns = "，".join(f"{heading} → {label}" for heading, label in result["columns"].items())
    return "\n".join([title, counts % result, columns, *result["notes"], *result["errors"]])
