"""Organisations come into being, change and are verified."""

from collections.abc import Iterable

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.enums import MemberRole, MemberState, Verification
from accounts.errors import AccountError
from accounts.models import Membership, Organisation, User
from accounts.signals import verification_decided, verification_requested

IDENTITY_FIELDS = {"name", "licence"}


@transaction.atomic
def create_organisation(organisation: Organisation, *, membership: Membership, owner: User) -> Organisation:
    """Store a new organisation with its first owner and ask for verification when a licence is there.

    `membership` is unsaved and carries the owner's responsibilities. A second submission by the same person
    returns what the first one made; raise AccountError when somebody else registered the code meanwhile.
    """
    try:
        with transaction.atomic():
            organisation.verification = Verification.UNVERIFIED
            organisation.save()
    except IntegrityError as error:
        existing = Organisation.objects.filter(credit_code=organisation.credit_code).first()
        if existing is not None and existing.memberships.owners().filter(user=owner).exists():
            return existing
        raise AccountError(_("该统一社会信用代码刚刚被他人登记，您可以申请加入。")) from error
    membership.user, membership.organisation = owner, organisation
    membership.role, membership.state = MemberRole.OWNER, MemberState.ACTIVE
    membership.save()
    request_verification(organisation)
    return organisation


@transaction.atomic
def update_organisation(organisation: Organisation, *, changed: Iterable[str]) -> Organisation:
    """Store what an owner changed; a new name or licence has to be verified again."""
    if IDENTITY_FIELDS & set(changed):
        organisation.verification = Verification.UNVERIFIED
        organisation.verified_at = organisation.verified_by = None
    organisation.save()
    request_verification(organisation)
    return organisation


def request_verification(organisation: Organisation) -> None:
    """Put an unverified organisation with a licence before the officials."""
    if organisation.verification != Verification.UNVERIFIED or not organisation.licence:
        return
    organisation.verification, organisation.verification_note = Verification.PENDING, ""
    organisation.save(update_fields=["verification", "verification_note"])
    verification_requested.send(sender=Organisation, organisation=organisation)


@transaction.atomic
def decide_verification(
    organisation: Organisation, *, official: User, is_verified: bool, note: str = ""
) -> Organisation:
    """Record an official's decision; repeating the same one tells nobody again.

    Raise AccountError when a refusal has no reason: the owners must know what to correct.
    """
    if not is_verified and not note.strip():
        raise AccountError(_("请填写不通过的原因，便于对方更正。"))
    organisation = Organisation.objects.select_for_update().get(pk=organisation.pk)
    state = Verification.VERIFIED if is_verified else Verification.REJECTED
    if (organisation.verification, organisation.verification_note) == (state, note.strip()):
        return organisation
    organisation.verification, organisation.verification_note = state, note.strip()
    organisation.verified_by, organisation.verified_at = official, timezone.now()
    organisation.save(update_fields=["verification", "verification_note", "verified_by", "verified_at"])
    verification_decided.send(sender=Organisation, organisation=organisation)
    return organisation
