"""Verify many organisations at once."""

from django.utils.translation import gettext_lazy as _
from wagtail.snippets.bulk_actions.snippet_bulk_action import SnippetBulkAction

from accounts.models import Organisation
from accounts.services.organisations import decide_verification


class VerifyBulkAction(SnippetBulkAction):
    """Mark the chosen organisations as verified."""

    models = [Organisation]
    display_name = _("核验通过")
    action_type = "verify"
    aria_label = _("将所选机构核验通过")
    template_name = "accounts/admin/bulk_verify.html"
    action_priority = 10

    def check_perm(self, snippet):
        return self.request.user.has_perm("accounts.verify_organisation")

    def get_execution_context(self):
        return {"user": self.request.user}

    @classmethod
    def execute_action(cls, objects, user=None, **kwargs):
        for organisation in objects:
            decide_verification(organisation, official=user, is_verified=True)
        return len(objects), 0

    def get_success_message(self, num_parent_objects, num_child_objects):
        return _("%(count)s 家机构已通过核验。") % {"count": num_parent_objects}
