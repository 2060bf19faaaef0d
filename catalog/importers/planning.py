"""Decide for each line of a batch what it would do: create, update or leave a listing as it is."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from catalog.enums import EvidenceLevel, ImportAction, ImportKind, Origin
from catalog.models import ImportBatch, ImportRow

from .changes import Changes, Standing, changes_to, joined, news_of_merged, standings
from .existing import Entry, Existing, is_older, wanted_entry
from .lists import Lists
from .owners import Owner, Owners
from .rows import CellNote
from .targets import TARGETS, Content, content_of

SOURCE_FIELDS = ("source_catalogue", "source_edition", "source_item", "source_file", "source_page")


@dataclass
class Plan:
    """One listing: its import rows (the first and those merged with it) and what to do.

    `remarks` are known from the dry run on, `outcomes` only once it is carried out.
    """

    rows: list[ImportRow]
    content: Content
    owner: Owner = field(default_factory=Owner)
    action: str = ImportAction.CREATED
    entry: Entry | None = None
    standing: Standing | None = None
    changes: Changes | None = None
    problems: list[CellNote] = field(default_factory=list)
    remarks: list[CellNote] = field(default_factory=list)
    outcomes: list[CellNote] = field(default_factory=list)
    is_skipped: bool = False

    @property
    def first(self) -> ImportRow:
        return self.rows[0]

    @property
    def is_merged(self) -> bool:
        """Tell whether the line means an entry that was merged into another."""
        return bool(self.entry and self.entry.merged_pk)


class Planner:
    """Plans chunks of rows in order; keeps what the file itself already holds, so that doubles are seen."""

    def __init__(self, batch: ImportBatch, lists: Lists):
        self.batch, self.lists, self.target = batch, lists, TARGETS[batch.kind]
        self.existing, self.owners = Existing(batch), Owners(batch)
        self.columns = {column["field"]: column for column in batch.mapping if column["field"]}
        self._lines: dict[int, int] = {}

    def plan(self, rows: list[ImportRow]) -> list[Plan]:
        """Plan rows without errors of their own; a merged row must come with its first row or after it."""
        plans: list[Plan] = []
        for row in rows:
            if row.continues and plans and plans[-1].first.number == row.continues:
                plans[-1].rows.append(row)
            else:
                plans.append(Plan([row], Content()))
        for plan in plans:
            self.identify(plan)
        self.compare(plans)
        for plan in plans:
            if plan.is_merged and plan.standing and not plan.is_skipped:
                message = (
                    _("该条已并入“%s”，内容更新到那一条，名称和来源不变。") % plan.standing.listing.title
                )
                plan.remarks.append(self.note(plan, "title", message))
        return plans

    def compare(self, plans: list[Plan]) -> None:
        """Say what the plans would change in the listings as they stand now."""
        entries = {pk for plan in plans if plan.entry for pk in (plan.entry.pk, plan.entry.own_pk) if pk}
        found = standings(self.target, entries) if entries else {}
        for plan in plans:
            if plan.entry and plan.entry.pk in found:
                plan.standing = found[plan.entry.pk]
                if plan.is_merged:
                    former = found[plan.entry.merged_pk]
                    plan.content = news_of_merged(former, plan.standing, plan.content, self.target)
                plan.changes = changes_to(plan.standing, plan.content, self.target)
                plan.action = ImportAction.UPDATED if plan.changes else ImportAction.UNCHANGED

    def identify(self, plan: Plan) -> None:
        contents = [content_of(row.data, self.target, self.lists) for row in plan.rows]
        plan.content = content = joined(contents)
        self.complete(plan)
        if plan.owner.error:
            plan.problems.append(self.note(plan, "credit_code", plan.owner.error, _("同一行填写单位名称")))
        elif plan.owner.warning:
            name = "owner_name" if self.batch.kind == ImportKind.TECHNOLOGIES else "organisation"
            plan.remarks.append(self.note(plan, name, plan.owner.warning))
        wanted = wanted_entry(content, self.batch, plan.first.number)
        if plan.owner.new_code:
            wanted.owner = plan.owner.new_code
        found = self.existing.find(wanted)
        earlier = found and (found.line or self._lines.get(found.own_pk or 0))
        if earlier and earlier != plan.first.number:
            plan.problems.append(self.double(plan, earlier))
            return
        if found is None:
            self.existing.add(wanted)
            return
        if found.pk:
            self._lines[found.own_pk] = plan.first.number
        plan.entry = found
        if plan.is_merged and self.batch.organisation_id not in (None, found.survivor_owner):
            plan.is_skipped = True
            message = _("该技术已并入其他单位的条目，没有改动；如有不同意见请联系平台。")
            plan.remarks.append(self.note(plan, "title", message))
            return
        if found.source and found.source != wanted.source:
            # It stays an entry of the list that brought it first.
            for name in SOURCE_FIELDS:
                content.fields.pop(name, None)
        if found.source == wanted.source and is_older(wanted.edition, found.edition):
            plan.is_skipped = True
            message = _("库中已有较新的版本（%s），没有改动") % found.edition
            plan.remarks.append(self.note(plan, "title", message))

    def complete(self, plan: Plan) -> None:
        """Add what the batch says for all lines, and the owner."""
        fields, batch = plan.content.fields, self.batch
        code = fields.pop("credit_code", "")
        if batch.kind == ImportKind.TECHNOLOGIES:
            plan.owner = self.owners.resolve(fields.get("owner_name", ""), code)
            if batch.organisation_id:
                for name in ("owner_name", "source_catalogue", "source_edition", "evidence_level"):
                    fields.pop(name, None)
            else:
                fields.setdefault("source_catalogue", batch.source_catalogue)
                fields.setdefault("source_edition", batch.source_edition)
        else:
            name = fields.pop("organisation", "")
            plan.owner = self.owners.resolve(name, code)
            if not plan.owner.pk and not plan.owner.new_code:
                fields["organisation_name"] = name
            fields.setdefault("source_file", batch.source_catalogue)
        if plan.owner.pk:
            fields["organisation_id"] = plan.owner.pk

    def defaults(self) -> dict:
        """Answer what a new listing of this batch gets where the line is silent."""
        if self.batch.kind == ImportKind.DEMANDS or self.batch.organisation_id:
            return {}
        is_catalogue = bool(self.batch.source_catalogue)
        evidence = EvidenceLevel.CATALOGUE if is_catalogue else EvidenceLevel.SELF_DECLARED
        return {"origin": Origin.CATALOGUE, "evidence_level": evidence}

    def double(self, plan: Plan, earlier: int) -> CellNote:
        message = _("与第 %d 行是同一条。") % earlier
        expected = _("每条只占一行；同一技术的多个案例请合并名称单元格")
        return self.note(plan, "title", message, expected)

    def note(self, plan: Plan, name: str, message: str, expected: str = "") -> CellNote:
        column = self.columns.get(name) or self.columns["title"]
        value = plan.first.raw.get(str(column["index"]), "")
        return CellNote(column["index"], column["heading"], value[:200], message, expected)
