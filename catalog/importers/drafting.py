"""Write planned listings as drafts or for review, leaving what is live untouched."""

from __future__ import annotations

from django.contrib.contenttypes.models import ContentType
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import Revision, TaskState, Workflow, WorkflowState
from wagtail.signals import task_submitted

from catalog.enums import ImportMode
from catalog.models import ImportBatch
from catalog.services.publishing import REVIEW_WORKFLOW, save_draft

from .planning import Plan
from .targets import Target
from .writing import version_of


def keep_first_revisions(plans: list[Plan], batch: ImportBatch, target: Target) -> list[models.Model]:
    """Give new unpublished listings the revision that reviewers look at."""
    listings = list(
        target.model.objects.filter(pk__in=[plan.first.object_id for plan in plans]).order_by("pk")
    )
    content_type, now = ContentType.objects.get_for_model(target.model), timezone.now()
    revisions = Revision.objects.bulk_create(
        [
            Revision(
                content_type=content_type,
                base_content_type=content_type,
                object_id=str(listing.pk),
                user_id=batch.created_by_id,
                created_at=now,
                object_str=str(listing),
                content=listing.serializable_data(),
            )
            for listing in listings
        ],
        batch_size=100,
    )
    for listing, revision in zip(listings, revisions, strict=True):
        listing.latest_revision = revision
    target.model.objects.bulk_update(listings, ["latest_revision"], batch_size=200)
    # Serialising touched `updated_at` in memory, so the stored value is read.
    stored = target.model.objects.in_bulk([listing.pk for listing in listings])
    versions = {pk: version_of(listing) for pk, listing in stored.items()}
    for plan in plans:
        plan.first.after = versions[plan.first.object_id]
    return listings


def draft_changes(plan: Plan, batch: ImportBatch, target: Target) -> models.Model:
    """Put the changes of a plan into a new draft of its listing."""
    listing = target.model.objects.get(pk=plan.standing.listing.pk).get_latest_revision_as_object()
    for name, value in plan.changes.fields.items():
        setattr(listing, name, value)
    for name, keys in plan.changes.many.items():
        getattr(listing, name).set(
            target.model._meta.get_field(name).related_model.objects.filter(pk__in=keys)
        )
    for child in target.children:
        manager = getattr(listing, child.relation)
        rows = list(manager.all())
        present = {child.identity(row): row for row in rows}
        for values in plan.content.children.get(child.relation, ()):
            row = present.get(child.identity(child.model(**values)))
            if row is None:
                rows.append(child.model(**values))
                continue
            for name, value in values.items():
                if value not in (None, ""):
                    setattr(row, name, value)
        manager.set(rows)
    was_revision = listing.latest_revision_id
    saved = save_draft(listing, user=batch.created_by)
    plan.first.before = {"revision": was_revision, "is_draft": True}
    fresh = target.model.objects.get(pk=saved.pk)
    plan.first.after = version_of(fresh)
    return fresh


def keys_in_review(target: Target, keys: list[int]) -> set[int]:
    """Answer which of these listings a review is open for (one query)."""
    content_type = ContentType.objects.get_for_model(target.model)
    states = WorkflowState.objects.active().filter(
        base_content_type=content_type, object_id__in=[str(key) for key in keys]
    )
    return {int(key) for key in states.values_list("object_id", flat=True)}


def submit_many(listings: list[models.Model], batch: ImportBatch) -> None:
    """Start the review of many listings without a message for each one; the reviewers see them in their queue."""
    if batch.mode != ImportMode.REVIEW or not listings:
        return
    workflow = Workflow.objects.filter(name=REVIEW_WORKFLOW, active=True).first()
    task = workflow.tasks.first() if workflow else None
    if task is None:
        raise LookupError(_("平台尚未设置审核流程，请联系管理员。"))
    content_type = ContentType.objects.get_for_model(type(listings[0]))
    states = WorkflowState.objects.bulk_create(
        [
            WorkflowState(
                content_type=content_type,
                base_content_type=content_type,
                object_id=str(listing.pk),
                workflow=workflow,
                requested_by_id=batch.created_by_id,
            )
            for listing in listings
        ]
    )
    task_type = ContentType.objects.get_for_model(TaskState)
    task_states = TaskState.objects.bulk_create(
        [
            TaskState(
                workflow_state=state,
                revision_id=listing.latest_revision_id,
                task=task,
                content_type=task_type,
            )
            for state, listing in zip(states, listings, strict=True)
        ]
    )
    for state, task_state in zip(states, task_states, strict=True):
        state.current_task_state = task_state
    WorkflowState.objects.bulk_update(states, ["current_task_state"])
    # One of them stands for all: the reviewers are told once that something waits.
    task_submitted.send(sender=TaskState, instance=task_states[0], user=batch.created_by)
