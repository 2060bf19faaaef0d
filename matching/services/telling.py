"""Who hears of what was said of a match."""

from collections.abc import Iterable

from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.enums import Responsibility
from accounts.roles import Duty
from accounts.services.recipients import members_responsible_for, officials_with
from catalog.masking import Level, masked
from catalog.models import Demand
from matching.enums import Side, Verdict
from matching.models import Feedback
from notices.enums import Topic
from notices.services import in_site_language, notify


@in_site_language
def tell_interest(feedback: Feedback) -> None:
    """Tell the other side and the officials who push that one side is interested."""
    values = _names(feedback)
    if feedback.side == Side.ENTERPRISE:
        title = _("%(who)s对技术“%(technology)s”感兴趣") % values
        body = _("来自需求“%(demand)s”。请在“适配需求”中查看详情并回应。") % values
    else:
        title = _("%(who)s愿意承接需求“%(demand)s”") % values
        body = _("对方提供的技术：%(technology)s。请在匹配清单中查看并反馈。") % values
    _tell_both(feedback, f"interest:{_pair(feedback)}", title, body, values)


@in_site_language
def tell_outcome(feedback: Feedback) -> None:
    """Tell the other side and the officials who push that a pair was introduced or implemented, as one side says."""
    values = {**_names(feedback), "outcome": feedback.get_verdict_display()}
    if feedback.side == Side.ENTERPRISE:
        title = _("%(who)s登记：技术“%(technology)s”%(outcome)s") % values
        body = _("来自需求“%(demand)s”。如与实际不符，请与对方或平台工作人员联系。") % values
    else:
        title = _("%(who)s提出：需求“%(demand)s”%(outcome)s，请确认") % values
        body = _("技术：%(technology)s。请在匹配清单中确认；未经贵单位确认不计入。") % values
    _tell_both(feedback, f"{feedback.verdict}:{_pair(feedback)}", title, body, values)


@in_site_language
def tell_recorded(feedback: Feedback) -> None:
    """Tell the enterprise what an official recorded in its place."""
    organisation = feedback.demand.organisation
    if organisation is None:
        return
    values = {**_names(feedback), "outcome": feedback.get_verdict_display()}
    notify(
        members_responsible_for(organisation, Responsibility.ENERGY),
        topic=Topic.FEEDBACK,
        key=f"recorded:{feedback.verdict}:{_pair(feedback)}",
        title=_("平台工作人员登记：技术“%(technology)s”%(outcome)s") % values,
        body=_("来自贵单位的需求“%(demand)s”。如与实际不符，可在匹配清单中修改或撤销。") % values,
        link=reverse("matching:matches", args=[feedback.demand_id]),
        sender=feedback.user,
    )


@in_site_language
def tell_declined(proposal: Feedback, *, sender) -> None:
    """Tell the supplier that the enterprise did not confirm what it proposed."""
    organisation = proposal.technology.organisation
    if organisation is None:
        return
    values = {**_names(proposal), "outcome": proposal.get_verdict_display()}
    notify(
        members_responsible_for(organisation, Responsibility.ENERGY),
        topic=Topic.FEEDBACK,
        key=f"declined:{proposal.verdict}:{_pair(proposal)}:{proposal.updated_at:%Y%m%d%H%M%S}",
        title=_("需求“%(demand)s”的“%(outcome)s”未获确认") % values,
        body=_("技术：%(technology)s。用能单位认为与实际不符；如有异议，请与平台工作人员联系。") % values,
        link=reverse("matching:needs"),
        sender=sender,
    )


def _pair(feedback: Feedback) -> str:
    return f"{feedback.side}:{feedback.demand_id}:{feedback.technology_id}"


def _names(feedback: Feedback) -> dict[str, str]:
    values = {"demand": feedback.demand.title, "technology": feedback.technology.title}
    if feedback.side == Side.ENTERPRISE:
        # What the enterprise hides from matched suppliers, its name above all, must not travel in a message.
        label = masked(feedback.demand, Level.MATCHED).organisation_label
        return {**values, "who": label or _("一家用能单位")}
    return {**values, "who": feedback.technology.owner_label}


def _tell_both(feedback: Feedback, key: str, title: str, body: str, values: dict[str, str]) -> None:
    demand, technology = feedback.demand, feedback.technology
    if feedback.side == Side.ENTERPRISE:
        # A supplier cannot open a need that is still under review; it hears of it when it is public.
        other, link = technology.organisation if demand.live else None, reverse("matching:needs")
    else:
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
        verdict__in=Verdict.positive(),
    ).select_related("demand__organisation", "technology__organisation", "user")
    for feedback in waiting:
        if feedback.verdict == Verdict.INTERESTED:
            tell_interest(feedback)
        else:
            tell_outcome(feedback)
