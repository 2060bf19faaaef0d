"""People join organisations, answer for subjects and leave."""

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import MemberRole, MemberState
from accounts.errors import AccountError
from accounts.models import Membership, Organisation, User
from accounts.signals import join_decided, join_requested, member_removed

OPEN_REQUESTS_EACH = 5


@transaction.atomic
def request_to_join(
    organisation: Organisation, *, user: User, wish: Membership, asks_official: bool = False
) -> Membership:
    """Ask the owners, or an official, to be let in; asking twice changes nothing.

    `wish` is unsaved and carries the message and the responsibilities. An organisation without owners always
    asks an official. Raise AccountError when the user has too many open requests.
    """
    membership = Membership.objects.select_for_update().filter(user=user, organisation=organisation).first()
    if membership is not None and membership.state == MemberState.ACTIVE:
        return membership
    asks_official = asks_official or not organisation.memberships.owners().exists()
    is_repeated = membership is not None and membership.state == MemberState.PENDING
    if is_repeated and (membership.asks_official or not asks_official):
        return membership
    if not is_repeated and user.memberships.pending().count() >= OPEN_REQUESTS_EACH:
        raise AccountError(
            _("您已有 %(count)s 个申请在等待处理，请先等待结果。") % {"count": OPEN_REQUESTS_EACH}
        )
    membership = membership or Membership(user=user, organisation=organisation)
    membership.state, membership.role = MemberState.PENDING, MemberRole.MEMBER
    membership.asks_official, membership.message = asks_official, wish.message
    membership.created_at, membership.decided_by = timezone.now(), None
    _copy_responsibilities(wish, membership)
    membership.save()
    join_requested.send(sender=Membership, membership=membership)
    return membership


@transaction.atomic
def decide_join(
    membership: Membership, *, decided_by: User, is_accepted: bool, role: MemberRole = MemberRole.MEMBER
) -> Membership:
    """Let someone in or not; raise AccountError when somebody decided before."""
    membership = (
        Membership.objects.select_for_update().select_related("organisation", "user").get(pk=membership.pk)
    )
    if membership.state != MemberState.PENDING:
        raise AccountError(_("该申请已被处理。"))
    membership.state = MemberState.ACTIVE if is_accepted else MemberState.REMOVED
    membership.role, membership.decided_by = role, decided_by
    membership.save()
    join_decided.send(
        sender=Membership, membership=membership, is_accepted=is_accepted, decided_by=decided_by
    )
    return membership


@transaction.atomic
def change_member(membership: Membership, *, role: MemberRole) -> Membership:
    """Store a member's responsibilities and role; raise AccountError rather than lose the last owner."""
    stored = Membership.objects.get(pk=membership.pk)
    if stored.is_owner and role != MemberRole.OWNER:
        _keep_an_owner(stored)
    membership.role = role
    membership.save()
    return membership


@transaction.atomic
def remove_member(membership: Membership, *, by: User) -> Membership:
    """Take somebody out, or leave oneself; raise AccountError for the last owner."""
    membership = Membership.objects.select_related("organisation", "user").get(pk=membership.pk)
    if membership.state != MemberState.ACTIVE:
        return membership
    if membership.is_owner:
        _keep_an_owner(membership)
    membership.state, membership.role, membership.decided_by = MemberState.REMOVED, MemberRole.MEMBER, by
    membership.save()
    if by != membership.user:
        member_removed.send(sender=Membership, membership=membership, by=by)
    return membership


def _keep_an_owner(membership: Membership) -> None:
    Organisation.objects.select_for_update().get(pk=membership.organisation_id)
    others = Membership.objects.owners().filter(organisation=membership.organisation_id)
    if not others.exclude(pk=membership.pk).exists():
        raise AccountError(_("这是机构唯一的管理员。请先将另一位成员设为管理员。"))


def _copy_responsibilities(source, target: Membership) -> None:
    for name in ("handles_energy", "handles_production", "handles_finance"):
        setattr(target, name, getattr(source, name))
