"""From waiting notices to mails that left, so that a crash neither loses nor doubles one.

Two steps, each safe to run in several workers at once. `write_mails` bundles what is due for a person into one
Mail row. `deliver_mails` claims a row, sends it and records that. Delivery is at least once: a claim left behind by a
dead process is taken up again after `STALE_CLAIM`, and because the Message-ID stays the same, a mail that
had left already is recognised by the receiver as the one it has.
"""

import smtplib
from datetime import datetime, timedelta

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.services.addresses import mail_address_of
from notices.enums import MailState, Rhythm
from notices.models import Mail, Notice
from notices.services.preferences import unsubscribe_token
from notices.services.rhythms import AT_ONCE_GAP, due_at, period_start
from notices.signals import notices_written

STALE_CLAIM = timedelta(minutes=10)
BACKOFF_MINUTES = (1, 5, 30, 120, 480)
BATCH = 200
_ABOUT_ONE_MAIL = (
    smtplib.SMTPRecipientsRefused,
    smtplib.SMTPSenderRefused,
    smtplib.SMTPDataError,
    ValueError,
)
_SPEED = [Rhythm.AT_ONCE, Rhythm.DAILY, Rhythm.WEEKLY]


def write_mails(*, now: datetime | None = None) -> int:
    """Write one mail for each person for whom something is due, and return how many were written."""
    now = now or timezone.now()
    due = Notice.objects.awaiting_mail().filter(mail_due_at__lte=now)
    user_ids = list(due.order_by().values_list("recipient", flat=True).distinct())
    return sum(_write_mail(user_id, now) for user_id in user_ids)


@transaction.atomic
def _write_mail(user_id: int, now: datetime) -> bool:
    user = User.objects.select_for_update().get(pk=user_id)  # one writer for a person at a time
    due = Notice.objects.awaiting_mail().filter(recipient=user, mail_due_at__lte=now)
    notices = list(due.order_by("created_at", "pk"))
    if not notices:
        return False
    address = mail_address_of(user)
    if address is None:
        due.update(mail_due_at=None, mail_rhythm=Rhythm.OFF)
        return False
    rhythms = {notice.mail_rhythm for notice in notices}
    if not any(_may_speak(user, rhythm, now) for rhythm in rhythms):
        for rhythm in rhythms - {Rhythm.AT_ONCE}:
            due.filter(mail_rhythm=rhythm).update(mail_due_at=due_at(rhythm, now))
        return False
    topics = {notice.topic for notice in notices}
    topic = topics.pop() if len(topics) == 1 else ""
    mail = Mail.objects.create(
        recipient=user,
        address=address,
        topic=topic,
        rhythm=min(rhythms, key=_SPEED.index),
        subject=_subject(notices),
        body=_body(user, notices, topic),
        due_at=now,
        created_at=now,
    )
    Notice.objects.filter(pk__in=[notice.pk for notice in notices]).update(mail=mail)
    return True


def _may_speak(user: User, rhythm: str, now: datetime) -> bool:
    """Whether a rhythm allows one more mail, whoever the earlier ones came from."""
    if rhythm == Rhythm.AT_ONCE:
        return not Mail.objects.filter(recipient=user, created_at__gt=now - AT_ONCE_GAP).exists()
    told = Notice.objects.filter(recipient=user, mail_rhythm=rhythm)
    return not told.filter(mail__created_at__gte=period_start(Rhythm(rhythm), now)).exists()


def write_mail_to_address(address: str, *, subject: str, body: str) -> Mail:
    """Put a mail to someone without an account into the outbox; it is sent as soon as possible."""
    mail = Mail.objects.create(
        address=address, subject=_one_line(subject), body=body, due_at=timezone.now(), rhythm=Rhythm.AT_ONCE
    )
    notices_written.send(sender=Mail, count=1)
    return mail


def deliver_mails(*, now: datetime | None = None) -> int:
    """Send what the outbox holds, and what a dead process left claimed; return how many mails left."""
    now = now or timezone.now()
    ready = Q(state=MailState.WAITING, due_at__lte=now) | Q(
        state=MailState.SENDING, claimed_at__lte=now - STALE_CLAIM
    )
    connection, sent = get_connection(), 0
    try:
        for mail in Mail.objects.filter(ready).select_related("recipient").order_by("due_at")[:BATCH]:
            if not _claim(mail, now):
                continue
            try:
                connection.open()
                _message(mail, connection).send()
            except (OSError, ValueError) as error:
                _record_failure(mail, error, now)
                if not isinstance(error, _ABOUT_ONE_MAIL):
                    break  # the server is away: the rest keeps its attempts for the next run
            else:
                Mail.objects.filter(pk=mail.pk).update(state=MailState.SENT, sent_at=now, last_error="")
                sent += 1
    finally:
        connection.close()
    return sent


def _claim(mail: Mail, now: datetime) -> bool:
    """Take a mail for this process alone: of several that try, one update matches."""
    unchanged = Mail.objects.filter(pk=mail.pk, state=mail.state, claimed_at=mail.claimed_at)
    if mail.attempts > len(BACKOFF_MINUTES):
        unchanged.update(state=MailState.FAILED, last_error=_("发送进程多次中断"))
        return False
    if not unchanged.update(state=MailState.SENDING, claimed_at=now, attempts=F("attempts") + 1):
        return False
    mail.attempts += 1
    return True


def _record_failure(mail: Mail, error: Exception, now: datetime) -> None:
    gives_up = mail.attempts > len(BACKOFF_MINUTES) or _is_final(error)
    wait = BACKOFF_MINUTES[min(mail.attempts, len(BACKOFF_MINUTES)) - 1]
    Mail.objects.filter(pk=mail.pk).update(
        state=MailState.FAILED if gives_up else MailState.WAITING,
        due_at=now + timedelta(minutes=wait),
        last_error=f"{type(error).__name__}: {error}"[:500],
    )


def _is_final(error: Exception) -> bool:
    """Whether the server refused the address for good, or the mail itself cannot be sent."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(code >= 500 for code, _text in error.recipients.values())
    return isinstance(error, ValueError)


def retry_failed(mails) -> int:
    """Put failed mails back into the outbox, with all attempts before them again; return how many."""
    return mails.filter(state=MailState.FAILED).update(
        state=MailState.WAITING, attempts=0, due_at=timezone.now(), claimed_at=None
    )


def _message(mail: Mail, connection) -> EmailMessage:
    headers = {"Message-ID": mail.message_id}
    if mail.recipient:
        paths = set(mail.notices.values_list("unsubscribe", flat=True))
        # One click ends what the whole mail is about: one matter, or else the topic.
        is_one = len(paths) == 1 and "" not in paths
        address = (
            settings.SITE_URL + paths.pop() if is_one else _unsubscribe_address(mail.recipient, mail.topic)
        )
        headers["List-Unsubscribe"] = f"<{address}>"
        headers["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    return EmailMessage(mail.subject, mail.body, to=[mail.address], headers=headers, connection=connection)


def _subject(notices: list[Notice]) -> str:
    if len(notices) == 1:
        return _one_line(notices[0].title)
    return _one_line(_("%(title)s 等 %(count)s 条消息") % {"title": notices[0].title, "count": len(notices)})


def _one_line(text: str) -> str:
    return " ".join(text.split())[:200]


def _body(user: User, notices: list[Notice], topic: str) -> str:
    context = {
        "user": user,
        "notices": notices,
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_url": settings.SITE_URL,
        "preferences": settings.SITE_URL + reverse("notices:preferences"),
        "unsubscribe": _unsubscribe_address(user, topic),
    }
    return render_to_string("notices/mail.txt", context)


def _unsubscribe_address(user: User, topic: str) -> str:
    return settings.SITE_URL + reverse("notices:unsubscribe", args=[unsubscribe_token(user, topic)])
