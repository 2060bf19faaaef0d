"""Carry out a checked batch in chunks, each in one transaction, so that it can stop and go on at any point."""

from __future__ import annotations

from functools import partial

from django.db import models, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from catalog.enums import ImportAction, ImportMode, ImportRowState, ImportState
from catalog.models import ImportBatch, ImportRow
from catalog.services.requirements import missing_for_review
from catalog.signals import listings_changed

from .drafting import draft_changes, keep_first_revisions, keys_in_review, submit_many
from .lists import load_lists
from .planning import Plan, Planner
from .writing import confirm_unchanged, create_listings, update_listings

CHUNK = 500
DRAFT_CHUNK = 50
RESULT_FIELDS = ["state", "action", "object_id", "before", "after", "errors", "warnings"]


def apply_batch(batch: ImportBatch) -> None:
    """Carry out every row that is still ready; running it again after a crash goes on and doubles nothing.

    Sends `listings_changed` once for each chunk of published rows, after its commit.
    """
    planner = Planner(batch, load_lists())
    size = CHUNK if batch.mode == ImportMode.PUBLISH else DRAFT_CHUNK
    total = batch.rows.filter(state__in=[ImportRowState.READY, ImportRowState.APPLIED]).count()
    while apply_chunk(batch, planner, size, total):
        pass
    batch.state, batch.applied_at = ImportState.APPLIED, timezone.now()
    batch.done_count = batch.total_count = total
    batch.save()


def apply_chunk(batch: ImportBatch, planner: Planner, size: int, total: int) -> bool:
    """Carry out the next rows; answer whether there were any."""
    with transaction.atomic():
        # The lock on the batch keeps a second worker from taking the same rows.
        ImportBatch.objects.select_for_update().get(pk=batch.pk)
        rows = next_rows(batch, size)
        if not rows:
            return False
        plans = planner.plan(rows)
        carry_out(plans, batch, planner)
        for plan in plans:
            settle(plan)
        store_results(rows)
        batch.total_count = total
        batch.done_count = total - batch.rows.filter(state=ImportRowState.READY).count()
        batch.save(update_fields=["total_count", "done_count", "created_organisations", "updated_at"])
        if batch.mode == ImportMode.PUBLISH:
            changed = [
                p.first.object_id for p in plans if p.action != ImportAction.UNCHANGED and not p.problems
            ]
            if changed:
                target = planner.target
                send = partial(listings_changed.send, target.model, kind=target.signal_kind, ids=changed)
                transaction.on_commit(send)
    return True


def next_rows(batch: ImportBatch, size: int) -> list[ImportRow]:
    rows = list(batch.rows.filter(state=ImportRowState.READY).order_by("number")[:size])
    if len(rows) == size:
        # Rows merged with the last one belong to the same listing.
        last = rows[-1].continues or rows[-1].number
        rows += batch.rows.filter(
            state=ImportRowState.READY, continues=last, number__gt=rows[-1].number
        ).order_by("number")
    return rows


def carry_out(plans: list[Plan], batch: ImportBatch, planner: Planner) -> None:
    for plan in plans:
        if plan.owner.new_code and not plan.problems and not plan.is_skipped and not plan.is_merged:
            plan.content.fields["organisation_id"] = planner.owners.create(plan.owner)
    first, *later = waves([plan for plan in plans if not plan.problems and not plan.is_skipped])
    drafts = write(first, batch, planner)
    for wave in later:
        # The wave before changed the listings that these are compared with.
        planner.compare(wave)
        drafts |= write(wave, batch, planner)
    submit_many(list(drafts.values()), batch)


def waves(plans: list[Plan]) -> list[list[Plan]]:
    """Part the plans so that no wave holds a listing twice, as when a file names an entry and one merged into it.

    They stay in the order of their lines, which an undo goes back.
    """
    first, later, seen = [], [], set()
    for plan in plans:
        key = plan.entry.pk if plan.entry else None
        if key in seen:
            later.append([plan])
        else:
            first.append(plan)
            seen |= {key} - {None}
    return [first, *later]


def write(valid: list[Plan], batch: ImportBatch, planner: Planner) -> dict[int, models.Model]:
    """Write plans for different listings; answer the drafts that are ready for review by their keys."""
    new = [plan for plan in valid if plan.action == ImportAction.CREATED]
    changed = [plan for plan in valid if plan.action == ImportAction.UPDATED]
    in_review = keys_in_review(planner.target, [plan.entry.pk for plan in changed])
    for plan in changed:
        if plan.entry.pk in in_review:
            message = _("该条目正在审核中，请等审核结束后再导入这一行。")
            plan.problems.append(planner.note(plan, "title", message))
    changed = [plan for plan in changed if not plan.problems]
    for plan in changed:
        plan.first.object_id = plan.entry.pk
    create_listings(new, batch, planner.target, planner.defaults())
    if batch.mode == ImportMode.PUBLISH:
        update_listings(changed, batch, planner.target)
        same = [plan.entry.pk for plan in valid if plan.action == ImportAction.UNCHANGED]
        confirm_unchanged(same, planner.target)
        return {}
    drafts = keep_first_revisions(new, batch, planner.target)
    drafts += [draft_changes(plan, batch, planner.target) for plan in changed]
    if batch.organisation_id and batch.mode == ImportMode.REVIEW:
        drafts = complete_ones([*new, *changed], drafts, planner)
    return {draft.pk: draft for draft in drafts}


def complete_ones(plans: list[Plan], drafts: list, planner: Planner) -> list:
    """Hold back what a supplier could not send by hand either; the row says what is missing."""
    by_key = {plan.first.object_id: plan for plan in plans}
    complete = []
    for draft in drafts:
        missing = missing_for_review(draft.get_latest_revision_as_object())
        if missing:
            items = "；".join(str(item.sentence) for item in missing)
            message = _("已存为草稿，送审前还需：%s") % items
            plan = by_key[draft.pk]
            plan.outcomes.append(planner.note(plan, "title", message))
        else:
            complete.append(draft)
    return complete


def store_results(rows: list[ImportRow]) -> None:
    """Write the outcome of many rows; an upsert takes a tenth of the time of `bulk_update`."""
    ImportRow.objects.bulk_create(
        rows, batch_size=200, update_conflicts=True, unique_fields=["id"], update_fields=RESULT_FIELDS
    )


def settle(plan: Plan) -> None:
    """Write what happened onto the rows of a plan."""
    for row in plan.rows:
        row.state, row.action = ImportRowState.APPLIED, plan.action
        if plan.entry and plan.entry.pk:
            row.object_id = plan.entry.pk
        if plan.is_skipped:
            row.state, row.action = ImportRowState.SKIPPED, ""
        if plan.problems:
            row.state, row.action = ImportRowState.BAD, ""
    plan.first.errors += [note.as_json() for note in plan.problems]
    plan.first.warnings += [note.as_json() for note in plan.outcomes]
