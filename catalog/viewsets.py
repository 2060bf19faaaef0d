"""How officials list and edit the libraries in the Wagtail admin."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import BooleanColumn
from wagtail.snippets.views.snippets import SnippetViewSet

from catalog.models import Demand, Technology
from catalog.panels import demand_edit_handler, technology_edit_handler


class TechnologyViewSet(SnippetViewSet):
    model = Technology
    edit_handler = technology_edit_handler
    icon = "cogs"
    menu_order = 100
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "title",
        "organisation",
        "origin",
        "evidence_level",
        "updated_at",
        BooleanColumn("live", label=_("公开")),
    ]
    list_filter = ["origin", "evidence_level", "systems", "live", "is_sample"]
    list_export = ["title", "owner_label", "source_catalogue", "source_edition", "source_item"]
    list_per_page = 50


class DemandViewSet(SnippetViewSet):
    model = Demand
    edit_handler = demand_edit_handler
    icon = "list-ul"
    menu_order = 110
    add_to_admin_menu = True
    copy_view_enabled = False
    list_display = [
        "title",
        "organisation",
        "source",
        "deadline",
        "updated_at",
        BooleanColumn("live", label=_("公开")),
    ]
    list_filter = ["source", "systems", "live", "is_sample", "wants_finance"]
    list_per_page = 50
