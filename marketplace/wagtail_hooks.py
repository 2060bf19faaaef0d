"""What operators find in the Wagtail admin."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.roles import Duty, has_duty


class OperationMenuItem(MenuItem):
    def is_shown(self, request):
        return has_duty(request.user, Duty.OPERATE)


@hooks.register("register_admin_menu_item")
def register_operation_menu_item():
    return OperationMenuItem(
        _("运行状况"), reverse("operation"), name="operation", icon_name="cogs", order=900
    )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action("accounts.erase", _("注销个人账号"), _("注销个人账号"))
