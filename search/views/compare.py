"""Technologies side by side, and the basket that leads there."""

from urllib.parse import urlsplit

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from search.comparison import MOST_COMPARED, Basket, asked_ids, comparison_rows, public_technologies


@require_GET
def compare(request):
    """Show up to four technologies side by side; the address names them, so that it can be shared."""
    asked = asked_ids(request.GET.getlist("ids"))
    basket = Basket(request)
    if not asked and basket.entries:
        return redirect(f"{reverse('search:compare')}?{basket.query}")
    technologies = public_technologies(asked[:MOST_COMPARED])
    rows = comparison_rows(technologies)
    only_different = request.GET.get("only") == "different" and len(technologies) > 1
    address = "ids=" + ",".join(str(technology.pk) for technology in technologies)
    context = {
        "columns": [
            (
                technology,
                "ids=" + ",".join(str(other.pk) for other in technologies if other is not technology),
            )
            for technology in technologies
        ],
        "rows": [row for row in rows if row.is_different] if only_different else rows,
        "only_different": only_different,
        "address": address,
        "is_cut": len(asked) > MOST_COMPARED,
        "gone": len(asked[:MOST_COMPARED]) - len(technologies),
    }
    return render(request, "search/compare.html", context)


@require_POST
def change_compared(request):
    """Put a technology into the basket, take one out or all; htmx gets the bar and the button, others their page."""
    basket, has_room = Basket(request), True
    (added,), (removed,) = (
        (asked_ids([request.POST.get(name, "")]) or [0])[:1] for name in ("add", "remove")
    )
    if request.POST.get("clear"):
        basket.clear()
    if removed:
        basket.remove(removed)
    if added:
        has_room = basket.add(added)
    if request.htmx:
        context = {"comparison": basket, "is_full": not has_room, "toggled": added or removed}
        return render(request, "search/compare_answer.html", context)
    if not has_room:
        messages.warning(request, _("最多对比四项，请先移出一项。"))
    return redirect(_back(request, added or removed))


def _back(request, pk):
    """Return the page that the form was sent from, at the card that was chosen."""
    page = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(page, {request.get_host()}, require_https=request.is_secure()):
        return reverse("search:compare")
    parts = urlsplit(page)
    path = parts.path or "/"
    if path == reverse("search:compare"):
        others = asked_ids(request.GET.getlist("ids"))
        return f"{path}?ids={','.join(map(str, others))}" if others else path
    return path + (f"?{parts.query}" if parts.query else "") + (f"#technology-{pk}" if pk else "")
