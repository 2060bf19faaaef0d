"""Officials see what became of matches, and record it in place of the enterprise."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Duty
from matching.enums import Verdict
from matching.errors import FeedbackError
from matching.forms import OutcomeForm
from matching.services.feedback import record_outcome
from matching.services.outcomes import pairs_in_progress, progress_of
from matching.views.officials import officials_only, page_head

PAGE_SIZE = 30


@officials_only(duty=Duty.PUSH)
@require_GET
def outcomes(request):
    """List the pairs in which somebody took an interest; `waiting` narrows to what the enterprise has to confirm."""
    is_narrowed = "waiting" in request.GET
    page = Paginator(pairs_in_progress(waiting_only=is_narrowed), PAGE_SIZE).get_page(request.GET.get("p"))
    context = {
        **page_head(_("对接进展"), icon="tasks"),
        "page": page,
        "pairs": progress_of(page.object_list),
        "is_narrowed": is_narrowed,
        "waiting": pairs_in_progress(waiting_only=True).count(),
    }
    return render(request, "matching/admin/outcomes.html", context)


@officials_only(duty=Duty.PUSH)
@require_http_methods(["GET", "HEAD", "POST"])
def record(request, demand_pk, technology_pk):
    """Record that a pair was introduced or implemented."""
    (pair,) = progress_of([{"demand": demand_pk, "technology": technology_pk}])
    known = pair.enterprise or pair.supplier
    if known is None:
        raise Http404
    source = pair.supplier if pair.is_waiting else known
    initial = {
        "verdict": source.verdict if source.verdict in Verdict.outcomes() else Verdict.INTRODUCED,
        "implemented_on": source.implemented_on,
        "verified_saving_tce": source.verified_saving_tce,
        "verified_saving_cny": source.verified_saving_cny,
    }
    form = OutcomeForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            record_outcome(pair.demand, pair.technology, official=request.user, **form.cleaned_data)
        except FeedbackError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已登记，并已告知双方。"))
            return redirect("matching_outcomes:list")
    trail = (reverse("matching_outcomes:list"), _("对接进展"))
    context = {**page_head(_("登记进展"), trail, icon="tasks"), "pair": pair, "form": form}
    return render(request, "matching/admin/outcome_record.html", context)
