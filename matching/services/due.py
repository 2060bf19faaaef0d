"""What the lists have yet to follow: recorded with each change, done soon, found again when a message is lost."""

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from matching.models import DueWork

OVERDUE_AFTER = timedelta(minutes=10)
AT_ONCE = 200
_ROWS = 400


def record_due(kind: str, ids: Iterable[int]) -> None:
    """Note in the transaction of a change that the lists of these listings are out of date."""
    rows = [DueWork(kind=kind, object_id=each) for each in sorted(set(ids))]
    DueWork.objects.bulk_create(
        rows, batch_size=_ROWS, update_conflicts=True, unique_fields=["kind", "object_id"],
        update_fields=["recorded_at"],
    )  # fmt: skip


@contextmanager
def doing(kind: str, ids: Iterable[int]) -> Iterator[None]:
    """Do the work for these listings inside; what was recorded before is then done, what came meanwhile stays."""
    wanted = set(ids)
    rows = [
        row
        for row in DueWork.objects.filter(kind=kind).values_list("pk", "object_id", "recorded_at")
        if row[1] in wanted
    ]
    yield
    for pk, _object_id, recorded_at in rows:
        DueWork.objects.filter(pk=pk, recorded_at=recorded_at).delete()


def overdue() -> Iterator[tuple[str, list[int]]]:
    """Yield kind and ids of work that nobody did in time, the oldest first, a worker's share at a time."""
    late = DueWork.objects.filter(recorded_at__lte=timezone.now() - OVERDUE_AFTER).order_by(
        "recorded_at", "pk"
    )
    for kind in ("technology", "demand"):
        ids = list(late.filter(kind=kind).values_list("object_id", flat=True))
        for place in range(0, len(ids), AT_ONCE):
            yield kind, ids[place : place + AT_ONCE]
