"""Search in the Wagtail admin."""

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from wagtail import hooks
from wagtail.admin.ui.components import Component

from accounts.roles import is_official
from search.exporting import LOG_ACTION
from search.services import engine_report


class EnginePanel(Component):
    """Says that Elasticsearch does not answer, while visitors are served from the embedded index."""

    order = 5
    template_name = "search/admin/engine.html"

    def __init__(self, report):
        self.report = report

    def get_context_data(self, parent_context):
        since = self.report.get("failing_since")
        return {"report": self.report, "since": since and datetime.fromisoformat(since)}


@hooks.register("construct_homepage_panels")
def say_which_engine_answers(request, panels):
    report = engine_report()
    if report.get("elasticsearch", "ok") != "ok" and is_official(request.user):
        panels.insert(0, EnginePanel(report))


@hooks.register("register_log_actions")
def register_log_actions(actions):
    actions.register_action(LOG_ACTION, _("导出检索结果"), _("导出检索结果"))
