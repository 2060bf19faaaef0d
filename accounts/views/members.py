"""The people of the current organisation."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.errors import AccountError
from accounts.forms.members import MemberForm
from accounts.services.invitations import invitation_address
from accounts.services.members import change_member, decide_join, remove_member
from accounts.views.access import is_owner, member_required, owner_required


@member_required
@never_cache
@require_GET
def member_list(request, organisation):
    """List members; owners also see requests and invitations."""
    owner = is_owner(request.user, organisation)
    invitations = list(organisation.invitations.open().select_related("invited_by")) if owner else []
    for invitation in invitations:
        invitation.address = invitation_address(invitation)
    context = {
        "organisation": organisation,
        "is_owner": owner,
        "members": organisation.memberships.active().select_related("user").order_by("-role", "created_at"),
        "requests": organisation.memberships.pending().select_related("user") if owner else [],
        "invitations": invitations,
        "tab": "members",
    }
    return render(request, "accounts/members.html", context)


@owner_required
def member_edit(request, organisation, pk):
    """Change a member's role and responsibilities."""
    membership = get_object_or_404(organisation.memberships.active().select_related("user"), pk=pk)
    form = MemberForm(request.POST or None, instance=membership)
    if request.method == "POST" and form.is_valid():
        try:
            change_member(form.save(commit=False), role=form.cleaned_data["role"])
        except AccountError as error:
            form.add_error("role", str(error))
        else:
            messages.success(request, _("成员职责已保存。"))
            return redirect("accounts:members")
    return render(request, "accounts/member_edit.html", {"form": form, "member": membership.user})


@member_required
def member_remove(request, organisation, pk):
    """Take a member out after asking; anyone may leave."""
    membership = get_object_or_404(organisation.memberships.active().select_related("user"), pk=pk)
    is_self = membership.user == request.user
    if not is_self:
        get_object_or_404(organisation.memberships.owners(), user=request.user)
    if request.method == "POST":
        try:
            remove_member(membership, by=request.user)
        except AccountError as error:
            messages.error(request, str(error))
            return redirect("accounts:members")
        messages.success(request, _("您已退出该机构。") if is_self else _("已移出该成员。"))
        return redirect("accounts:organisation" if is_self else "accounts:members")
    context = {
        "heading": _("退出机构") if is_self else _("移出成员"),
        "text": _("退出后不能再代表“%(name)s”操作，可重新申请加入。") % {"name": organisation.name}
        if is_self
        else _("“%(member)s”将不能再代表本机构操作，其已提交的内容保留。") % {"member": membership.user},
        "action": _("确认退出") if is_self else _("确认移出"),
        "back_url": reverse("accounts:members"),
        "is_danger": True,
    }
    return render(request, "confirm.html", context)


@owner_required
@require_POST
def decide(request, organisation, pk):
    """Accept or refuse a join request."""
    membership = get_object_or_404(organisation.memberships, pk=pk)
    is_accepted = request.POST.get("decision") == "accept"
    try:
        decide_join(membership, decided_by=request.user, is_accepted=is_accepted)
    except AccountError as error:
        messages.warning(request, str(error))
    else:
        text = _("已同意“%(name)s”加入。") if is_accepted else _("已拒绝“%(name)s”的申请。")
        messages.success(request, text % {"name": membership.user})
    return redirect("accounts:members")
