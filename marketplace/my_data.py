"""What a person can see, take along and erase of what the platform holds about them."""

from allauth.account.decorators import reauthentication_required
from django.contrib.auth import logout
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from marketplace.privacy import CannotErase, as_json, erase_person, hindrance, personal_data


@never_cache
@login_required
@require_safe
def overview(request):
    """Show how many records of each kind name the person."""
    data = personal_data(request.user)["data"]
    return render(
        request, "marketplace/my_data.html", {"kinds": {kind: len(rows) for kind, rows in data.items()}}
    )


@never_cache
@reauthentication_required
@require_safe
def download(request):
    """Hand out all of them as JSON."""
    answer = HttpResponse(
        as_json(personal_data(request.user)), content_type="application/json; charset=utf-8"
    )
    answer["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return answer


@never_cache
@reauthentication_required(allow_get=True)
@require_http_methods(["GET", "HEAD", "POST"])
def erase(request):
    """Ask, and then erase the person and log them out."""
    error = hindrance(request.user)
    if request.method == "POST" and not error:
        if request.POST.get("confirmation", "").strip() != _("注销"):
            error = _("请输入“注销”两字确认。")
        else:
            try:
                erase_person(request.user, by=request.user)
            except CannotErase as problem:
                error = str(problem)
            else:
                logout(request)
                return redirect("my_data_erased")
    context = {"error": error, "hindered": bool(hindrance(request.user))}
    return render(
        request, "marketplace/my_data_erase.html", context, status=200 if request.method != "POST" else 422
    )


@never_cache
@require_safe
def erased(request):
    """Say that it is done."""
    return render(request, "marketplace/my_data_erased.html")
