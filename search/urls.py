"""Addresses of the lists, of search and of saved searches."""

from django.urls import path, re_path

from search.enums import Kind
from search.views import compare, exports, lists, saved, suggest

app_name = "search"
own = "workspace/saved-searches/"
urlpatterns = [
    path("technologies/", lists.technologies, name="technologies"),
    path("demands/", lists.demands, name="demands"),
    re_path(
        r"^technologies/export\.(?P<file_format>csv|xlsx)$",
        exports.export,
        {"kind": Kind.TECHNOLOGY},
        name="export_technologies",
    ),
    re_path(
        r"^demands/export\.(?P<file_format>csv|xlsx)$",
        exports.export,
        {"kind": Kind.DEMAND},
        name="export_demands",
    ),
    path("search/", lists.search, name="search"),
    path("search/suggestions/", suggest.suggest, name="suggestions"),
    path("search/recent/clear/", suggest.clear_recent, name="clear_recent"),
    path("compare/", compare.compare, name="compare"),
    path("compare/change/", compare.change_compared, name="change_compared"),
    path(own, saved.saved, name="saved"),
    path(f"{own}new/", saved.save, name="save"),
    path(f"{own}<int:pk>/", saved.saved_search, name="saved_search"),
    path(f"{own}<int:pk>/run/", saved.run, name="run_saved"),
    path(f"{own}<int:pk>/edit/", saved.edit, name="edit_saved"),
    path(f"{own}<int:pk>/pause/", saved.pause, name="pause_saved"),
    path(f"{own}<int:pk>/delete/", saved.delete, name="delete_saved"),
    path("saved-searches/unsubscribe/<str:token>/", saved.unsubscribe, name="unsubscribe"),
]
