"""Background work of the matcher."""

from celery import group, shared_task

from matching.services import learning, recommending
from matching.services.exposure import measure_exposure
from matching.services.reserve import (
    listed_between,
    listed_technologies,
    recompute_reserve,
    refresh_reserve,
    rescore,
)
from matching.services.telling import tell_waiting_interest


@shared_task
def update_demands(*, demand_ids: list[int]):
    """Compute the lists of demands that changed, and tell of interest that waited for their publication."""
    listed = listed_technologies(demand_ids)
    recommending.update_demands(demand_ids)
    refresh_reserve(listed | listed_technologies(demand_ids))
    tell_waiting_interest(demand_ids)


@shared_task
def update_technologies(*, technology_ids: list[int]):
    """Compute the lists that changed technologies are in or belong in."""
    recommending.update_technologies(technology_ids)
    refresh_reserve(technology_ids)


@shared_task
def match_all():
    """Compute every list, nightly: validity and deadlines end without an event.

    The exposure is measured before, on the lists of the day, so that all new lists follow the same figures;
    where one worker computes them, afterwards too, so that the officials' page speaks of one state.
    """
    measure_exposure()
    shares = recommending.partitions()
    if len(shares) < 2:
        recommending.match_all()
        measure_exposure()
        recompute_reserve()
        return
    refresh_reserve(recommending.begin_anew())
    group(match_partition.s(first_id=first, last_id=last) for first, last in shares).apply_async()


@shared_task
def match_partition(*, first_id: int, last_id: int):
    """Compute the lists of a share of the demands; several workers, also on several machines, divide them."""
    listed = listed_between(first_id, last_id)
    recommending.match_partition(first_id, last_id)
    refresh_reserve(listed | listed_between(first_id, last_id))


@shared_task
def learn_from_feedback():
    """Fit the weights of the score to feedback, nightly, and compute every list anew when others are in use."""
    if learning.learn_from_feedback():
        recommending.update_all()
        recompute_reserve()


@shared_task
def update_all():
    """Compute every list, after another model was put in use."""
    recommending.update_all()
    recompute_reserve()


@shared_task
def rescore_reserve():
    """Bring the reserve scores in step with changed weights."""
    rescore()


@shared_task
def recompute_all_reserve():
    """Compute every reserve score anew, where none has been computed yet."""
    recompute_reserve()
