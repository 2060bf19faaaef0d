"""What each person chose, and how they change it with and without logging in."""

from collections.abc import Iterable

from django.core import signing
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from accounts.models import User
from notices.enums import Channel, Rhythm, Topic
from notices.models import Notice, Preference
from notices.services.rhythms import DEFAULTS, due_at

_signer = signing.Signer(salt="notices.unsubscribe", sep=".")


def rhythms_of(user_ids: Iterable[int], topic: Topic) -> dict[tuple[int, Channel], Rhythm]:
    """Return the rhythm of each person and channel for a topic, in one query.

    A choice for the topic wins over one for the whole channel (topic ""), that over the default.
    """
    ids = list(user_ids)
    chosen = Preference.objects.filter(user__in=ids, topic__in=["", topic]).order_by("topic")
    rhythms = {(pk, channel): DEFAULTS[channel, topic] for pk in ids for channel in Channel}
    rhythms.update({(item.user_id, Channel(item.channel)): Rhythm(item.rhythm) for item in chosen})
    return rhythms


def rhythms_for(user: User) -> dict[tuple[Topic, Channel], Rhythm]:
    """Return all rhythms of one person, by topic and channel, in one query."""
    chosen = {(item.topic, item.channel): Rhythm(item.rhythm) for item in user.preferences.all()}
    return {
        (topic, channel): chosen.get((topic, channel))
        or chosen.get(("", channel))
        or DEFAULTS[channel, topic]
        for topic in Topic
        for channel in Channel
    }


@transaction.atomic
def set_rhythms(user: User, rhythms: dict[tuple[Topic, Channel], Rhythm]) -> None:
    """Store choices; mail that waits is put on the new rhythm, or dropped when it is off."""
    Preference.objects.bulk_create(
        [
            Preference(user=user, topic=topic, channel=channel, rhythm=rhythm)
            for (topic, channel), rhythm in rhythms.items()
        ],
        update_conflicts=True,
        unique_fields=["user", "channel", "topic"],
        update_fields=["rhythm"],
    )
    now = timezone.now()
    for (topic, channel), rhythm in rhythms.items():
        if channel == Channel.EMAIL:
            waiting = Notice.objects.awaiting_mail().filter(recipient=user, topic=topic)
            waiting.exclude(mail_rhythm=rhythm).update(mail_due_at=due_at(rhythm, now), mail_rhythm=rhythm)


def unsubscribe_token(user: User, topic: Topic | str) -> str:
    """Return the token that ends a person's mail on a topic ("" for all) without log-in; it does not expire."""
    return _signer.sign(f"{user.pk}-{topic}")


def read_unsubscribe_token(token: str) -> tuple[User, list[Topic]] | None:
    """Return whose mail on which topics a token is about, or None when it is not one of ours."""
    try:
        pk, _separator, topic = _signer.unsign(token).partition("-")
    except signing.BadSignature:
        return None
    user = User.objects.filter(Q(pk=pk)).first()
    if user is None:
        return None
    return user, [Topic(topic)] if topic else list(Topic)
