"""Colleagues are asked to join."""

from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import MemberRole, MemberState
from accounts.errors import AccountError
from accounts.models import Invitation, Membership, Organisation, User
from accounts.models.organisations import invitation_token
from accounts.signals import invitation_accepted, invitation_sent
from accounts.sms import send_sms

VALID_FOR = timedelta(days=14)
OPEN_EACH = 50
RESEND_AFTER = timedelta(minutes=2)


def invitation_address(invitation: Invitation) -> str:
    """Return the absolute address that lets its holder in."""
    return settings.SITE_URL + reverse("accounts:invitation", args=[invitation.token])


@transaction.atomic
def invite(invitation: Invitation, *, organisation: Organisation, by: User) -> Invitation:
    """Store an invitation and have it sent; an open one to the same address is used again.

    Raise AccountError when the person is a member already or too many invitations are open.
    """
    contact = {"email__iexact": invitation.email} if invitation.email else {"phone": invitation.phone}
    members = organisation.memberships.active()
    if members.filter(**{f"user__{key}": value for key, value in contact.items()}).exists():
        raise AccountError(_("对方已是本机构成员。"))
    opened = organisation.invitations.open()
    if same := opened.filter(**contact).first():
        return resend(same)
    if opened.count() >= OPEN_EACH:
        raise AccountError(_("未接受的邀请已达 %(count)s 个，请先撤回一些。") % {"count": OPEN_EACH})
    invitation.organisation, invitation.invited_by = organisation, by
    _send(invitation)
    return invitation


@transaction.atomic
def resend(invitation: Invitation) -> Invitation:
    """Send again with a new term and a new link; the old link ends. Nothing happens within two minutes."""
    now = timezone.now()
    if invitation.accepted_at or invitation.revoked_at:
        raise AccountError(_("该邀请已被接受或撤回。"))
    if invitation.sent_at and now - invitation.sent_at < RESEND_AFTER:
        return invitation
    invitation.token = invitation_token()
    _send(invitation)
    return invitation


def _send(invitation: Invitation) -> None:
    invitation.sent_at = timezone.now()
    invitation.expires_at = invitation.sent_at + VALID_FOR
    invitation.save()
    invitation_sent.send(sender=Invitation, invitation=invitation)


def send_sms_invitation(invitation: Invitation) -> None:
    """Send the link to the invited phone; raise SmsError when the gateway fails."""
    text = _("【%(site)s】%(inviter)s 邀请您加入“%(name)s”，14 天内打开链接接受：%(address)s")
    values = {
        "site": settings.WAGTAIL_SITE_NAME,
        "inviter": invitation.invited_by or "",
        "name": invitation.organisation.name,
        "address": invitation_address(invitation),
    }
    send_sms(invitation.phone, text % values)


def revoke(invitation: Invitation) -> None:
    """End an invitation; its link no longer lets anybody in."""
    Invitation.objects.filter(pk=invitation.pk, accepted_at=None).update(revoked_at=timezone.now())


@transaction.atomic
def accept(invitation: Invitation, *, user: User) -> Membership:
    """Make the holder of the link a member; raise AccountError when the invitation is not open any more."""
    invitation = Invitation.objects.select_for_update().select_related("organisation").get(pk=invitation.pk)
    membership = Membership.objects.filter(user=user, organisation=invitation.organisation).first()
    if membership is not None and membership.state == MemberState.ACTIVE:
        return membership
    if not invitation.is_open:
        raise AccountError(_("邀请已失效，请联系邀请人重新发送。"))
    membership = membership or Membership(user=user, organisation=invitation.organisation)
    membership.state, membership.role = MemberState.ACTIVE, MemberRole(invitation.role)
    membership.decided_by = invitation.invited_by
    for name in ("handles_energy", "handles_production", "handles_finance"):
        setattr(membership, name, getattr(invitation, name))
    membership.save()
    invitation.accepted_at = timezone.now()
    invitation.save(update_fields=["accepted_at"])
    invitation_accepted.send(sender=Invitation, membership=membership, invitation=invitation)
    return membership
