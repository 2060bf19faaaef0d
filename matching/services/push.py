"""Choose what to tell whom, let an official look through it, and send it once."""

from collections import defaultdict
from collections.abc import Iterable

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import Responsibility
from accounts.services.recipients import members_responsible_for
from catalog.models import Demand, Technology
from matching.enums import Audience, PushState, Side, Verdict
from matching.errors import PushError
from matching.models import Feedback, Push, PushItem, Recommendation
from notices.enums import Topic
from notices.services import in_site_language, notify

# Systems that are run by production rather than by the energy manager.
PRODUCTION_SYSTEMS = {"kiln", "process", "drying", "resource"}


def responsibilities_of(demand: Demand) -> set[Responsibility]:
    """Return who answers for a need: energy by default, production for process equipment, finance for money."""
    wanted = set()
    codes = {system.code for system in demand.systems.all()}
    if codes & PRODUCTION_SYSTEMS:
        wanted.add(Responsibility.PRODUCTION)
    if not codes or codes - PRODUCTION_SYSTEMS:
        wanted.add(Responsibility.ENERGY)
    if demand.wants_finance:
        wanted.add(Responsibility.FINANCE)
    return wanted


def candidates(push: Push):
    """Recommendations good enough to be pushed: public on both sides, without conflict, refused by nobody."""
    refused = Feedback.objects.filter(
        demand=OuterRef("demand"), technology=OuterRef("technology"), verdict=Verdict.REFUSED
    )
    # An enterprise that already answered has seen the match; the other side may still be told.
    own_side = Side.ENTERPRISE if push.audience == Audience.ENTERPRISE else Side.SUPPLIER
    answered = Feedback.objects.filter(
        demand=OuterRef("demand"), technology=OuterRef("technology"), side=own_side
    )
    found = (
        Recommendation.objects.filter(
            score__gte=push.minimum_score,
            has_conflict=False,
            is_set_aside=False,
            demand__in=Demand.objects.public(),
            technology__in=Technology.objects.public(),
        )
        .exclude(Exists(refused))
        .exclude(Exists(answered))
        .order_by("-score", "pk")
    )
    if push.audience == Audience.ENTERPRISE:
        return found.filter(demand__organisation__isnull=False)
    return found.filter(technology__organisation__isnull=False)


@transaction.atomic
def prepare_push(
    *, audience: Audience, user, minimum_score: float = 0.5, per_person: int = 5, note: str = ""
) -> Push:
    """Store what would be sent to whom: at most `per_person` matches each, best first, none told before."""
    push = Push.objects.create(
        audience=audience, created_by=user, minimum_score=minimum_score, per_person=per_person, note=note
    )
    found = list(
        candidates(push)
        .select_related("demand__organisation", "technology__organisation")
        .prefetch_related("demand__systems")
    )
    told = set(
        PushItem.objects.filter(audience=audience, sent_at__isnull=False).values_list(
            "recipient", "demand", "technology"
        )
    )
    people = _people_of(found, audience)
    counts: dict[int, int] = defaultdict(int)
    items = []
    for recommendation in found:
        organisation, recipients = people(recommendation)
        for recipient in recipients:
            pair = (recipient.pk, recommendation.demand_id, recommendation.technology_id)
            if pair in told or counts[recipient.pk] >= per_person:
                continue
            counts[recipient.pk] += 1
            items.append(
                PushItem(
                    push=push,
                    recipient=recipient,
                    organisation=organisation,
                    audience=audience,
                    demand=recommendation.demand,
                    technology=recommendation.technology,
                    # What an enterprise said of other technologies is none of a supplier's business.
                    score=recommendation.score
                    if audience == Audience.ENTERPRISE
                    else recommendation.base_score,
                )
            )
    PushItem.objects.bulk_create(items, batch_size=500)
    return push


def _people_of(recommendations: Iterable[Recommendation], audience: Audience):
    """Return a function from a recommendation to its organisation and recipients, asking once for each."""
    known: dict[tuple[int, frozenset], list] = {}

    def people(recommendation):
        wanted = frozenset(responsibilities_of(recommendation.demand))
        if audience == Audience.ENTERPRISE:
            organisation = recommendation.demand.organisation
        else:
            organisation, wanted = recommendation.technology.organisation, wanted - {Responsibility.FINANCE}
        key = (organisation.pk, wanted)
        if key not in known:
            found = {}
            for responsibility in sorted(wanted):
                for person in members_responsible_for(organisation, responsibility):
                    found[person.pk] = person
            known[key] = list(found.values())
        return organisation, known[key]

    return people


def keep_only(push: Push, kept: Iterable[int]) -> int:
    """Mark every item whose id is not in `kept` as removed, the others as kept; return how many are kept."""
    _require_prepared(push)
    kept = set(kept)
    push.items.update(is_removed=True)
    return push.items.filter(pk__in=kept).update(is_removed=False)


@transaction.atomic
def send_push(push: Push, *, user) -> int:
    """Tell every recipient of the items that were kept, in one notice each; return how many were told.

    Calling it again does nothing more: the push is locked and marked, and an item that another push sent
    meanwhile is left out.
    """
    push = Push.objects.select_for_update().get(pk=push.pk)
    _require_prepared(push)
    told_meanwhile = PushItem.objects.filter(
        audience=push.audience,
        sent_at__isnull=False,
        recipient=OuterRef("recipient"),
        demand=OuterRef("demand"),
        technology=OuterRef("technology"),
    )
    items = list(
        push.items.filter(is_removed=False)
        .exclude(Exists(told_meanwhile))
        .filter(demand__in=Demand.objects.public(), technology__in=Technology.objects.public())
        .select_related("recipient", "demand", "technology")
    )
    if not items:
        raise PushError(_("没有可发送的条目：请至少保留一条，或重新生成推送。"))
    by_person = defaultdict(list)
    for item in items:
        by_person[item.recipient].append(item)
    for recipient, own in by_person.items():
        _tell(push, recipient, own, sender=user)
    now = timezone.now()
    PushItem.objects.filter(pk__in=[item.pk for item in items]).update(sent_at=now)
    Push.objects.filter(pk=push.pk).update(state=PushState.SENT, sent_at=now, sent_by=user)
    return len(by_person)


def discard_push(push: Push) -> None:
    """Give up a push that was not sent."""
    _require_prepared(push)
    Push.objects.filter(pk=push.pk).update(state=PushState.DISCARDED)


def _require_prepared(push: Push) -> None:
    if push.state != PushState.PREPARED:
        raise PushError(_("该推送已发送或已放弃，不能再修改。"))


@in_site_language
def _tell(push: Push, recipient, items: list[PushItem], *, sender) -> None:
    if push.audience == Audience.ENTERPRISE:
        title = _("有 {count} 项技术可能适合贵单位的需求").format(count=len(items))
        line, link = _("需求“{demand}”：{technology}，匹配度 {score}"), reverse("catalog:my_demands")
        if len({item.demand_id for item in items}) == 1:
            link = reverse("matching:matches", args=[items[0].demand_id])
    else:
        title = _("有 {count} 条需求可能适合贵单位的技术").format(count=len(items))
        line, link = _("技术“{technology}”：{demand}，匹配度 {score}"), reverse("matching:needs")
    lines = [
        line.format(demand=item.demand.title, technology=item.technology.title, score=f"{item.score:.0%}")
        for item in items
    ]
    notify(
        [recipient],
        topic=Topic.MATCH,
        key=f"push:{push.pk}",
        title=title,
        body="\n".join([*([push.note] if push.note else []), *lines]),
        link=link,
        sender=sender,
    )
