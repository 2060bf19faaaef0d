"""Reading."""

from django.utils import timezone


def mark_read(notices) -> int:
    """Mark the unread ones among these notices as read, and return how many there were."""
    return notices.unread().update(read_at=timezone.now())
