"""Mails leave once, at the chosen rhythm over all senders, whatever dies in between."""

import smtplib
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from allauth.account.models import EmailAddress
from django.core.mail.backends.locmem import EmailBackend

from notices.enums import Channel, MailState, Rhythm, Topic
from notices.models import Mail, Notice
from notices.services import notify
from notices.services.outbox import (
    BACKOFF_MINUTES,
    STALE_CLAIM,
    _claim,
    deliver_mails,
    retry_failed,
    write_mail_to_address,
    write_mails,
)
from notices.services.preferences import set_rhythms

MORNING = datetime(2026, 3, 2, 9, 0, tzinfo=ZoneInfo("Asia/Shanghai"))  # a Monday
FAILING = "tests.notices.services.test_outbox.FailingBackend"


class FailingBackend(EmailBackend):
    """A mail server at the network's edge that answers as the test says."""

    error: Exception = OSError("connection refused")

    def send_messages(self, messages):
        raise self.error


def run(now):
    write_mails(now=now)
    return deliver_mails(now=now)


def tell(user, key, *, topic=Topic.MATCH, now=MORNING, sender=None):
    notify([user], topic=topic, key=key, title=f"消息{key}", link="/demands/1/", sender=sender, now=now)


def test_mail_of_a_daily_topic_waits_for_the_morning_and_is_one(cast, mailoutbox):
    tell(cast.enterprise, "1", sender=cast.pusher)
    tell(cast.enterprise, "2", sender=cast.librarian)
    assert run(MORNING + timedelta(hours=1)) == 0
    assert run(MORNING + timedelta(hours=23)) == 1
    assert "消息1" in mailoutbox[0].body and "消息2" in mailoutbox[0].body
    assert mailoutbox[0].subject == "消息1 等 2 条消息"


def test_rhythm_holds_over_all_senders_for_three_weeks(cast, mailoutbox):
    set_rhythms(cast.enterprise, {(Topic.MATCH, Channel.EMAIL): Rhythm.WEEKLY})
    for hour in range(0, 20 * 24, 5):
        now = MORNING + timedelta(hours=hour)
        tell(cast.enterprise, f"{hour}", now=now, sender=(cast.pusher, cast.librarian)[hour % 2])
        run(now)
    assert len(mailoutbox) == 2
    assert {
        notice.mail_id for notice in Notice.objects.filter(created_at__lt=MORNING + timedelta(days=13))
    } == {mail.pk for mail in Mail.objects.all()}


def test_rhythm_holds_when_the_preference_is_turned_to_and_fro(cast, mailoutbox):
    tell(cast.enterprise, "1")
    assert run(MORNING + timedelta(hours=23)) == 1
    late = MORNING + timedelta(hours=25)
    tell(cast.enterprise, "2", now=late)
    Notice.objects.awaiting_mail().update(mail_due_at=late)
    assert run(late) == 0
    assert Notice.objects.get(key="2").mail_due_at == MORNING + timedelta(hours=47)
    assert run(MORNING + timedelta(hours=47)) == 1


def test_at_once_mails_within_minutes_are_bundled(cast, mailoutbox):
    tell(cast.supplier, "1", topic=Topic.REVIEW)
    assert run(MORNING) == 1
    for key in "23":
        tell(cast.supplier, key, topic=Topic.REVIEW, now=MORNING + timedelta(minutes=1))
    assert run(MORNING + timedelta(minutes=2)) == 0
    assert run(MORNING + timedelta(minutes=6)) == 1
    assert len(mailoutbox) == 2


def test_mail_is_dropped_when_turned_off_while_it_waits(cast, mailoutbox):
    tell(cast.enterprise, "1")
    set_rhythms(cast.enterprise, {(Topic.MATCH, Channel.EMAIL): Rhythm.OFF})
    assert run(MORNING + timedelta(days=8)) == 0


@pytest.mark.parametrize("change", ["inactive", "without", "unconfirmed"])
def test_mail_goes_to_no_unusable_address(cast, mailoutbox, change):
    tell(cast.enterprise, "1")
    if change == "inactive":
        cast.enterprise.is_active = False
    elif change == "without":
        cast.enterprise.email = ""
    else:
        EmailAddress.objects.create(user=cast.enterprise, email=cast.enterprise.email, verified=False)
    cast.enterprise.save()
    assert run(MORNING + timedelta(days=2)) == 0
    assert not Notice.objects.awaiting_mail().exists()


def test_mail_carries_one_click_unsubscribe_headers(cast, mailoutbox):
    tell(cast.enterprise, "1")
    run(MORNING + timedelta(days=1))
    headers = mailoutbox[0].extra_headers
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert headers["List-Unsubscribe"].strip("<>") in mailoutbox[0].body


def test_crash_between_claim_and_send_neither_loses_nor_doubles(cast, mailoutbox):
    tell(cast.supplier, "1", topic=Topic.REVIEW)
    write_mails(now=MORNING)
    assert _claim(Mail.objects.get(), MORNING)  # …and the process dies here
    assert deliver_mails(now=MORNING + timedelta(minutes=1)) == 0
    later = MORNING + STALE_CLAIM
    assert [deliver_mails(now=later), deliver_mails(now=later)] == [1, 0]
    assert mailoutbox[0].extra_headers["Message-ID"] == Mail.objects.get().message_id


def test_crash_after_writing_neither_loses_nor_doubles(cast, mailoutbox):
    tell(cast.supplier, "1", topic=Topic.REVIEW)
    assert [write_mails(now=MORNING), write_mails(now=MORNING)] == [1, 0]
    assert deliver_mails(now=MORNING) == 1


def test_claim_of_two_workers_is_won_by_one(cast):
    tell(cast.supplier, "1", topic=Topic.REVIEW)
    write_mails(now=MORNING)
    first, second = Mail.objects.get(), Mail.objects.get()
    assert [_claim(first, MORNING), _claim(second, MORNING)] == [True, False]


def test_mail_that_kills_every_process_is_given_up(cast):
    mail = write_mail_to_address("a@example.com", subject="甲", body="乙")
    Mail.objects.update(state=MailState.SENDING, attempts=len(BACKOFF_MINUTES) + 1, claimed_at=MORNING)
    assert deliver_mails(now=MORNING + STALE_CLAIM) == 0
    mail.refresh_from_db()
    assert mail.state == MailState.FAILED


def test_server_that_is_away_is_tried_again_with_longer_waits_and_then_given_up(cast, settings):
    settings.EMAIL_BACKEND = FAILING
    tell(cast.supplier, "1", topic=Topic.REVIEW)
    write_mails(now=MORNING)
    now, waits = MORNING, []
    for _attempt in range(len(BACKOFF_MINUTES)):
        deliver_mails(now=now)
        mail = Mail.objects.get()
        assert mail.state == MailState.WAITING
        waits.append((mail.due_at - now) // timedelta(minutes=1))
        now = mail.due_at
    assert waits == list(BACKOFF_MINUTES)
    deliver_mails(now=now)
    mail = Mail.objects.get()
    assert (mail.state, mail.last_error) == (MailState.FAILED, "OSError: connection refused")


def test_refused_address_fails_at_once_and_the_next_mail_is_still_tried(cast, settings, monkeypatch):
    settings.EMAIL_BACKEND = FAILING
    refusal = smtplib.SMTPRecipientsRefused({"a@example.com": (550, b"no such user")})
    monkeypatch.setattr(FailingBackend, "error", refusal)
    for name in "ab":
        write_mail_to_address(f"{name}@example.com", subject=name, body=name)
    deliver_mails()
    assert list(Mail.objects.values_list("state", "attempts")) == [(MailState.FAILED, 1)] * 2


def test_failed_mail_can_be_sent_again(cast, mailoutbox):
    write_mail_to_address("a@example.com", subject="甲\n乙", body="丙")
    Mail.objects.update(state=MailState.FAILED, attempts=6)
    assert retry_failed(Mail.objects.all()) == 1
    assert deliver_mails() == 1
    assert (mailoutbox[0].subject, mailoutbox[0].extra_headers.get("List-Unsubscribe")) == ("甲 乙", None)
