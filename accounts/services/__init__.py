"""Who acts for whom."""

from accounts.services.current import current_organisation, switch_organisation
from accounts.services.recipients import members_responsible_for, officials_with

__all__ = ["current_organisation", "members_responsible_for", "officials_with", "switch_organisation"]
