"""Background work of the matcher."""

from celery import group, shared_task

from matching.services import learning, recommending
from matching.services.due import doing, overdue
from matching.services.exposure import measure_exposure
from matching.services.library import fit_anew_if_outgrown
from matching.services.reserve import listed_technologies, recompute_reserve, refresh_reserve, rescore
from matching.services.shares import begin_run, compute_share, shares_left_behind
from matching.services.telling import tell_waiting_interest


@shared_task
def update_demands(*, demand_ids: list[int]):
    """Compute the lists of demands that changed, and tell of interest that waited for their publication."""
    with doing("demand", demand_ids):
        listed = listed_technologies(demand_ids)
        recommending.update_demands(demand_ids)
        refresh_reserve(listed | listed_technologies(demand_ids))
        tell_waiting_interest(demand_ids)


@shared_task
def update_technologies(*, technology_ids: list[int]):
    """Compute the lists that changed technologies are in or belong in."""
    with doing("technology", technology_ids):
        recommending.update_technologies(technology_ids)
        refresh_reserve(technology_ids)
    fit_anew_if_outgrown()


@shared_task
def make_up():
    """Do what a lost message left undone, every few minutes."""
    for kind, ids in overdue():
        if kind == "technology":
            update_technologies(technology_ids=ids)
        else:
            update_demands(demand_ids=ids)


@shared_task
def match_all():
    """Compute every list, nightly: validity and deadlines end without an event.

    The exposure is measured before, on the lists of the day, so that all new lists follow the same figures;
    afterwards too, so that the officials' page speaks of one state.
    """
    measure_exposure()
    shares = begin_run()
    if shares:
        group(match_share.s(share_id=share_id) for share_id in shares).apply_async()
    else:
        _finish_run()


@shared_task
def match_share(*, share_id: int):
    """Compute the lists of a share of the demands; several workers, also on several machines, divide them."""
    if compute_share(share_id):
        _finish_run()


@shared_task
def resume_matching():
    """Queue shares once more whose worker was killed, or whose message was lost."""
    for share_id in shares_left_behind():
        match_share.delay(share_id=share_id)


def _finish_run():
    measure_exposure()
    recompute_reserve()


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
