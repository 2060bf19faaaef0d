"""Inviting colleagues and accepting."""

from django.contrib import messages
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from accounts.errors import AccountError
from accounts.forms.members import InvitationForm
from accounts.models import Invitation
from accounts.services import switch_organisation
from accounts.services.invitations import accept, invite, resend, revoke
from accounts.submissions import once
from accounts.views.access import owner_required


def usual_duties(organisation) -> dict[str, bool]:
    """Return what a colleague most likely answers for: in a bank that is neither energy nor production."""
    is_bank = organisation.is_financial and not (organisation.is_supplier or organisation.is_enterprise)
    return {"handles_energy": False, "handles_finance": True} if is_bank else {}


@owner_required
@once
def invite_colleague(request, organisation):
    """Invite someone by e-mail or phone."""
    form = InvitationForm(request.POST or None, initial=usual_duties(organisation))
    if request.method == "POST" and form.is_valid():
        try:
            invite(form.save(commit=False), organisation=organisation, by=request.user)
        except AccountError as error:
            form.add_error("contact", str(error))
        else:
            messages.success(request, _("邀请已发送，14 天内有效。也可以复制链接直接发给对方。"))
            return redirect("accounts:members")
    return render(request, "accounts/invite.html", {"form": form, "organisation": organisation})


@owner_required
@require_POST
def resend_invitation(request, organisation, pk):
    """Send an invitation again, with a new link."""
    try:
        resend(get_object_or_404(organisation.invitations, pk=pk))
    except AccountError as error:
        messages.warning(request, str(error))
    else:
        messages.success(request, _("邀请已重新发送，有效期重新计算。"))
    return redirect("accounts:members")


@owner_required
@require_POST
def revoke_invitation(request, organisation, pk):
    """End an invitation."""
    revoke(get_object_or_404(organisation.invitations, pk=pk))
    messages.success(request, _("邀请已撤回，原链接失效。"))
    return redirect("accounts:members")


@never_cache
def accept_invitation(request, token):
    """Show who invites, and let the holder of the link in once logged in."""
    invitation = Invitation.objects.select_related("organisation", "invited_by").filter(token=token).first()
    if invitation is None or not invitation.is_open:
        return render(request, "accounts/invitation_ended.html", status=404 if invitation is None else 410)
    if request.method == "POST" and request.user.is_authenticated:
        try:
            membership = accept(invitation, user=request.user)
        except AccountError as error:
            messages.error(request, str(error))
            return redirect(request.path)
        switch_organisation(request, membership.organisation)
        messages.success(request, _("您已加入“%(name)s”。") % {"name": membership.organisation.name})
        return redirect("accounts:organisation")
    return render(request, "accounts/invitation.html", {"invitation": invitation})
