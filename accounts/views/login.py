"""What surrounds allauth's pages."""

from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET


@never_cache
def admin_login(request):
    """Send Wagtail's own log-in, which knows neither second factors nor rate limits, to ours.

    Someone logged in without a duty is refused: our log-in would send them back to the admin, without end.
    """
    target = request.GET.get("next", "")
    if not url_has_allowed_host_and_scheme(target, allowed_hosts={request.get_host()}):
        target = "/admin/"
    if request.user.is_authenticated and request.user.has_perm("wagtailadmin.access_admin"):
        return redirect(target)
    if request.user.is_authenticated:
        raise PermissionDenied
    return redirect_to_login(target, settings.LOGIN_URL)


@require_GET
def terms(request):
    """Show what people agree to when they sign up."""
    return render(request, "accounts/terms.html")
