"""The models of the score: what each learned, how it was tested, and the way back."""

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods
from wagtail.models import ModelLogEntry

from accounts.roles import Duty
from matching import tasks
from matching.engine.model import shipped_model
from matching.errors import ModelError
from matching.forms import LearningOptionsForm
from matching.model_page import make_versions, weight_lines
from matching.models import LearningOptions, RankingModelVersion
from matching.services.learning import learnable_feedback
from matching.services.ranking import ACTIVATED, DEACTIVATED, OPTIONS, activate, change_options, use_shipped
from matching.views.officials import officials_only, page_head

PAGE_SIZE = 10
LAST_CHANGES = 10


@officials_only(duty=Duty.LIBRARY)
@require_http_methods(["GET", "HEAD", "POST"])
def versions(request):
    """Show the model in use and every learned one; a post changes what counts in learning."""
    form = LearningOptionsForm(request.POST or None, instance=LearningOptions.current())
    if request.method == "POST" and form.is_valid():
        change_options(form.save(commit=False), user=request.user)
        messages.success(request, _("已保存，下次夜间学习时生效。"))
        return redirect("matching_models:versions")
    rows = RankingModelVersion.objects.select_related("activated_by").order_by("-number")
    page = Paginator(rows, PAGE_SIZE).get_page(request.GET.get("p"))
    # One more, so that the last of the page has one before it.
    last = page.object_list[len(page.object_list) - 1].number if page.object_list else 0
    shown = [*page.object_list, *rows.filter(number__lt=last)[:1]]
    feedback = learnable_feedback()
    context = {
        **page_head(_("匹配模型"), icon="sliders"),
        "page": page,
        "versions": make_versions(shown)[: len(page.object_list)],
        "active": RankingModelVersion.objects.active(),
        "shipped": shipped_model(),
        "shipped_lines": weight_lines(shipped_model()),
        "rows": feedback.count(),
        "organisations": feedback.order_by().values("organisation").distinct().count(),
        "needed_rows": settings.LEARNING_MIN_ROWS,
        "needed_organisations": settings.LEARNING_MIN_ORGANISATIONS,
        "form": form,
        "changes": ModelLogEntry.objects.filter(action__in=[ACTIVATED, DEACTIVATED, OPTIONS])
        .select_related("user")
        .order_by("-timestamp", "-pk")[:LAST_CHANGES],
    }
    return render(request, "matching/admin/model_versions.html", context)


@officials_only(duty=Duty.LIBRARY)
@require_http_methods(["GET", "HEAD", "POST"])
def restore(request, number):
    """Ask, then put a version in use; number 0 is the shipped model."""
    version = get_object_or_404(RankingModelVersion, number=number) if number else None
    if request.method == "POST":
        try:
            if version is None:
                use_shipped(user=request.user)
            else:
                activate(version, user=request.user)
        except ModelError as error:
            messages.error(request, str(error))
        else:
            tasks.update_all.delay()
            messages.success(request, _("已切换匹配模型，全部清单正在后台重新计算。"))
        return redirect("matching_models:versions")
    trail = (reverse("matching_models:versions"), _("匹配模型"))
    title = str(version) if version else _("随程序发布的模型")
    context = {**page_head(title, trail, icon="sliders"), "version": version}
    return render(request, "matching/admin/model_restore.html", context)
