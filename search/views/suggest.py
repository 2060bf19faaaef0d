"""Suggestions while typing, and the person's own recent queries."""

from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from search.suggesting import forget, recent, suggestions


@require_GET
@never_cache
def suggest(request):
    """Return the suggestions for what stands in a search box, as options of a list."""
    groups = suggestions(request.GET.get("q", ""), recent(request.session))
    return render(request, "search/suggestions.html", {"groups": groups})


@require_http_methods(["GET", "POST"])
@never_cache
def clear_recent(request):
    """Clear the recent queries after a question."""
    if request.method == "POST":
        forget(request.session)
        return redirect("search:search")
    context = {
        "heading": _("清除搜索记录"),
        "text": _("最近搜索过的内容将不再出现在搜索建议中。"),
        "action": _("清除"),
        "back_url": "/search/",
    }
    return render(request, "confirm.html", context)
