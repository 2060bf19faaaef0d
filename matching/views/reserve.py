"""The reserve ranking and its weights, for officials."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Duty, has_duty
from catalog.exports import csv_file, xlsx_file
from catalog.models import Technology
from matching import tasks
from matching.forms import ReserveWeightsForm
from matching.models import ReserveScore, ReserveWeights
from matching.reserve_table import HEADINGS, ReserveFilter, export_rows, make_lines
from matching.services.reserve import LOG_ACTION, change_weights, preview, ranks
from matching.views.changes import changes_of
from matching.views.officials import officials_only, page_head

PAGE_SIZE = 50
FILES = {"csv": csv_file, "xlsx": xlsx_file}


@officials_only
@require_GET
def ranking(request):
    """Show the library in the order of its reserve score; `export` gives a file, `print` a plain page of all."""
    chosen = ReserveFilter(request.GET)
    rows = chosen.apply(ReserveScore.objects.current()).select_related("technology__organisation")
    rows = rows.prefetch_related("technology__systems")
    places = ranks()
    if not ReserveScore.objects.exists() and Technology.objects.public().exists():
        tasks.recompute_all_reserve.delay()
        messages.info(request, _("储备评分正在首次计算，请稍候刷新。"))
    if request.GET.get("export") in FILES:
        name = f"{_('储备评分')}-{timezone.localdate():%Y%m%d}"
        headings = [str(heading) for heading in HEADINGS]
        return FILES[request.GET["export"]](name, headings, export_rows(make_lines(rows, places)))
    query = request.GET.copy()
    for name in ("page", "p", "print"):
        query.pop(name, None)
    context = {
        **page_head(_("储备评分"), icon="order"),
        "filter": chosen,
        "query": query.urlencode(),
        "weights": ReserveWeights.current(),
        "can_change": has_duty(request.user, Duty.LIBRARY),
        "scored": len(places),
    }
    if "print" in request.GET:
        return render(
            request, "matching/admin/reserve_print.html", {**context, "lines": make_lines(rows, places)}
        )
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    context |= {"page": page, "lines": make_lines(page.object_list, places)}
    return render(request, "matching/admin/reserve_ranking.html", context)


@officials_only(duty=Duty.LIBRARY)
@require_http_methods(["GET", "HEAD", "POST"])
def weights(request):
    """Change the weights: try them out on the first 20 as often as wanted, then save."""
    current = ReserveWeights.current()
    form = ReserveWeightsForm(request.POST or None, instance=ReserveWeights.current())
    is_valid = request.method == "POST" and form.is_valid()
    if is_valid and request.POST.get("action") == "save":
        change_weights(form.save(commit=False), user=request.user)
        tasks.rescore_reserve.delay()
        messages.success(request, _("已保存权重，储备评分正在按新权重重新计算，稍候刷新即可看到。"))
        return redirect("matching_reserve:ranking")
    shown = form.instance if is_valid else current
    context = {
        **page_head(_("评分权重"), (reverse("matching_reserve:ranking"), _("储备评分")), icon="sliders"),
        "form": form,
        "is_preview": is_valid,
        "standings": preview(shown),
        "changes": changes_of(ReserveWeights, LOG_ACTION),
    }
    if request.headers.get("HX-Request"):
        return render(request, "matching/admin/_reserve_preview.html", context)
    return render(request, "matching/admin/reserve_weights.html", context)
