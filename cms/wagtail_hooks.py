"""The look of the Wagtail admin and its first page."""

from django.templatetags.static import static
from django.utils.html import format_html
from wagtail import hooks
from wagtail.admin.ui.components import Component
from wagtail.admin.views.home import WorkflowObjectsToModeratePanel

from accounts.roles import is_official
from cms.workspace import official_section


@hooks.register("insert_global_admin_css")
def add_our_colours():
    return format_html('<link rel="stylesheet" href="{}">', static("css/admin.css"))


@hooks.register("construct_main_menu")
def leave_out_foreign_help(request, menu_items):
    """Take out Wagtail's own help: its pages are English and on another site."""
    menu_items[:] = [item for item in menu_items if item.name != "help"]


class NextStepsPanel(Component):
    """What waits for this official, as on the start page of the site."""

    order = 10
    template_name = "cms/admin/next_steps.html"

    def get_context_data(self, parent_context):
        return {"section": official_section(parent_context["request"].user)}


@hooks.register("construct_homepage_panels")
def add_next_steps(request, panels):
    """Show what waits; reviewers get there through our queue, not through editors that are closed to them."""
    if not request.user.has_perm("catalog.change_technology"):
        panels[:] = [
            panel for panel in panels if getattr(panel, "name", "") != WorkflowObjectsToModeratePanel.name
        ]
    if is_official(request.user):
        panels.insert(0, NextStepsPanel())
