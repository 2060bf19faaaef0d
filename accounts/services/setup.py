"""What officials may do with people and organisations."""

from django.db import transaction

from accounts.roles import Duty, grant

VERIFY = [f"accounts.{name}" for name in ("view_organisation", "verify_organisation", "view_membership")]
EDIT = [f"accounts.{name}" for name in ("add_organisation", "change_organisation")]
TOKENS = [f"accounts.{action}_apitoken" for action in ("view", "add", "change")]


@transaction.atomic
def set_up_accounts() -> None:
    """Give the duties their permissions here: both library duties verify, the push duty hands out keys."""
    grant(Duty.LIBRARY, [*VERIFY, *EDIT])
    grant(Duty.REVIEW, VERIFY)
    grant(Duty.PUSH, ["accounts.view_organisation", *TOKENS])
