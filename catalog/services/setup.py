"""What must exist before the libraries can be used: the review workflow and the officials' duties."""

from django.contrib.contenttypes.models import ContentType
from django.db import transaction
from wagtail.models import GroupApprovalTask, Workflow, WorkflowContentType, WorkflowTask

from accounts.roles import Duty, grant
from catalog.models import Demand, Technology
from catalog.services.publishing import REVIEW_WORKFLOW

LIBRARY_PERMISSIONS = [
    f"catalog.{action}_{model}"
    for model in ("technology", "demand")
    for action in ("add", "change", "delete", "publish", "lock", "unlock")
] + [f"catalog.{action}_importbatch" for action in ("add", "view", "change")]
# Reviewers approve, or return with a reason; they do not rewrite what others answer for.
REVIEW_PERMISSIONS = ["catalog.view_technology", "catalog.view_demand"]


@transaction.atomic
def set_up_libraries() -> Workflow:
    """Create duties and the review workflow where they are missing; what an administrator changed stays."""
    grant(Duty.LIBRARY, LIBRARY_PERMISSIONS)
    reviewers = grant(Duty.REVIEW, REVIEW_PERMISSIONS)
    grant(Duty.PUSH, [])
    workflow, is_new = Workflow.objects.get_or_create(name=REVIEW_WORKFLOW)
    if is_new:
        task = GroupApprovalTask.objects.create(name="主管部门审核")  # data: name of the task
        task.groups.add(reviewers)
        WorkflowTask.objects.create(workflow=workflow, task=task, sort_order=0)
        for model in (Technology, Demand):
            WorkflowContentType.objects.get_or_create(
                content_type=ContentType.objects.get_for_model(model), defaults={"workflow": workflow}
            )
    return workflow
