"""What technologies and demands have in common: drafts, review, publication."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from modelcluster.models import ClusterableModel
from wagtail.models import (
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    TaskState,
    WorkflowMixin,
    WorkflowState,
)
from wagtail.search import index

from catalog.enums import ReviewState


def load_review_states(listings):
    """Give each listing its current workflow state in two queries, so that lists can show `review_state`.

    Takes listings of one model; returns them as a list.
    """
    listings = list(listings)
    if not listings:
        return listings
    states = (
        WorkflowState.objects.active()
        .filter(
            base_content_type=listings[0].get_base_content_type(),
            object_id__in=[str(listing.pk) for listing in listings],
        )
        .select_related("current_task_state__task")
    )
    by_listing = {}
    for state in states:
        by_listing.setdefault(state.object_id, []).append(state)
    for listing in listings:
        # The name under which Wagtail itself looks for states that were read beforehand.
        listing._current_workflow_states = by_listing.get(str(listing.pk), [])
    return listings


class Listing(
    WorkflowMixin,
    DraftStateMixin,
    LockableMixin,
    RevisionMixin,
    index.Indexed,
    ClusterableModel,
):
    """A row of one of the two libraries; its live version stays while a later edit is under review."""

    title = models.CharField(_("名称"), max_length=200)
    is_sample = models.BooleanField(_("示例数据"), default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("创建人"),
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    updated_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        abstract = True

    def __str__(self):
        return self.title

    @property
    def review_state(self):
        """Return the ReviewState shown to the owner."""
        workflow = self.current_workflow_state
        if workflow is None:
            if self.live:
                return ReviewState.LIVE_DRAFT if self.has_unpublished_changes else ReviewState.LIVE
            return ReviewState.WITHDRAWN if self.first_published_at else ReviewState.DRAFT
        is_returned = workflow.status == workflow.STATUS_NEEDS_CHANGES
        if self.live:
            return ReviewState.LIVE_RETURNED if is_returned else ReviewState.LIVE_IN_REVIEW
        return ReviewState.RETURNED if is_returned else ReviewState.IN_REVIEW

    @property
    def return_reason(self):
        """Return what the reviewer wrote when sending the listing back, or an empty string."""
        workflow = self.current_workflow_state
        if workflow is None or workflow.status != workflow.STATUS_NEEDS_CHANGES:
            return ""
        return workflow.current_task_state.comment if workflow.current_task_state else ""

    @property
    def review_rounds(self):
        """Return the finished task states of all submissions with who decided and why, latest first."""
        return (
            TaskState.objects.for_instance(self)
            .exclude(status__in=[TaskState.STATUS_IN_PROGRESS, TaskState.STATUS_CANCELLED])
            .select_related("finished_by")
            .order_by("-finished_at")
        )
