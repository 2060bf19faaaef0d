"""Background work of search."""

from celery import shared_task

from search.services import apply_changes, rebuild_index


@shared_task
def update_index():
    """Apply recorded changes; also run every minute, for those whose own message was lost."""
    apply_changes()


@shared_task
def rebuild_search():
    """Index everything anew, nightly, against drift such as a renamed industry."""
    rebuild_index()
