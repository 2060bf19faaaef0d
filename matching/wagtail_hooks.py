"""The push, the reserve score and the exposure of suppliers in the Wagtail admin."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.admin.widgets.button import Button

from accounts.roles import Duty, has_duty, is_official
from catalog.models import Demand
from matching.services import exposure, reserve
from matching.services.ranking import ACTIVATED, DEACTIVATED, OPTIONS
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
def register_outcomes_menu_item():
    return PushMenuItem(
        _("对接进展"), reverse("matching_outcomes:list"), name="outcomes", icon_name="tasks", order=132
    )


class ModelsMenuItem(MenuItem):
    def is_shown(self, request):
        return has_duty(request.user, Duty.LIBRARY)


@hooks.register("register_admin_menu_item")
def register_models_menu_item():
    return ModelsMenuItem(
        _("匹配模型"), reverse("matching_models:versions"), name="models", icon_name="sliders", order=137
    )


class OfficialsMenuItem(MenuItem):
    def is_shown(self, request):
        return is_official(request.user)


@hooks.register("register_admin_menu_item")
def register_reserve_menu_item():
    return OfficialsMenuItem(
        _("储备评分"), reverse("matching_reserve:ranking"), name="reserve", icon_name="order", order=115
    )


@hooks.register("register_admin_menu_item")
def register_exposure_menu_item():
    return OfficialsMenuItem(
        _("供方曝光"), reverse("matching_exposure:report"), name="exposure", icon_name="view", order=135
    )


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(reserve.LOG_ACTION, _("修改储备评分权重"), _("修改储备评分权重"))
    actions.register_action(exposure.LOG_ACTION, _("修改展示规则"), _("修改展示规则"))
    actions.register_action(ACTIVATED, _("启用匹配模型"), _("启用匹配模型"))
    actions.register_action(DEACTIVATED, _("恢复随程序发布的匹配模型"), _("恢复随程序发布的匹配模型"))
    actions.register_action(OPTIONS, _("修改反馈学习选项"), _("修改反馈学习选项"))


@hooks.register("register_admin_menu_item")
def register_push_menu_item():
    return PushMenuItem(_("推送"), reverse("matching_push:index"), name="push", icon_name="mail", order=130)


@hooks.register("register_snippet_listing_buttons")
def link_to_matches(snippet, user, next_url=None):
    """Offer the ranked list beside each demand."""
    if isinstance(snippet, Demand) and is_official(user):
        url = reverse("matching_lists:demand", args=[snippet.pk])
        yield Button(_("匹配清单"), url, icon_name="link", priority=25)
