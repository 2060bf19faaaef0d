"""Where a person may be written to."""

from allauth.account.models import EmailAddress

from accounts.models import User


def mail_address_of(user: User) -> str | None:
    """Return the address for mail, or None.

    None for people who are inactive, gave none, or never confirmed the one they gave: it may be a stranger's.
    """
    if not user.is_active or not user.email:
        return None
    if EmailAddress.objects.filter(user=user, email__iexact=user.email, verified=False).exists():
        return None
    return user.email
