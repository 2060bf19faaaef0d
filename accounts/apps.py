from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _
from wagtail.users.apps import WagtailUsersAppConfig


class AccountsConfig(AppConfig):
    default = True
    name = "accounts"
    verbose_name = _("机构与人员")

    def ready(self):
        import_module("accounts.receivers")


class UsersConfig(WagtailUsersAppConfig):
    """Wagtail's pages about users, with our people's name and phone."""

    user_viewset = "accounts.user_admin.UserViewSet"
