"""The libraries in the Wagtail admin."""

from django.urls import include, path, reverse
from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.menu import MenuItem
from wagtail.snippets.models import register_snippet

from catalog.admin_views.menu import DuplicatesMenuItem, ReviewMenuItem
from catalog.viewsets import DemandViewSet, TechnologyViewSet

register_snippet(TechnologyViewSet)
register_snippet(DemandViewSet)

LOG_ACTIONS = {
    "catalog.confirm": _("确认仍然有效"),
    "catalog.discard": _("放弃未发布的修改"),
    "catalog.merge": _("合并重复条目"),
    "catalog.undo_merge": _("撤销合并"),
    "catalog.import": _("由表格导入"),
    "catalog.import_undo": _("撤销表格导入"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)


@hooks.register("register_admin_urls")
def register_import_urls():
    return [path("imports/", include("catalog.admin_views.import_urls"))]


class ImportMenuItem(MenuItem):
    """Shown to officials with the duty for the libraries."""

    def is_shown(self, request):
        return request.user.has_perm("catalog.add_importbatch")


@hooks.register("register_admin_menu_item")
def register_import_menu_item():
    return ImportMenuItem(_("表格导入"), reverse("catalog_imports:index"), icon_name="upload", order=120)


@hooks.register("register_admin_urls")
def register_review_urls():
    return [path("", include("catalog.admin_views.urls"))]


hooks.register("register_admin_menu_item", ReviewMenuItem)
hooks.register("register_admin_menu_item", DuplicatesMenuItem)
