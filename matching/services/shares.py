"""Divide the nightly run among workers, on one machine or several, so that what a killed one held is finished."""

from uuid import uuid4

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from matching.models import MatchingShare
from matching.models.shares import LEASE
from matching.services import recommending
from matching.services.library import prepare_for


def begin_run() -> list[int]:
    """Build the index anew, drop lists of demands that are gone and write down the shares; return their keys.

    Shares of an earlier run are dropped: a worker that still holds one stops at its next step.
    """
    recommending.begin_anew()
    ids = list(recommending.matchable_demands().order_by("pk").values_list("pk", flat=True))
    size = settings.MATCHING_NEEDS_PER_TASK
    with transaction.atomic():
        MatchingShare.objects.all().delete()
        for start in range(0, len(ids), size):
            share = ids[start : start + size]
            MatchingShare.objects.create(first_id=share[0], last_id=share[-1])
        return list(MatchingShare.objects.order_by("first_id").values_list("pk", flat=True))


def compute_share(share_id: int) -> bool:
    """Compute the lists of a share, unless another worker holds it or it is done; return whether it was the last.

    May be called any number of times, at the same time by several workers: one of them gets the share. A worker that
    was silent for longer than its lease loses it.
    """
    holder = uuid4()
    mine = MatchingShare.objects.filter(pk=share_id, holder=holder)
    if not MatchingShare.objects.free().filter(pk=share_id).update(holder=holder, held_until=_lease()):
        return False
    share = mine.first()
    if share is None:
        return False
    demands = recommending.matchable_demands()
    ids = list(
        demands.filter(pk__gte=share.first_id, pk__lte=share.last_id)
        .order_by("pk")
        .values_list("pk", flat=True)
    )
    prepare_for(len(ids))
    for start in range(0, len(ids), recommending.BATCH):
        step = ids[start : start + recommending.BATCH]
        recommending.update_demands(step)
        if not mine.update(first_id=step[-1] + 1, held_until=_lease()):
            return False
    return bool(mine.delete()[0]) and not MatchingShare.objects.exists()


def shares_left_behind() -> list[int]:
    """Return the shares to be queued once more, and note that they are."""
    with transaction.atomic():
        found = list(MatchingShare.objects.left_behind().select_for_update().values_list("pk", flat=True))
        MatchingShare.objects.filter(pk__in=found).update(queued_at=timezone.now())
    return found


def _lease():
    return timezone.now() + LEASE
