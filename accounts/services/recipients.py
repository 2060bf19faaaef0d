"""Who should hear of something."""

from django.db.models import Q

from accounts.enums import MemberState, Responsibility
from accounts.models import Membership, Organisation, User
from accounts.roles import Duty


def members_responsible_for(organisation: Organisation, responsibility: Responsibility) -> list[User]:
    """Return the active members who answer for a subject, or the owners when nobody does."""
    members = organisation.memberships.filter(user__is_active=True)
    responsible = members.responsible_for(responsibility)
    chosen = responsible if responsible.exists() else members.owners()
    return list(User.objects.filter(memberships__in=chosen).distinct())


def owners_of(organisation: Organisation) -> list[User]:
    """Return the active owners."""
    owners = Membership.objects.owners().filter(organisation=organisation, user__is_active=True)
    return list(User.objects.filter(memberships__in=owners))


def members_of(organisation: Organisation) -> list[User]:
    """Return all active members."""
    return list(
        User.objects.filter(
            is_active=True, memberships__organisation=organisation, memberships__state=MemberState.ACTIVE
        )
    )


def officials_with(*duties: Duty) -> list[User]:
    """Return the active officials who hold one of the duties."""
    wanted = Q(groups__name__in=[duty.value for duty in duties])
    return list(User.objects.filter(wanted, is_active=True).distinct())
