"""How officials list and edit the libraries in the Wagtail admin."""

from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail.admin.ui.tables import Column
from wagtail.snippets.views.snippets import EditView, IndexView, SnippetViewSet

from catalog.models import Demand, Technology
from catalog.panels import demand_edit_handler, technology_edit_handler


class LibraryEditView(EditView):
    """The editor, for those who keep the library.

    Wagtail opens it to the reviewers of a task as well; ours decide in the queue and leave the text to its author.
    """

    def user_has_permission(self, permission):
        may_change = self.request.user.has_perm(f"catalog.change_{self.model._meta.model_name}")
        return (permission != "change" or may_change) and super().user_has_permission(permission)


class LibraryIndexView(IndexView):
    """The list; for those who only read it, titles lead to the public page and there is nothing to select."""

    def may(self, action):
        return self.request.user.has_perm(f"catalog.{action}_{self.model._meta.model_name}")

    @cached_property
    def columns(self):
        columns = super().columns
        return columns if self.may("delete") else columns[1:]

    def get_edit_url(self, instance):
        if self.may("change"):
            return super().get_edit_url(instance)
        name = f"catalog:{self.model._meta.model_name}"
        return reverse(name, args=[instance.pk]) if instance.live else None

    def get_list_more_buttons(self, instance):
        return super().get_list_more_buttons(instance) if self.may("change") else []


SHOWN = Column(
    "live",
    label=_("状态"),
    classname="shown-state",
    accessor=lambda listing: _("公开") if listing.live else _("未公开"),
)


class TechnologyViewSet(SnippetViewSet):
    model = Technology
    edit_handler = technology_edit_handler
    icon = "cogs"
    menu_order = 100
    add_to_admin_menu = True
    copy_view_enabled = False
    edit_view_class = LibraryEditView
    index_view_class = LibraryIndexView
    list_display = [
        "title",
        "organisation",
        "origin",
        "evidence_level",
        "updated_at",
        SHOWN,
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
    edit_view_class = LibraryEditView
    index_view_class = LibraryIndexView
    list_display = [
        "title",
        "organisation",
        "source",
        "deadline",
        "updated_at",
        SHOWN,
    ]
    list_filter = ["source", "systems", "live", "is_sample", "wants_finance"]
    list_per_page = 50
