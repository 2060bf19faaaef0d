"""What a supplier does with its technologies."""

from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish import UnpublishAction
from wagtail.log_actions import log

from accounts.enums import Responsibility
from accounts.services import members_responsible_for
from catalog.enums import ReviewState
from catalog.errors import ListingError
from catalog.models import Technology, TechnologyDocument
from catalog.models.technologies import CONFIRMATION_PERIOD, REMINDER_PERIOD
from catalog.services.publishing import save_draft, submit_for_review
from catalog.services.requirements import missing_for_review
from catalog.signals import listings_changed
from notices.enums import Topic
from notices.services import notify


@transaction.atomic
def send_technology(technology: Technology, *, user) -> Technology:
    """Send the latest draft for review, which confirms it too; raise ListingError while something is missing."""
    version = technology.get_latest_revision_as_object()
    missing = missing_for_review(version)
    if missing:
        raise ListingError(
            _("还缺 %(count)d 项必填内容：%(items)s。")
            % {"count": len(missing), "items": "；".join(str(item.sentence) for item in missing)}
        )
    if technology.latest_revision_id is None or not technology.has_unpublished_changes:
        technology = save_draft(version, user=user)
    technology.confirmed_at = timezone.now()
    technology.save(update_fields=["confirmed_at"])
    return submit_for_review(technology, user=user)


@transaction.atomic
def confirm_technology(technology: Technology, *, user) -> None:
    """Note that a live listing still holds, so that it stays in the public view for another 12 months."""
    if not technology.live:
        raise ListingError(_("只有已发布的技术需要确认。"))
    Technology.objects.filter(pk=technology.pk).update(confirmed_at=timezone.now())
    log(instance=technology, action="catalog.confirm", user=user)
    listings_changed.send(sender=Technology, kind="technology", ids=[technology.pk])


def remind_of_confirmations() -> int:
    """Tell suppliers once, 30 days ahead, which listings leave the public view unless confirmed; return how many."""
    now = timezone.now()
    due = Technology.objects.filter(
        live=True,
        merged_into=None,
        organisation__isnull=False,
        confirmed_at__range=(now - CONFIRMATION_PERIOD, now - CONFIRMATION_PERIOD + REMINDER_PERIOD),
    ).select_related("organisation")
    return sum(_remind(technology) for technology in due)


def _remind(technology: Technology) -> int:
    leaves_at = timezone.localtime(technology.leaves_public_view_at)
    return notify(
        members_responsible_for(technology.organisation, Responsibility.ENERGY),
        topic=Topic.REVIEW,
        key=f"confirm:{technology.pk}:{technology.confirmed_at:%Y%m%d}",
        title=_("请确认“%s”是否仍然有效") % technology.title,
        body=_("如不确认，该技术将于 %s 退出公开展示。") % f"{leaves_at:%Y-%m-%d}",
        link=reverse("catalog:my_technology", args=[technology.pk]),
    )


@transaction.atomic
def take_down_technology(technology: Technology, *, user) -> None:
    """Take a live listing out of the public view; its text stays and can be sent for review again."""
    if not technology.live:
        raise ListingError(_("该技术没有发布，无需下架。"))
    if technology.current_workflow_state is not None:
        technology.current_workflow_state.cancel(user=user)
    has_draft = technology.has_unpublished_changes and technology.latest_revision_id
    UnpublishAction(technology, user=user).execute(skip_permission_checks=True)
    if not has_draft:
        save_draft(technology, user=user)


@transaction.atomic
def delete_technology_draft(technology: Technology, *, user) -> None:
    """Delete a listing that was never public, or drop the unsent changes of a live one."""
    state = technology.review_state
    if state.is_under_review:
        raise ListingError(_("该条目正在审核中，请先撤回。"))
    if technology.live:
        discard_changes(technology, user=user)
    elif state == ReviewState.WITHDRAWN:
        raise ListingError(_("曾经发布过的技术不能删除，只能保持下架。"))
    else:
        log(instance=technology, action="wagtail.delete", user=user)
        technology.delete()


@transaction.atomic
def discard_changes(technology: Technology, *, user) -> None:
    """Return to the live version: a workflow that returned the changes ends, the live text is the latest again."""
    if technology.current_workflow_state is not None:
        technology.current_workflow_state.cancel(user=user)
    live = Technology.objects.get(pk=technology.pk)
    revision = live.save_revision(user=user, log_action="catalog.discard")
    Technology.objects.filter(pk=technology.pk).update(
        has_unpublished_changes=False, live_revision=revision, latest_revision=revision
    )


@transaction.atomic
def add_document(technology: Technology, file, *, title: str, user) -> Technology:
    """Store a checked upload and add it to the draft."""
    document = TechnologyDocument(title=title)
    document.file.save(file.name, file, save=False)
    technology.documents.add(document)
    return save_draft(technology, user=user)


@transaction.atomic
def remove_document(technology: Technology, position: int, *, user) -> Technology:
    """Take a document out of the draft; the file stays while the live version or an old one shows it."""
    documents = list(technology.documents.all())
    del documents[position]
    technology.documents.set(documents)
    return save_draft(technology, user=user)
