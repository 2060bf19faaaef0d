"""What each side says of a match, and who hears of it."""

from collections.abc import Iterable

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Responsibility
from accounts.models import User
from accounts.roles import Duty
from accounts.services.recipients import members_responsible_for, officials_with
from catalog.masking import Level, masked
from catalog.models import Demand, Technology
from matching.enums import RefusalReason, Side, Verdict
from matching.errors import FeedbackError
from matching.models import Feedback
from notices.enums import Topic
from notices.services import in_site_language, notify


@transaction.atomic
def give_feedback(
    demand: Demand,
    technology: Technology,
    *,
    side: Side,
    user: User,
    verdict: Verdict | str,
    reason_code: RefusalReason | str = "",
    note: str = "",
) -> Feedback:
    """Store the latest word of one side about a pair; saying the same again changes nothing.

    Interest is told to the other side and to the officials who push, once for each pair and side. Raise
    FeedbackError for a refusal without one of the reasons of that side.
    """
    verdict = Verdict(verdict)
    if verdict != Verdict.REFUSED:
        reason_code = ""
    elif reason_code not in RefusalReason.of(side):
        raise FeedbackError(_("请选择不合适的原因。"))
    feedback, _is_new = Feedback.objects.update_or_create(
        demand=demand,
        technology=technology,
        side=side,
        defaults={"user": user, "verdict": verdict, "reason_code": reason_code, "note": note},
    )
    if verdict == Verdict.INTERESTED:
        tell_interest(feedback)
    return feedback


def take_back(demand: Demand, technology: Technology, *, side: Side) -> None:
    """Forget what one side said of a pair."""
    Feedback.objects.filter(demand=demand, technology=technology, side=side).delete()


@in_site_language
def tell_interest(feedback: Feedback) -> None:
    """Tell the other side and the officials who push that one side is interested."""
    demand, technology = feedback.demand, feedback.technology
    key = f"interest:{feedback.side}:{demand.pk}:{technology.pk}"
    values = {"demand": demand.title, "technology": technology.title}
    if feedback.side == Side.ENTERPRISE:
        # What the enterprise hides from matched suppliers, its name above all, must not travel in a message.
        values["who"] = masked(demand, Level.MATCHED).organisation_label or _("一家用能单位")
        title = _("%(who)s对技术“%(technology)s”感兴趣") % values
        body = _("来自需求“%(demand)s”。请在“适配需求”中查看详情并回应。") % values
        other, link = technology.organisation, reverse("matching:needs")
        if not demand.live:
            # A supplier cannot open a need that is still under review; it hears of it when it is public.
            other = None
    else:
        values["who"] = technology.owner_label
        title = _("%(who)s愿意承接需求“%(demand)s”") % values
        body = _("对方提供的技术：%(technology)s。请在匹配清单中查看并反馈。") % values
        other, link = demand.organisation, reverse("matching:matches", args=[demand.pk])
    if other is not None:
        people = members_responsible_for(other, Responsibility.ENERGY)
        notify(people, topic=Topic.FEEDBACK, key=key, title=title, body=body, link=link, sender=feedback.user)
    organisation = demand.organisation.name if demand.organisation else _("未登记单位")
    notify(
        officials_with(Duty.PUSH),
        topic=Topic.FEEDBACK,
        key=key,
        title=title,
        body=_("需求单位：%(organisation)s；需求：%(demand)s；技术：%(technology)s。")
        % {**values, "organisation": organisation},
        link=reverse("catalog:demand", args=[demand.pk]),
        sender=feedback.user,
    )


def tell_waiting_interest(demand_ids: Iterable[int]) -> None:
    """Tell the suppliers of interest shown before the demands became public; nobody is told twice."""
    waiting = Feedback.objects.filter(
        demand__in=Demand.objects.public().filter(pk__in=list(demand_ids)),
        side=Side.ENTERPRISE,
        verdict=Verdict.INTERESTED,
    ).select_related("demand__organisation", "technology__organisation", "user")
    for feedback in waiting:
        tell_interest(feedback)
