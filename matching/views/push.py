"""The officials' push in the Wagtail admin: prepare, look through, send."""

from functools import wraps

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.roles import Duty, has_duty
from matching.enums import PushState
from matching.errors import PushError
from matching.forms import PreparePushForm
from matching.models import Push
from matching.services.push import discard_push, keep_only, prepare_push, send_push
from matching.services.push_review import group_by_person

PAGE_SIZE = 20


def require_push_duty(view):
    """Allow officials with the push duty; Wagtail already keeps everybody else out of the admin."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not has_duty(request.user, Duty.PUSH):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def _crumbs(*last):
    return [
        {"url": reverse("wagtailadmin_home"), "label": _("首页")},
        {"url": reverse("matching_push:index"), "label": _("推送")},
        *[{"url": "", "label": label} for label in last],
    ]


@require_push_duty
@require_http_methods(["GET", "HEAD", "POST"])
def push_index(request):
    """List past pushes and start a new one."""
    form = PreparePushForm(request.POST or None, initial={"audience": "enterprise"})
    if form.is_valid():
        push = prepare_push(user=request.user, **form.cleaned_data)
        if push.items.exists():
            return redirect("matching_push:detail", push.pk)
        push.delete()
        messages.warning(request, _("没有可推送的匹配：符合条件的都已告知过，或没有达到最低匹配度。"))
    pushes = Paginator(
        Push.objects.with_counts().select_related("created_by").order_by("-created_at", "-pk"), PAGE_SIZE
    )
    context = {
        "form": form,
        "pushes": pushes.get_page(request.GET.get("page")),
        "header_title": _("推送"),
        "breadcrumbs_items": _crumbs()[:2],
        "header_icon": "mail",
    }
    return render(request, "matching/admin/push_index.html", context)


@require_push_duty
@require_safe
def push_detail(request, pk):
    """Show who would be told what and why, or what was sent."""
    push = get_object_or_404(Push, pk=pk)
    context = {
        "push": push,
        "people": group_by_person(push),
        "is_open": push.state == PushState.PREPARED,
        "header_title": str(push),
        "breadcrumbs_items": _crumbs(str(push)),
        "header_icon": "mail",
    }
    return render(request, "matching/admin/push_detail.html", context)


@require_push_duty
@require_POST
def push_act(request, pk):
    """Keep what is ticked; then save, ask for confirmation, send or discard."""
    push = get_object_or_404(Push, pk=pk)
    action = request.POST.get("action")
    try:
        if action == "discard":
            discard_push(push)
            messages.success(request, _("已放弃该推送，没有发送任何消息。"))
            return redirect("matching_push:index")
        if action == "send":
            told = send_push(push, user=request.user)
            messages.success(
                request, ngettext("已告知 %(count)d 人。", "已告知 %(count)d 人。", told) % {"count": told}
            )
            return redirect("matching_push:detail", push.pk)
        ticked = set(request.POST.getlist("item"))
        kept = keep_only(push, [pk for pk in push.items.values_list("pk", flat=True) if str(pk) in ticked])
    except PushError as error:
        messages.error(request, str(error))
        return redirect("matching_push:detail", push.pk)
    if action == "review" and kept:
        people = [person for person in group_by_person(push) if person.kept]
        context = {
            "push": push,
            "people": people,
            "kept": kept,
            "header_title": _("确认发送"),
            "breadcrumbs_items": _crumbs(_("确认发送")),
            "header_icon": "mail",
        }
        return render(request, "matching/admin/push_confirm.html", context)
    messages.success(request, _("已保存，保留 {count} 条。").format(count=kept))
    return redirect("matching_push:detail", push.pk)
