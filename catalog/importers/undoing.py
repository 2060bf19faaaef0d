"""Take a whole batch back: remove what it created, restore what it updated, leave what others changed since."""

from __future__ import annotations

from functools import partial

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.db.models import ProtectedError, RestrictedError
from django.utils import timezone
from wagtail.models import ModelLogEntry, Revision

from accounts.enums import Verification
from accounts.models import Organisation
from catalog.enums import ImportAction, ImportRowState, ImportState
from catalog.models import ImportBatch, ImportRow
from catalog.services.publishing import save_draft
from catalog.signals import listings_changed, one_signal_for_many

from .targets import TARGETS, Target, to_python
from .writing import follow_revision, version_of

CHUNK = 200
UNDO_ACTION = "catalog.import_undo"
EFFECTS = (ImportAction.CREATED, ImportAction.UPDATED)


def undo_batch(batch: ImportBatch) -> None:
    """Undo in chunks, newest line first; rows changed since are kept unless the batch says otherwise.

    Running it again after a crash goes on where it stopped.
    """
    target = TARGETS[batch.kind]
    open_states = [ImportRowState.APPLIED]
    if batch.undo_changed_rows:
        open_states.append(ImportRowState.KEPT)
    rows = batch.rows.filter(state__in=open_states, action__in=EFFECTS, continues=None)
    batch.total_count, batch.done_count = rows.count(), 0
    last = None
    while True:
        chunk = rows.order_by("-number") if last is None else rows.filter(number__lt=last).order_by("-number")
        chunk = list(chunk[:CHUNK])
        if not chunk:
            break
        last = chunk[-1].number
        undo_chunk(batch, target, chunk)
    remove_created_organisations(batch)
    batch.state, batch.undone_at = ImportState.UNDONE, timezone.now()
    batch.save()


@transaction.atomic
def undo_chunk(batch: ImportBatch, target: Target, rows: list[ImportRow]) -> None:
    listings = target.model.objects.in_bulk([row.object_id for row in rows])
    removable, changed = [], []
    # Two lines changed one listing when one of them means an entry merged into it: the later was undone just now.
    touched = set(
        batch.rows.filter(state=ImportRowState.UNDONE, object_id__in=listings).values_list(
            "object_id", flat=True
        )
    )
    for row in rows:
        listing = listings.get(row.object_id)
        row.state = ImportRowState.UNDONE
        if listing is None:
            continue
        is_changed = version_of(listing) != row.after and row.object_id not in touched
        if is_changed and not batch.undo_changed_rows:
            row.state = ImportRowState.KEPT
            continue
        if row.action == ImportAction.CREATED:
            removable.append(row)
        else:
            restore(listing, row, target, batch)
        changed.append(row.object_id)
        touched.add(row.object_id)
    remove(removable, listings, target)
    log_undo(
        [
            listings[row.object_id]
            for row in rows
            if row.state == ImportRowState.UNDONE and row.object_id in listings
        ],
        batch,
    )
    ImportRow.objects.bulk_update(rows, ["state", "errors"], batch_size=100)
    for state in (ImportRowState.UNDONE, ImportRowState.KEPT):
        numbers = [row.number for row in rows if row.state == state]
        batch.rows.filter(continues__in=numbers, action__in=EFFECTS).update(state=state)
    batch.done_count += len(rows)
    batch.save(update_fields=["total_count", "done_count", "updated_at"])
    if changed:
        transaction.on_commit(
            partial(listings_changed.send, target.model, kind=target.signal_kind, ids=changed)
        )


def remove(rows: list[ImportRow], listings: dict[int, models.Model], target: Target) -> None:
    """Delete listings; one that something else needs is kept with the reason on its row."""
    with one_signal_for_many():
        try:
            with transaction.atomic():
                target.model.objects.filter(pk__in=[row.object_id for row in rows]).delete()
            return
        except (ProtectedError, RestrictedError):
            pass
        for row in rows:
            try:
                with transaction.atomic():
                    target.model.objects.filter(pk=row.object_id).delete()
            except (ProtectedError, RestrictedError):
                row.state = ImportRowState.KEPT


def restore(listing: models.Model, row: ImportRow, target: Target, batch: ImportBatch) -> None:
    """Bring back exactly what the update replaced."""
    before = row.before or {}
    if before.get("is_draft"):
        restore_draft(listing, before, batch)
        return
    for name, value in before.get("fields", {}).items():
        setattr(listing, name, to_python(target.model, name, value))
    if before.get("was_draft"):
        listing.live, listing.has_unpublished_changes = False, True
        listing.first_published_at = listing.last_published_at = None
    listing.updated_at = timezone.now()
    names = [*before.get("fields", {}), "live", "has_unpublished_changes", "first_published_at"]
    target.model.objects.bulk_update([listing], [*names, "last_published_at", "updated_at"])
    for name, keys in before.get("many", {}).items():
        through, near, far = target.through(name)
        through.objects.filter(**{near: listing.pk}).delete()
        through.objects.bulk_create([through(**{near: listing.pk, far: key}) for key in keys])
    children = {child.relation: child.model for child in target.children}
    for made in before.get("created", ()):
        children[made["relation"]].objects.filter(pk=made["pk"]).delete()
    for former in before.get("children", ()):
        model = children[former["relation"]]
        values = {name: to_python(model, name, value) for name, value in former["fields"].items()}
        model.objects.filter(pk=former["pk"]).update(**values)
    follow_revision(listing, batch.created_by)


def restore_draft(listing: models.Model, before: dict, batch: ImportBatch) -> None:
    """Take the draft of the import out of review and put the former draft, or the live version, in its place."""
    state = listing.current_workflow_state
    if state is not None:
        state.cancel(user=batch.created_by)
    former = Revision.objects.filter(pk=before.get("revision")).first()
    if former is not None:
        save_draft(former.as_object(), user=batch.created_by)
        return
    listing.save_revision(user=batch.created_by, clean=False, changed=False)
    type(listing).objects.filter(pk=listing.pk).update(has_unpublished_changes=not listing.live)


def remove_created_organisations(batch: ImportBatch) -> None:
    """Remove organisations that this batch made and that nobody has used since."""
    Organisation.objects.filter(
        pk__in=batch.created_organisations,
        verification=Verification.UNVERIFIED,
        memberships=None,
        technologies=None,
        demands=None,
    ).delete()


def log_undo(listings: list[models.Model], batch: ImportBatch) -> None:
    if not listings:
        return
    content_type = ContentType.objects.get_for_model(type(listings[0]))
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=content_type,
                label=str(listing)[:200],
                action=UNDO_ACTION,
                timestamp=timezone.now(),
                user_id=batch.created_by_id,
                object_id=str(listing.pk or 0),
                content_changed=True,
                data={"batch": batch.pk, "file": batch.file_name},
            )
            for listing in listings
        ]
    )
