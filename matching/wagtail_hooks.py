"""The push in the Wagtail admin."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem

from accounts.roles import Duty, has_duty
from matching.views import push


@hooks.register("register_admin_urls")
def register_push_urls():
    addresses = [
        path("", push.push_index, name="index"),
        path("<int:pk>/", push.push_detail, name="detail"),
        path("<int:pk>/act/", push.push_act, name="act"),
    ]
    return [path("push/", include((addresses, "matching_push")))]


class PushMenuItem(MenuItem):
    def is_shown(self, request):
        return has_duty(request.user, Duty.PUSH)


@hooks.register("register_admin_menu_item")
def register_push_menu_item():
    return PushMenuItem(_("推送"), reverse("matching_push:index"), name="push", icon_name="mail", order=130)
