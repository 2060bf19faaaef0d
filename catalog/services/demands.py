"""What an enterprise does with its demands besides writing them."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from wagtail.actions.unpublish import UnpublishAction
from wagtail.models import WorkflowState

from catalog.enums import DemandOutcome
from catalog.errors import ListingError
from catalog.models import Demand
from catalog.services.publishing import save_draft, submit_for_review, withdraw_from_review


def is_under_review(demand: Demand) -> bool:
    """Tell whether reviewers are looking at the demand right now."""
    state = demand.current_workflow_state
    return state is not None and state.status == WorkflowState.STATUS_IN_PROGRESS


@transaction.atomic
def save_demand(demand: Demand, *, user, is_sent: bool) -> Demand:
    """Store what the enterprise typed and, where it is to be sent, hand it to the reviewers.

    An edit takes a demand back that reviewers are looking at, so that they never decide on an old text. Sending
    a closed demand opens it again.
    """
    if demand.pk is not None and is_under_review(demand):
        withdraw_from_review(demand, user=user)
    if is_sent and demand.is_closed:
        demand.outcome, demand.outcome_note, demand.closed_at = "", "", None
        Demand.objects.filter(pk=demand.pk).update(outcome="", outcome_note="", closed_at=None)
    demand = save_draft(demand, user=user)
    return submit_for_review(demand, user=user) if is_sent else demand


def unpublish(demand: Demand, *, user) -> None:
    """Take a demand out of the public view on behalf of its owner, who holds no permission of officials."""
    UnpublishAction(demand, user=user).execute(skip_permission_checks=True)


@transaction.atomic
def withdraw_demand(demand: Demand, *, user) -> Demand:
    """Take a demand back from the reviewers or out of the public view; its text stays."""
    if demand.current_workflow_state is not None:
        withdraw_from_review(demand, user=user)
    elif demand.live:
        unpublish(demand, user=user)
    else:
        raise ListingError(_("该需求没有在审核，也没有发布，无需撤回。"))
    return demand


@transaction.atomic
def close_demand(demand: Demand, *, user, outcome: DemandOutcome | str, note: str = "") -> Demand:
    """End a demand and say how it ended; it leaves review and the public view, and can be sent again."""
    if demand.is_closed:
        raise ListingError(_("该需求已经关闭。"))
    if demand.current_workflow_state is not None:
        withdraw_from_review(demand, user=user)
    demand.outcome, demand.outcome_note, demand.closed_at = DemandOutcome(outcome), note, timezone.now()
    demand.save(update_fields=["outcome", "outcome_note", "closed_at"])
    if demand.live:
        unpublish(demand, user=user)
    return demand


@transaction.atomic
def delete_draft(demand: Demand, *, user) -> None:
    """Delete a demand that was never public; others can only be withdrawn or closed."""
    if demand.first_published_at is not None:
        raise ListingError(_("已发布过的需求不能删除，可以撤回或关闭。"))
    if demand.current_workflow_state is not None:
        withdraw_from_review(demand, user=user)
    demand.delete()
