"""Pages of officials that lie below the admin's address but before Wagtail's own."""

from collections.abc import Callable
from functools import wraps

from django.http import Http404
from django.urls import reverse
from django.utils.translation import gettext as _
from wagtail.admin.auth import require_admin_access

from accounts.roles import Duty, has_duty, is_official


def officials_only(view: Callable | None = None, *, duty: Duty | None = None) -> Callable:
    """Open a view to officials, or to those with a duty; for other people the page does not exist.

    Visitors are led to the log-in.
    """

    def decorate(view):
        guarded = require_admin_access(view)

        @wraps(view)
        def wrapper(request, *args, **kwargs):
            user = request.user
            if user.is_authenticated and not (has_duty(user, duty) if duty else is_official(user)):
                raise Http404
            return guarded(request, *args, **kwargs)

        return wrapper

    return decorate if view is None else decorate(view)


def page_head(title: str, *trail: tuple[str, str], icon: str) -> dict:
    """Return what the head of a page of Wagtail's admin needs; `trail` are addresses and labels above it."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("首页")}]
    crumbs += [{"url": url, "label": label} for url, label in trail]
    crumbs.append({"url": "", "label": title})
    return {"header_title": title, "breadcrumbs_items": crumbs, "header_icon": icon}
