"""Drafts, review and publication of listings."""

from django.db import transaction
from django.utils.translation import gettext as _
from wagtail.models import Workflow

from catalog.errors import ListingError
from catalog.models.listings import Listing

REVIEW_WORKFLOW = "入库审核"  # data: name of the workflow


@transaction.atomic
def save_draft(listing: Listing, *, user) -> Listing:
    """Store what the owner typed without touching the public view.

    A listing that was never live is saved as it stands; of a live one only a new revision is kept.
    Children and many-to-many fields set on the instance are stored too.
    """
    if listing.pk is None:
        listing.live, listing.created_by = False, user
    if not listing.live:
        # The row first, so that the revision remembers the keys of new children.
        listing.full_clean()
        listing.save()
    listing.save_revision(user=user, log_action=True, clean=listing.live)
    return listing


@transaction.atomic
def submit_for_review(listing: Listing, *, user) -> Listing:
    """Send the latest draft to the reviewers, again after a return; raise ListingError when it cannot be sent."""
    state = listing.current_workflow_state
    if state is not None and state.status == state.STATUS_NEEDS_CHANGES:
        state.resume(user=user)
        return listing
    if state is not None:
        raise ListingError(_("该条目正在审核中，请等待审核结果或先撤回。"))
    workflow = Workflow.objects.filter(name=REVIEW_WORKFLOW, active=True).first()
    if workflow is None:
        raise ListingError(_("平台尚未设置审核流程，请联系管理员。"))
    workflow.start(listing, user)
    return listing


@transaction.atomic
def withdraw_from_review(listing: Listing, *, user) -> Listing:
    """Take a listing back from the reviewers; its draft stays."""
    state = listing.current_workflow_state
    if state is None:
        raise ListingError(_("该条目不在审核中。"))
    state.cancel(user=user)
    return listing


@transaction.atomic
def publish_directly(listing: Listing, *, user) -> Listing:
    """Save and publish without review, for officials and data that ships with the platform."""
    listing = save_draft(listing, user=user)
    listing.latest_revision.publish(user=user, skip_permission_checks=True)
    listing.refresh_from_db()
    return listing
