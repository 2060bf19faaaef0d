"""A supplier's own technologies: the list, one listing's state, and what can be done with it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET

from accounts.models import Organisation
from accounts.submissions import once
from catalog.enums import ReviewState
from catalog.errors import ListingError
from catalog.models import Technology
from catalog.models.listings import load_review_states
from catalog.services.facts import differences
from catalog.services.publishing import withdraw_from_review
from catalog.services.technologies import (
    confirm_technology,
    delete_technology_draft,
    discard_changes,
    take_down_technology,
)

PAGE = 20


@dataclass(frozen=True)
class Action:
    """Something asked for once more before it is done."""

    carry_out: Callable
    heading: str
    text: str
    button: str
    done: str
    is_danger: bool = False
    leaves_nothing: bool = False


ACTIONS = {
    "withdraw": Action(
        withdraw_from_review,
        _("撤回审核"),
        _("撤回后审核人员不再处理本次提交，您可以修改后重新送审。"),
        _("撤回"),
        _("已撤回，可以继续修改。"),
    ),
    "take-down": Action(
        take_down_technology,
        _("下架技术"),
        _("下架后访客和用能单位看不到该技术，也不再向他们推荐。内容会保留，可重新送审恢复发布。"),
        _("下架"),
        _("已下架。"),
        is_danger=True,
    ),
    "discard": Action(
        discard_changes,
        _("放弃未发布的修改"),
        _("未发布的修改将不再保留，恢复为目前公开的内容。公开页面不受影响。"),
        _("放弃修改"),
        _("已恢复为公开的内容。"),
        is_danger=True,
    ),
    "delete": Action(
        delete_technology_draft,
        _("删除草稿"),
        _("删除后不能恢复，已上传的附件也会一并移除。"),
        _("删除"),
        _("草稿已删除。"),
        is_danger=True,
        leaves_nothing=True,
    ),
}


def lead_to_supplier(request):
    """Return a redirect for somebody who acts for no supplier, saying what to do first, else None."""
    mine = Organisation.objects.of_member(request.user)
    if mine.filter(is_supplier=True).exists():
        return None
    if mine.exists():
        messages.info(
            request,
            _(
                "只有技术供方可以发布技术。如果贵单位也提供技术，请本机构管理员在机构资料的“身份”中勾选“技术供方”。"
            ),
        )
        return redirect("accounts:organisation")
    messages.info(request, _("发布技术前，请先登记或加入您所在的机构。"))
    return redirect("accounts:organisation_new")


def own_technology(request, pk):
    """Return a technology of an organisation for which the user acts, else raise Http404."""
    return get_object_or_404(
        Technology.objects.editable_by(request.user).select_related("organisation", "latest_revision"), pk=pk
    )


def possible_actions(technology) -> list[str]:
    """Return the names of the actions that the listing's state allows."""
    state = technology.review_state
    allowed = {
        "withdraw": state.is_under_review,
        "take-down": technology.live,
        "discard": technology.live and not state.is_under_review and state != ReviewState.LIVE,
        "delete": state in {ReviewState.DRAFT, ReviewState.RETURNED} and not technology.first_published_at,
    }
    return [name for name, is_allowed in allowed.items() if is_allowed]


@login_required
@require_GET
def my_technologies(request):
    """List the technologies of the user's organisations with their state and what is to be done."""
    technologies = Technology.objects.editable_by(request.user).select_related("organisation", "merged_into")
    organisations = list(Organisation.objects.of_member(request.user))
    word = request.GET.get("q", "").replace("\0", "").strip()[:100]
    if word:
        technologies = technologies.filter(title__icontains=word)
    page = Paginator(technologies.order_by("-updated_at", "-pk"), PAGE).get_page(request.GET.get("page"))
    page.object_list = load_review_states(page.object_list)
    return render(
        request,
        "catalog/workspace/technology_list.html",
        {
            "page": page,
            "word": word,
            "organisations": organisations,
            "is_supplier": any(organisation.is_supplier for organisation in organisations),
        },
    )


@login_required
@require_GET
def my_technology(request, pk):
    """Show where a listing stands: state, decisions of every submission, changes not yet public."""
    technology = own_technology(request, pk)
    version = technology.get_latest_revision_as_object()
    changes = differences(technology, version) if technology.live and version is not technology else []
    return render(
        request,
        "catalog/workspace/technology_status.html",
        {
            "technology": technology,
            "version": version,
            "state": technology.review_state,
            "rounds": technology.review_rounds,
            "changes": changes,
            "actions": [(name, ACTIONS[name]) for name in possible_actions(technology)],
        },
    )


@login_required
@once
def change_technology(request, pk, action):
    """Ask once more, then withdraw, take down, discard or delete."""
    technology = own_technology(request, pk)
    spec = ACTIONS[action]
    status_url = reverse("catalog:my_technology", args=[pk])
    if action not in possible_actions(technology):
        messages.error(request, _("该技术目前的状态不能进行此操作。"))
        return redirect(status_url)
    if request.method == "POST":
        try:
            spec.carry_out(technology, user=request.user)
        except ListingError as error:
            messages.error(request, str(error))
            return redirect(status_url)
        messages.success(request, spec.done)
        return redirect("catalog:my_technologies" if spec.leaves_nothing else status_url)
    return render(
        request,
        "confirm.html",
        {
            "heading": f"{spec.heading}：{technology.title}",
            "text": spec.text,
            "action": spec.button,
            "is_danger": spec.is_danger,
            "back_url": status_url,
        },
    )


@login_required
def confirm(request, pk):
    """Note with one click that a live listing still holds."""
    technology = own_technology(request, pk)
    if request.method == "POST":
        try:
            confirm_technology(technology, user=request.user)
        except ListingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已确认“%s”仍然有效，可继续公开 12 个月。") % technology.title)
    return redirect(technology_status_url(pk) if "from_status" in request.POST else "catalog:my_technologies")


def technology_status_url(pk):
    return reverse("catalog:my_technology", args=[pk])
