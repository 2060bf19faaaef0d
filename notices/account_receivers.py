"""Tell people what happened to their organisations and requests."""

from django.dispatch import receiver
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts import signals
from accounts.enums import Verification
from accounts.models import User
from accounts.roles import Duty
from accounts.services.invitations import VALID_FOR, invitation_address
from accounts.services.recipients import officials_with, owners_of
from notices.enums import Topic
from notices.services import in_site_language, notify
from notices.services.outbox import write_mail_to_address


@receiver(signals.join_requested, dispatch_uid="tell_of_join_request")
@in_site_language
def tell_of_join_request(membership, **kwargs):
    person, organisation = membership.user, membership.organisation
    values = {"person": str(person), "organisation": organisation.name}
    key = f"join:{membership.pk}:{membership.created_at:%Y%m%d%H%M%S}"
    notify(
        owners_of(organisation),
        topic=Topic.ACCOUNT,
        key=key,
        title=_("%(person)s 申请加入“%(organisation)s”") % values,
        body=membership.message,
        link=reverse("accounts:members"),
        sender=person,
    )
    if membership.asks_official:
        notify(
            officials_with(Duty.LIBRARY, Duty.REVIEW),
            topic=Topic.ACCOUNT,
            key=f"{key}:official",
            title=_("%(person)s 申请加入“%(organisation)s”，请主管部门处理") % values,
            body=membership.message,
            link=reverse("accounts_join_requests:index"),
            sender=person,
        )


@receiver(signals.join_decided, dispatch_uid="tell_of_join_decision")
@in_site_language
def tell_of_join_decision(membership, is_accepted, decided_by, **kwargs):
    if is_accepted:
        title = _("您已加入“%(name)s”") % {"name": membership.organisation.name}
    else:
        title = _("您加入“%(name)s”的申请未获同意") % {"name": membership.organisation.masked_name}
    notify(
        [membership.user],
        topic=Topic.ACCOUNT,
        key=f"joined:{membership.pk}:{membership.created_at:%Y%m%d%H%M%S}",
        title=title,
        link=reverse("accounts:organisation"),
        sender=decided_by,
    )


@receiver(signals.member_removed, dispatch_uid="tell_of_removal")
@in_site_language
def tell_of_removal(membership, by, **kwargs):
    notify(
        [membership.user],
        topic=Topic.ACCOUNT,
        key=f"removed:{membership.pk}:{membership.created_at:%Y%m%d%H%M%S}",
        title=_("您已被移出“%(name)s”") % {"name": membership.organisation.name},
        body=_("如有疑问，请联系该机构的管理员。"),
        sender=by,
    )


@receiver(signals.invitation_sent, dispatch_uid="tell_of_invitation")
@in_site_language
def tell_of_invitation(invitation, **kwargs):
    values = {
        "inviter": str(invitation.invited_by or ""),
        "organisation": invitation.organisation.name,
        "address": invitation_address(invitation),
        "days": VALID_FOR.days,
    }
    title = _("%(inviter)s 邀请您加入“%(organisation)s”") % values
    if invitation.phone:
        notify(
            User.objects.filter(phone=invitation.phone),
            topic=Topic.ACCOUNT,
            key=f"invitation:{invitation.pk}:{invitation.sent_at:%Y%m%d%H%M%S}",
            title=title,
            link=reverse("accounts:invitation", args=[invitation.token]),
            sender=invitation.invited_by,
        )
    if invitation.email:
        body = _(
            "%(inviter)s 邀请您加入“%(organisation)s”，共同使用节能技术对接平台。\n\n打开链接接受（%(days)s 天内有效）：\n%(address)s\n\n如不认识对方，请忽略此邮件。"
        )
        write_mail_to_address(invitation.email, subject=title, body=body % values)


@receiver(signals.invitation_accepted, dispatch_uid="tell_of_acceptance")
@in_site_language
def tell_of_acceptance(membership, invitation, **kwargs):
    owners = [owner for owner in owners_of(membership.organisation) if owner != membership.user]
    notify(
        owners,
        topic=Topic.ACCOUNT,
        key=f"accepted:{invitation.pk}",
        title=_("%(person)s 已加入“%(organisation)s”")
        % {"person": membership.user, "organisation": membership.organisation.name},
        link=reverse("accounts:members"),
        sender=membership.user,
    )


@receiver(signals.verification_requested, dispatch_uid="tell_of_verification_request")
@in_site_language
def tell_of_verification_request(organisation, **kwargs):
    notify(
        officials_with(Duty.LIBRARY, Duty.REVIEW),
        topic=Topic.ACCOUNT,
        key=f"verify:{organisation.pk}:{organisation.licence.name}"[:120],
        title=_("“%(name)s”待核验") % {"name": organisation.name},
        link=reverse("accounts_organisations:verify", args=[organisation.pk]),
    )


@receiver(signals.verification_decided, dispatch_uid="tell_of_verification")
@in_site_language
def tell_of_verification(organisation, **kwargs):
    is_verified = organisation.verification == Verification.VERIFIED
    title = _("“%(name)s”已通过核验") if is_verified else _("“%(name)s”未通过核验")
    notify(
        owners_of(organisation),
        topic=Topic.ACCOUNT,
        key=f"verified:{organisation.pk}:{organisation.verified_at:%Y%m%d%H%M%S}",
        title=title % {"name": organisation.name},
        body=organisation.verification_note,
        link=reverse("accounts:organisation"),
        sender=organisation.verified_by,
    )
