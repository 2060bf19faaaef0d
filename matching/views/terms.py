"""What projects a supplier takes on."""

from functools import partial

from django.contrib import messages
from django.db import transaction
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.views.access import member_required
from catalog.models import Technology
from matching import tasks
from matching.forms import SupplierTermsForm
from matching.models import SupplierTerms


@member_required
@require_http_methods(["GET", "HEAD", "POST"])
def supplier_terms(request, organisation):
    """Let a supplier say what it takes on; the lists with its technologies follow in the background."""
    if not organisation.is_supplier:
        raise Http404
    terms = SupplierTerms.objects.filter(pk=organisation.pk).first() or SupplierTerms(
        organisation=organisation
    )
    form = SupplierTermsForm(request.POST if request.method == "POST" else None, instance=terms)
    if request.method == "POST" and form.is_valid():
        with transaction.atomic():
            form.save()
            listed = Technology.objects.public().filter(organisation=organisation)
            ids = list(listed.values_list("pk", flat=True))
            transaction.on_commit(partial(tasks.update_technologies.delay, technology_ids=ids), robust=True)
        messages.success(request, _("承接条件已保存，清单会按此重新排列。"))
        return redirect("matching:needs")
    return render(request, "matching/terms.html", {"form": form, "organisation": organisation})
