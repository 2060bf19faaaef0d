"""Listings on their way through review, for tests."""

from catalog.models import Demand, Technology
from catalog.services.publishing import save_draft, submit_for_review


def submitted_technology(cast, title="空压机余热回收", **fields):
    draft = save_draft(Technology(title=title, organisation=cast.supplier_firm, **fields), user=cast.supplier)
    return submit_for_review(draft, user=cast.supplier)


def submitted_demand(cast, title="空压站余热没有利用", **fields):
    draft = save_draft(Demand(title=title, organisation=cast.enterprise_firm, **fields), user=cast.enterprise)
    return submit_for_review(draft, user=cast.enterprise)


def waiting(listing):
    """Return the task state that waits for a decision."""
    return type(listing).objects.get(pk=listing.pk).current_workflow_state.current_task_state
