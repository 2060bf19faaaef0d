"""Store what people are told; who sends it, and when, is the outbox's matter."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from accounts.models import User
from notices.enums import Channel, Rhythm, Topic
from notices.models import Notice
from notices.services.preferences import rhythms_of
from notices.services.rhythms import due_at, slower
from notices.signals import notices_written


@dataclass(frozen=True)
class Message:
    """What one person is told; the key names the matter, so that nobody is told of it twice.

    `rhythm` is the quickest at which it may be mailed, `unsubscribe` a path that ends just such messages without
    log-in.
    """

    recipient: User
    key: str
    title: str
    body: str = ""
    link: str = ""
    rhythm: Rhythm = Rhythm.AT_ONCE
    unsubscribe: str = ""


def notify(
    recipients: Iterable[User],
    *,
    topic: Topic,
    key: str,
    title: str,
    body: str = "",
    link: str = "",
    sender: User | None = None,
    now: datetime | None = None,
) -> int:
    """Tell several people the same thing and return how many of them did not know it yet.

    Idempotent by person and key (at most 120 characters). Inbox and mail follow each person's preferences.
    `link` is a path on this site. One transaction; safe to call from any service.
    """
    messages = [Message(recipient, key, title, body, link) for recipient in recipients]
    return notify_each(messages, topic=topic, sender=sender, now=now)


@transaction.atomic
def notify_each(
    messages: Iterable[Message], *, topic: Topic, sender: User | None = None, now: datetime | None = None
) -> int:
    """Tell each person something of their own and return how many messages were new; see `notify`."""
    wanted = {(item.recipient.pk, item.key): item for item in messages if item.recipient.is_active}
    if not wanted:
        return 0
    user_ids = {pk for pk, _key in wanted}
    known = Notice.objects.filter(recipient__in=user_ids, key__in={key for _pk, key in wanted})
    for pair in known.values_list("recipient_id", "key"):
        wanted.pop(pair, None)
    rhythms, now = rhythms_of(user_ids, topic), now or timezone.now()
    notices = [
        _notice(
            message,
            topic=topic,
            sender=sender,
            inbox=rhythms[pk, Channel.INBOX],
            mail=slower(rhythms[pk, Channel.EMAIL], message.rhythm),
            now=now,
        )
        for (pk, _key), message in wanted.items()
    ]
    Notice.objects.bulk_create(notices, ignore_conflicts=True, batch_size=500)
    if notices:
        notices_written.send(sender=Notice, count=len(notices))
    return len(notices)


def _notice(message: Message, *, topic, sender, inbox: Rhythm, mail: Rhythm, now) -> Notice:
    return Notice(
        recipient=message.recipient,
        topic=topic,
        key=message.key,
        title=message.title[:200],
        body=message.body,
        link=message.link,
        sender=sender,
        in_inbox=inbox != Rhythm.OFF,
        visible_at=due_at(inbox, now) or now,
        mail_due_at=due_at(mail, now),
        mail_rhythm=mail,
        unsubscribe=message.unsubscribe,
        created_at=now,
    )
