"""Background work of the matcher."""

from celery import shared_task

from matching.services import recommending
from matching.services.telling import tell_waiting_interest


@shared_task
def update_demands(*, demand_ids: list[int]):
    """Compute the lists of demands that changed, and tell of interest that waited for their publication."""
    recommending.update_demands(demand_ids)
    tell_waiting_interest(demand_ids)


@shared_task
def update_technologies(*, technology_ids: list[int]):
    """Compute the lists that changed technologies are in or belong in."""
    recommending.update_technologies(technology_ids)


@shared_task
def match_all():
    """Compute every list, nightly: validity and deadlines end without an event."""
    recommending.match_all()
