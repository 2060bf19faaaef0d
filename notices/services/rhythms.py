"""When a rhythm lets a channel speak, in the time zone of the site."""

from datetime import datetime, timedelta

from django.utils import timezone

from notices.enums import Channel, Rhythm, Topic

DIGEST_HOUR = 8
AT_ONCE_GAP = timedelta(minutes=5)
_MONDAY = 0

DEFAULTS = {
    **{(Channel.INBOX, topic): Rhythm.AT_ONCE for topic in Topic},
    # Each saved search has a rhythm of its own; the topic's slows them all down.
    **{(Channel.EMAIL, topic): Rhythm.AT_ONCE for topic in (Topic.ACCOUNT, Topic.REVIEW, Topic.SEARCH)},
    **{(Channel.EMAIL, topic): Rhythm.DAILY for topic in (Topic.MATCH, Topic.FEEDBACK, Topic.IMPORT)},
}


def slower(*rhythms: Rhythm) -> Rhythm:
    """Return the rhythm among these that speaks least often.

    >>> slower(Rhythm.AT_ONCE, Rhythm.WEEKLY, Rhythm.DAILY)
    Rhythm.WEEKLY
    """
    return Rhythm(max(rhythms, key=Rhythm.values.index))


def due_at(rhythm: Rhythm, now: datetime) -> datetime | None:
    """Return when something written now may be told: now, the next 08:00, the next Monday 08:00, or never."""
    if rhythm == Rhythm.OFF:
        return None
    if rhythm == Rhythm.AT_ONCE:
        return now
    return period_start(rhythm, now) + timedelta(days=7 if rhythm == Rhythm.WEEKLY else 1)


def period_start(rhythm: Rhythm, now: datetime) -> datetime:
    """Return the latest 08:00, or Monday 08:00, that is not after now: the start of the running day or week."""
    local = timezone.localtime(now)
    start = local.replace(hour=DIGEST_HOUR, minute=0, second=0, microsecond=0)
    if rhythm == Rhythm.WEEKLY:
        start -= timedelta(days=(local.weekday() - _MONDAY) % 7)
    if start > local:
        start -= timedelta(days=7 if rhythm == Rhythm.WEEKLY else 1)
    return start
