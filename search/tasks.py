"""Background work of search."""

from collections.abc import Collection

from celery import shared_task
from django.db import transaction

from search.enums import Kind
from search.saved_searches import run_due
from search.services import follow, rebuild_index, record_changes


@shared_task
def update_index():
    """Apply recorded changes; also run every minute, for those whose own message was lost."""
    follow()


@shared_task
def rebuild_search():
    """Index everything anew, nightly, against drift such as a renamed industry."""
    rebuild_index()


@shared_task
def alert_saved_searches():
    """Run the saved searches that are due; any number of runs at once do no harm."""
    run_due()


def follow_rows(kind: str, ids: Collection[int]) -> None:
    """Record what changed and apply it after the transaction; the minute's sweep does it if the broker is down."""
    if kind in Kind.values and ids:
        record_changes(kind, ids)
        transaction.on_commit(update_index.delay, robust=True)
