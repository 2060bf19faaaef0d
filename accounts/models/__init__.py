"""Who: people, organisations and what they answer for."""

from accounts.models.organisations import Invitation, Membership, Organisation
from accounts.models.taxonomies import Area, Industry
from accounts.models.tokens import ApiToken
from accounts.models.users import User

__all__ = ["ApiToken", "Area", "Industry", "Invitation", "Membership", "Organisation", "User"]
