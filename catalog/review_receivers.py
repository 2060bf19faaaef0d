"""Tell reviewers what waits for them, and owners what became of it; Wagtail's own mails are switched off."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.models import TaskState, WorkflowState
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected

from accounts.enums import Responsibility
from accounts.models import Organisation
from accounts.roles import Duty
from accounts.services.recipients import members_responsible_for, officials_with
from catalog.models import Technology
from catalog.models.listings import Listing
from notices.enums import Topic
from notices.services import in_site_language, notify


@receiver(task_submitted, sender=TaskState, dispatch_uid="listing_submitted")
@in_site_language
def tell_reviewers(instance, user=None, **kwargs):
    """Tell reviewers once a day for each organisation: the queue shows the rest."""
    listing = instance.revision.content_object
    if not isinstance(listing, Listing):
        return
    owner = listing.organisation
    notify(
        officials_with(Duty.REVIEW),
        topic=Topic.REVIEW,
        key=f"submitted:{listing._meta.model_name}:{owner.pk if owner else 0}:{timezone.localdate()}",
        title=_("%(kind)s待审：%(title)s")
        % {"kind": listing._meta.verbose_name, "title": instance.revision.object_str},
        body=_("提交方：%(owner)s。同一机构当天后续提交的同类条目不再逐条提醒，请在审核队列中查看。")
        % {"owner": owner.name if owner else _("主管部门")},
        link=reverse("catalog_review:queue"),
        sender=user,
    )


@receiver(workflow_rejected, sender=WorkflowState, dispatch_uid="listing_returned")
@in_site_language
def tell_of_return(instance, user=None, **kwargs):
    _tell_owner(
        instance,
        user,
        title=_("%(kind)s被退回，请修改后重新提交：%(title)s"),
        body=instance.current_task_state.comment if instance.current_task_state else "",
    )


@receiver(workflow_approved, sender=WorkflowState, dispatch_uid="listing_approved")
@in_site_language
def tell_of_approval(instance, user=None, **kwargs):
    _tell_owner(instance, user, title=_("%(kind)s已通过审核并发布：%(title)s"), body="")


def _tell_owner(state: WorkflowState, reviewer, *, title: str, body: str) -> None:
    listing = state.content_object
    if not isinstance(listing, Listing) or listing.organisation is None:
        return
    people = members_responsible_for(listing.organisation, Responsibility.ENERGY)
    asked_by = state.requested_by
    if asked_by and listing.organisation in Organisation.objects.of_member(asked_by):
        people = {*people, asked_by}
    name = "my_technology" if isinstance(listing, Technology) else "edit_demand"
    task = state.current_task_state
    notify(
        people,
        topic=Topic.REVIEW,
        key=f"reviewed:{state.pk}:{task.pk if task else 0}:{state.status}",
        title=title % {"kind": listing._meta.verbose_name, "title": listing.title},
        body=body,
        link=reverse(f"catalog:{name}", args=[listing.pk]),
        sender=reviewer,
    )
