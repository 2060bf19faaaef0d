"""The libraries in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.snippets.models import register_snippet

from catalog.viewsets import DemandViewSet, TechnologyViewSet

register_snippet(TechnologyViewSet)
register_snippet(DemandViewSet)

LOG_ACTIONS = {
    "catalog.confirm": _("确认仍然有效"),
    "catalog.discard": _("放弃未发布的修改"),
    "catalog.merge": _("合并重复条目"),
    "catalog.undo_merge": _("撤销合并"),
}


@hooks.register("register_log_actions")
def register_log_actions(actions):
    for name, label in LOG_ACTIONS.items():
        actions.register_action(name, label, label)
