"""The Wagtail admin without its own mails."""

from django.apps import apps
from wagtail.admin.apps import WagtailAdminAppConfig
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted


class AdminConfig(WagtailAdminAppConfig):
    """Tell of reviews through notices only, at each person's rhythm; Wagtail would mail each one at once."""

    def ready(self):
        super().ready()
        task_state, workflow_state = (
            apps.get_model("wagtailcore.TaskState"),
            apps.get_model("wagtailcore.WorkflowState"),
        )
        for signal, sender, name in (
            (task_submitted, task_state, "group_approval_task_submitted_email_notification"),
            (workflow_submitted, workflow_state, "workflow_state_submitted_email_notification"),
            (workflow_rejected, workflow_state, "workflow_state_rejected_email_notification"),
            (workflow_approved, workflow_state, "workflow_state_approved_email_notification"),
        ):
            if not signal.disconnect(sender=sender, dispatch_uid=name):
                raise LookupError(f"Wagtail no longer sends {name}: look how it mails about reviews now")
