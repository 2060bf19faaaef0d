"""Who is shown how much, and the rules that officials set for it."""

from django.contrib import messages
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from accounts.roles import Duty, has_duty
from matching import tasks
from matching.forms import FairnessForm
from matching.models import FairnessSettings, ListingStanding
from matching.services.exposure import LOG_ACTION, change_rules, exposure_report, rule_values
from matching.views.changes import changes_of
from matching.views.officials import officials_only, page_head


@officials_only
@require_GET
def report(request):
    """Show each supplier's share of the exposure, by score alone and as shown."""
    rules = FairnessSettings.current()
    measured = ListingStanding.objects.order_by("-measured_at").values_list("measured_at", flat=True).first()
    context = {
        **page_head(_("供方曝光"), icon="view"),
        "exposure": exposure_report(rules),
        "rules": rules,
        "measured": measured,
        "can_change": has_duty(request.user, Duty.LIBRARY),
    }
    return render(request, "matching/admin/exposure_report.html", context)


@officials_only(duty=Duty.LIBRARY)
@require_http_methods(["GET", "HEAD", "POST"])
def rules(request):
    """Change the rules; all lists are then computed anew in the background."""
    before = rule_values(FairnessSettings.current())
    form = FairnessForm(request.POST or None, instance=FairnessSettings.current())
    if request.method == "POST" and form.is_valid():
        change_rules(form.save(commit=False), before=before, user=request.user)
        tasks.match_all.delay()
        messages.success(request, _("已保存展示规则，全部清单正在重新排列，稍候刷新即可看到。"))
        return redirect("matching_exposure:report")
    context = {
        **page_head(_("展示规则"), (reverse("matching_exposure:report"), _("供方曝光")), icon="sliders"),
        "form": form,
        "changes": changes_of(FairnessSettings, LOG_ACTION),
    }
    return render(request, "matching/admin/exposure_rules.html", context)
