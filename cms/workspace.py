"""What a person should do next, by what they act for."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta

from django.db.models import Count, Exists, OuterRef
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from wagtail.models import TaskState

from accounts.enums import MemberState, Verification
from accounts.models import Membership, Organisation
from accounts.roles import Duty, has_duty
from catalog.enums import ReviewState
from catalog.models import Demand, Technology
from catalog.models.listings import load_review_states
from catalog.models.technologies import CONFIRMATION_PERIOD
from matching.enums import PushState, Side
from matching.models import Feedback, Push, Recommendation
from matching.models.recommendations import MATCHED_SCORE

LISTED = 200
CONFIRM_AHEAD = timedelta(days=60)


@dataclass(frozen=True)
class Step:
    """One thing to do; kind is that of an alert: info, warning, error or success."""

    title: str
    text: str
    url: str
    action: str
    kind: str = "info"


@dataclass(frozen=True)
class Figure:
    label: str
    value: int
    url: str = ""
    note: str = ""


@dataclass(frozen=True)
class Section:
    """What one role sees."""

    title: str
    figures: list
    steps: list


def sections_for(user, organisation):
    """Return the sections of a person who acts for the organisation, which may be None."""
    sections = []
    if any(has_duty(user, duty) for duty in Duty):
        sections.append(official_section(user))
    elif organisation is None:
        sections.append(Section(_("开始使用"), [], newcomer_steps(user)))
    if organisation is not None:
        steps = organisation_steps(user, organisation)
        if steps:
            sections.append(Section(organisation.name, [], steps))
        if organisation.is_supplier:
            sections.append(supplier_section(organisation))
        if organisation.is_enterprise:
            sections.append(enterprise_section(organisation))
        if organisation.is_financial:
            sections.append(bank_section())
    return sections


def newcomer_steps(user):
    pending = Membership.objects.filter(user=user, state=MemberState.PENDING).select_related("organisation")
    steps = [
        Step(
            _("等待同意加入“%(name)s”") % {"name": membership.organisation.name},
            _("该机构的管理员或主管部门同意后，您会收到通知。"),
            reverse("accounts:organisation_new"),
            _("查看"),
        )
        for membership in pending
    ]
    return steps or [
        Step(
            _("创建或加入您的机构"),
            _("发布技术和需求、查看联系方式都以机构名义进行。请准备好统一社会信用代码。"),
            reverse("accounts:organisation_new"),
            _("创建或加入机构"),
        )
    ]


def organisation_steps(user, organisation):
    steps = []
    url = reverse("accounts:organisation")
    if organisation.verification == Verification.UNVERIFIED:
        text = _("上传营业执照后由主管部门核验。核验通过后，您可以查看技术供方的联系方式。")
        steps.append(Step(_("机构还没有核验"), text, url, _("提交核验"), "warning"))
    elif organisation.verification == Verification.REJECTED:
        steps.append(
            Step(_("机构核验未通过"), organisation.verification_note, url, _("修改并重新提交"), "error")
        )
    elif organisation.verification == Verification.PENDING:
        steps.append(Step(_("机构正在核验"), _("核验结果会通过站内信通知您。"), url, _("查看")))
    if organisation.memberships.owners().filter(user=user).exists():
        waiting = organisation.memberships.filter(state=MemberState.PENDING).count()
        if waiting:
            title = ngettext("%(count)d 人申请加入您的机构", "%(count)d 人申请加入您的机构", waiting)
            members = reverse("accounts:members")
            steps.append(
                Step(title % {"count": waiting}, _("请确认对方是您的同事。"), members, _("处理申请"))
            )
    return steps


def listing_steps(listings, edit_name):
    """Return steps for listings that were sent back or never sent, and how many stand where."""
    listings = load_review_states(listings)
    states = Counter(listing.review_state for listing in listings)
    returned = [listing for listing in listings if listing.review_state.is_returned]
    drafts = [listing for listing in listings if listing.review_state == ReviewState.DRAFT]
    steps = [
        Step(
            _("已退回：%(title)s") % {"title": listing.title},
            listing.return_reason,
            reverse(edit_name, args=[listing.pk]),
            _("修改"),
            "error",
        )
        for listing in returned[:3]
    ]
    steps += [
        Step(
            _("草稿：%(title)s") % {"title": listing.title},
            _("还没有提交审核。"),
            reverse(edit_name, args=[listing.pk]),
            _("继续填写"),
        )
        for listing in drafts[:3]
    ]
    live = sum(listing.live for listing in listings)
    in_review = sum(count for state, count in states.items() if state.is_under_review)
    return steps, live, in_review


def words_of(side):
    """Return what that side said of the pair of an outer recommendation."""
    return Feedback.objects.filter(demand=OuterRef("demand"), technology=OuterRef("technology"), side=side)


def supplier_section(organisation):
    mine = Technology.objects.filter(organisation=organisation, merged_into=None)
    url = reverse("catalog:my_technologies")
    steps, live, in_review = listing_steps(mine.order_by("-updated_at")[:LISTED], "catalog:edit_technology")
    lapse = timezone.now() - CONFIRMATION_PERIOD + CONFIRM_AHEAD
    to_confirm = mine.filter(live=True, confirmed_at__lt=lapse).count()
    if to_confirm:
        title = ngettext("%(count)d 项技术需要确认仍然有效", "%(count)d 项技术需要确认仍然有效", to_confirm)
        text = _("十二个月没有确认的条目会自动退出公开。")
        steps.insert(0, Step(title % {"count": to_confirm}, text, url, _("去确认"), "warning"))
    if not steps and not live and not in_review:
        text = _("分步填写，可随时保存；审核通过后公开，并自动与需求匹配。")
        new_url = reverse("catalog:new_technology")
        steps.append(Step(_("发布您的第一项技术"), text, new_url, _("发布技术")))
    counts = (
        Recommendation.objects.for_suppliers()
        .filter(technology__organisation=organisation)
        .aggregate(
            fitting=Count("demand", distinct=True),
            waiting=Count("demand", distinct=True, filter=~Exists(words_of(Side.SUPPLIER))),
        )
    )
    waiting = counts["waiting"]
    if waiting:
        title = ngettext("%(count)d 项适配的需求等您回应", "%(count)d 项适配的需求等您回应", waiting)
        text = _("看看为什么适合，表示有意向或不适合；您的回应会告知对方。")
        steps.append(Step(title % {"count": waiting}, text, reverse("matching:needs"), _("查看需求")))
    figures = [
        Figure(_("已公开的技术"), live, url),
        Figure(_("审核中"), in_review, url),
        Figure(_("适配的需求"), counts["fitting"], reverse("matching:needs")),
    ]
    return Section(_("技术供方"), figures, steps)


def enterprise_section(organisation):
    mine = Demand.objects.filter(organisation=organisation)
    url = reverse("catalog:my_demands")
    steps, live, in_review = listing_steps(mine.order_by("-updated_at")[:LISTED], "catalog:edit_demand")
    if not steps and not live and not in_review:
        text = _("五项内容即可发布，立即看到按匹配程度排列的技术。每项内容向谁开放由您决定。")
        steps.append(Step(_("发布您的第一项需求"), text, reverse("catalog:new_demand"), _("发布需求")))
    unanswered = (
        Recommendation.objects.current()
        .filter(demand__organisation=organisation, demand__live=True, score__gte=MATCHED_SCORE)
        .exclude(is_set_aside=True)
        .exclude(Exists(words_of(Side.ENTERPRISE)))
        .count()
    )
    if unanswered:
        title = ngettext("%(count)d 项匹配的技术等您表态", "%(count)d 项匹配的技术等您表态", unanswered)
        text = _("打开需求查看理由和数据，表示感兴趣或不合适，清单随之调整。")
        steps.append(Step(title % {"count": unanswered}, text, url, _("查看需求")))
    figures = [
        Figure(_("已公开的需求"), live, url),
        Figure(_("审核中"), in_review, url),
        Figure(_("待您表态的匹配"), unanswered, url),
    ]
    return Section(_("用能单位"), figures, steps)


def bank_section():
    wanting = Demand.objects.public().filter(wants_finance=True)
    public = [demand for demand in wanting if demand.visibility_of("wants_finance") == "public"]
    step = Step(
        _("查看希望对接融资的需求"),
        _("企业把融资意愿设为公开后才会列出；请按需求页上的联系方式或通过主管部门对接。"),
        f"{reverse('search:demands')}?finance=yes",
        _("查看需求"),
    )
    return Section(_("金融机构"), [Figure(_("公开的融资需求"), len(public), step.url)], [step])


def official_section(user):
    figures, steps = [], []
    if has_duty(user, Duty.REVIEW):
        waiting = TaskState.objects.reviewable_by(user).count()
        url = reverse("catalog_review:queue")
        figures.append(Figure(_("待审核条目"), waiting, url))
        if waiting:
            steps.append(
                Step(_("有条目等待审核"), _("可批量通过，退回时请写明原因。"), url, _("去审核"), "warning")
            )
    if user.has_perm("accounts.verify_organisation"):
        pending = Organisation.objects.filter(verification=Verification.PENDING).count()
        url = f"{reverse('accounts_organisations:list')}?verification={Verification.PENDING}"
        figures.append(Figure(_("待核验机构"), pending, url))
        if pending:
            steps.append(
                Step(
                    _("有机构等待核验"), _("请核对营业执照与统一社会信用代码。"), url, _("去核验"), "warning"
                )
            )
    if has_duty(user, Duty.PUSH):
        prepared = Push.objects.filter(state=PushState.PREPARED).count()
        url = reverse("matching_push:index")
        figures.append(Figure(_("待发送的推送"), prepared, url))
        steps.append(
            Step(_("推送匹配"), _("查看将推送给谁、为什么，移除不合适的，再发送。"), url, _("准备推送"))
        )
    if has_duty(user, Duty.LIBRARY):
        text = _("推荐目录、能源审计清单等表格，先试运行，再入库，可整批撤销。")
        steps.append(Step(_("由表格导入"), text, reverse("catalog_imports:index"), _("导入表格")))
    if has_duty(user, Duty.OPERATE):
        text = _("各部件是否正常、队列和邮件有无积压，以及怎么处理。")
        steps.append(Step(_("查看运行状况"), text, reverse("operation"), _("打开")))
    figures.append(Figure(_("公开技术"), Technology.objects.public().count(), reverse("search:technologies")))
    figures.append(Figure(_("公开需求"), Demand.objects.public().count(), reverse("search:demands")))
    return Section(_("主管部门"), figures, steps)
