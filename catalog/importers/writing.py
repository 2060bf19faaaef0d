"""Write planned listings in bulk: the way of officials who publish directly."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from wagtail.models import ModelLogEntry

from catalog.enums import ImportAction
from catalog.models import ImportBatch

from .planning import Plan
from .targets import Target

LOG_ACTION = "catalog.import"
PUBLICATION = ("live", "has_unpublished_changes", "first_published_at", "last_published_at")


def create_listings(plans: list[Plan], batch: ImportBatch, target: Target, defaults: dict[str, Any]) -> None:
    """Insert the listings of the plans with their links and children; sets `object_id` on the rows."""
    now = timezone.now()
    is_live = batch.mode == "publish"
    state = {"live": is_live, "has_unpublished_changes": not is_live}
    if is_live:
        state |= {"first_published_at": now, "last_published_at": now}
    listings = []
    for plan in plans:
        fields = {name: value for name, value in plan.content.fields.items() if value is not None}
        listings.append(target.model(created_by_id=batch.created_by_id, **(defaults | state | fields)))
    target.model.objects.bulk_create(listings, batch_size=200)
    for plan, listing in zip(plans, listings, strict=True):
        for row in plan.rows:
            row.object_id = listing.pk
        plan.first.after = version_of(listing)
    insert_links(plans, target, {id(plan): plan.content.many for plan in plans})
    insert_children(plans, target, {id(plan): plan.content.children for plan in plans})
    log_import(listings, batch, ImportAction.CREATED)


def update_listings(plans: list[Plan], batch: ImportBatch, target: Target) -> None:
    """Write the changes of the plans into the live rows; keeps on the first row what they replaced."""
    now = timezone.now()
    names = {name for plan in plans for name in plan.changes.fields}
    listings = []
    for plan in plans:
        listing = plan.standing.listing
        for name, value in plan.changes.fields.items():
            setattr(listing, name, value)
        listing.updated_at = now
        if hasattr(listing, "confirmed_at"):
            listing.confirmed_at = now
        if not listing.live and listing.first_published_at is None:
            # A draft of an earlier import is published now; what an official withdrew stays withdrawn.
            listing.live, listing.has_unpublished_changes = True, False
            listing.first_published_at = listing.last_published_at = now
            plan.changes.replaced["was_draft"] = True
        listings.append(listing)
    names |= {"updated_at", *PUBLICATION} | (
        {"confirmed_at"} if hasattr(target.model, "confirmed_at") else set()
    )
    target.model.objects.bulk_update(listings, sorted(names), batch_size=100)
    for name in target.many:
        changed = [plan for plan in plans if name in plan.changes.many]
        through, near, _far = target.through(name)
        through.objects.filter(**{f"{near}__in": [plan.standing.listing.pk for plan in changed]}).delete()
    insert_links(plans, target, {id(plan): plan.changes.many for plan in plans})
    created = insert_children(plans, target, {id(plan): plan.changes.new_children for plan in plans})
    for plan in plans:
        for child, values in plan.changes.changed_children:
            for name, value in values.items():
                setattr(child, name, value)
            child.save(update_fields=list(values))
        plan.first.before = plan.changes.replaced | {"created": created[id(plan)]}
    for plan, listing in zip(plans, listings, strict=True):
        follow_revision(listing, batch.created_by)
        plan.first.after = version_of(listing)
    log_import(listings, batch, ImportAction.UPDATED)


def follow_revision(listing: models.Model, user) -> None:
    """Write a revision of a listing that has some: editors open the latest, so it must hold what is live."""
    if listing.latest_revision_id and not listing.has_unpublished_changes:
        model = type(listing)
        fresh = model.objects.get(pk=listing.pk)
        fresh.save_revision(user=user, clean=False, changed=False)
        model.objects.filter(pk=listing.pk).update(live_revision=fresh.latest_revision)
        listing.latest_revision_id = fresh.latest_revision_id


def confirm_unchanged(keys: list[int], target: Target) -> None:
    """A catalogue that names an entry again confirms it."""
    if keys and hasattr(target.model, "confirmed_at"):
        target.model.objects.filter(pk__in=keys).update(confirmed_at=timezone.now())


def insert_links(plans: list[Plan], target: Target, links: dict[int, dict[str, list[int]]]) -> None:
    for name in target.many:
        through, near, far = target.through(name)
        rows = [
            through(**{near: plan.first.object_id, far: key})
            for plan in plans
            for key in links[id(plan)].get(name, ())
        ]
        through.objects.bulk_create(rows, batch_size=500)


def insert_children(
    plans: list[Plan], target: Target, children: dict[int, dict[str, list[dict]]]
) -> dict[int, list[dict]]:
    """Insert child rows and answer for each plan which ones, so that an undo can remove them."""
    created: dict[int, list[dict]] = defaultdict(list)
    for child in target.children:
        owners, rows = [], []
        for plan in plans:
            for values in children[id(plan)].get(child.relation, ()):
                owners.append(plan)
                rows.append(child.model(**values, **{f"{child.parent}_id": plan.first.object_id}))
        child.model.objects.bulk_create(rows, batch_size=200)
        for plan, row in zip(owners, rows, strict=True):
            created[id(plan)].append({"relation": child.relation, "pk": row.pk})
    return created


def version_of(listing: models.Model) -> dict[str, Any]:
    """Describe the state of a listing, so that a later change by anyone is noticed."""
    return {"updated_at": listing.updated_at.isoformat(), "revision": listing.latest_revision_id}


def log_import(listings: list[models.Model], batch: ImportBatch, action: str) -> None:
    """Leave the trace that an official finds in the history of each listing."""
    if not listings:
        return
    content_type = ContentType.objects.get_for_model(type(listings[0]))
    now = timezone.now()
    ModelLogEntry.objects.bulk_create(
        [
            ModelLogEntry(
                content_type=content_type,
                label=str(listing)[:200],
                action=LOG_ACTION,
                timestamp=now,
                user_id=batch.created_by_id,
                object_id=str(listing.pk),
                content_changed=True,
                data={"batch": batch.pk, "file": batch.file_name, "result": str(action)},
            )
            for listing in listings
        ],
        batch_size=500,
    )
