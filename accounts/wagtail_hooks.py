"""People and organisations in the Wagtail admin."""

from wagtail import hooks
from wagtail.snippets.models import register_snippet

from accounts.bulk_actions import VerifyBulkAction
from accounts.viewsets import ApiTokenViewSet, JoinRequestViewSet, OrganisationViewSet

register_snippet(OrganisationViewSet)
hooks.register("register_bulk_action", VerifyBulkAction)


@hooks.register("register_admin_viewset")
def register_viewsets():
    return [JoinRequestViewSet("accounts_join_requests"), ApiTokenViewSet("accounts_tokens")]
