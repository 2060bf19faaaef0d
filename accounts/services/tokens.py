"""Keys of other systems."""

from collections.abc import Iterable

from django.db import transaction
from django.utils import timezone

from accounts.models import ApiToken, Organisation, User


@transaction.atomic
def issue_token(token: ApiToken, *, organisations: Iterable[Organisation], by: User) -> str:
    """Store a new token and return its key, which cannot be read again."""
    key = token.make_key()
    token.created_by = by
    token.save()
    token.organisations.set(organisations)
    return key


def revoke_token(token: ApiToken) -> None:
    """End a token; its key is refused from now on."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
