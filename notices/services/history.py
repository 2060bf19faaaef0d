"""What people were told before."""

from collections.abc import Iterable
from datetime import datetime

from django.db.models import Max, Q

from accounts.models import User
from notices.enums import Topic
from notices.models import Notice


def last_contacted(user_ids: Iterable[int], *, topic: Topic | None = None) -> dict[int, datetime]:
    """Return when each person was last told something, over all senders; those never told are left out."""
    told = Notice.objects.filter(recipient__in=list(user_ids)).filter(
        Q(in_inbox=True) | Q(mail__isnull=False)
    )
    if topic is not None:
        told = told.filter(topic=topic)
    return dict(
        told.values("recipient").annotate(at=Max("created_at")).order_by().values_list("recipient", "at")
    )


def last_notice(user: User, *, topic: Topic | None = None) -> Notice | None:
    """Return the newest notice of a person, or None."""
    notices = Notice.objects.filter(recipient=user)
    return (notices.filter(topic=topic) if topic else notices).order_by("-created_at", "-pk").first()
