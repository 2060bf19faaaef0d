"""Notices are written once, at each person's rhythm."""

from django.utils import timezone

from notices.enums import Channel, Rhythm, Topic
from notices.models import Notice
from notices.services import Message, last_contacted, last_notice, notify, notify_each
from notices.services.preferences import set_rhythms

WHAT = {"topic": Topic.MATCH, "key": "match:1", "title": "有一项技术适合您的需求"}


def test_notify_tells_each_person_once(cast):
    people = [cast.enterprise, cast.bank, cast.enterprise]
    assert notify(people, **WHAT) == 2
    assert notify([*people, cast.supplier], **WHAT) == 1
    assert Notice.objects.count() == 3


def test_notify_uses_few_queries_for_many_people(cast, django_assert_num_queries):
    with django_assert_num_queries(5):
        notify([cast.enterprise, cast.bank, cast.supplier, cast.reviewer], **WHAT)


def test_notify_leaves_inactive_people_out(cast):
    cast.bank.is_active = False
    assert notify([cast.bank], **WHAT) == 0


def test_notify_follows_the_preferences_of_each_channel(cast):
    set_rhythms(
        cast.enterprise,
        {(Topic.MATCH, Channel.INBOX): Rhythm.OFF, (Topic.MATCH, Channel.EMAIL): Rhythm.WEEKLY},
    )
    notify([cast.enterprise], **WHAT)
    notice = Notice.objects.get()
    assert (notice.in_inbox, notice.mail_rhythm) == (False, Rhythm.WEEKLY)
    assert notice.mail_due_at > timezone.now()


def test_notice_for_a_daily_inbox_shows_when_its_day_has_come(cast):
    set_rhythms(cast.enterprise, {(Topic.MATCH, Channel.INBOX): Rhythm.DAILY})
    notify([cast.enterprise], **WHAT)
    assert not Notice.objects.inbox_of(cast.enterprise).exists()
    Notice.objects.update(visible_at=timezone.now())
    assert Notice.objects.inbox_of(cast.enterprise).count() == 1


def test_notify_each_gives_everyone_a_text_of_their_own(cast):
    told = notify_each(
        [Message(cast.enterprise, "a", "甲"), Message(cast.bank, "a", "乙")],
        topic=Topic.MATCH,
        sender=cast.pusher,
    )
    assert told == 2
    assert last_notice(cast.bank).title == "乙"
    assert last_notice(cast.bank).sender == cast.pusher


def test_last_contacted_covers_all_senders_and_leaves_out_the_untold(cast):
    notify([cast.enterprise], **WHAT)
    notify([cast.enterprise], topic=Topic.ACCOUNT, key="b", title="乙")
    newest = last_notice(cast.enterprise)
    assert last_contacted([cast.enterprise.pk, cast.bank.pk]) == {cast.enterprise.pk: newest.created_at}
    assert last_contacted([cast.enterprise.pk], topic=Topic.MATCH)[cast.enterprise.pk] < newest.created_at
    assert last_notice(cast.bank) is None


def test_notice_written_is_sent_after_commit(cast, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        notify([cast.supplier], topic=Topic.REVIEW, key="r", title="审核已通过", link="/x/")
    assert [mail.subject for mail in mailoutbox] == ["审核已通过"]
