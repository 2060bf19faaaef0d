"""Background work of search."""

from celery import shared_task

from search.saved_searches import run_due
from search.services import follow, rebuild_index


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
