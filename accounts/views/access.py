"""Who may open which page about an organisation."""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import redirect

from accounts.models import Organisation
from accounts.services import current_organisation


def member_required(view: Callable) -> Callable:
    """Pass the current organisation; who has none is led to the page where one joins or creates it."""

    @wraps(view)
    @login_required
    def wrapper(request, *args, **kwargs):
        organisation = current_organisation(request)
        if organisation is None:
            return redirect("accounts:organisation_new")
        return view(request, organisation, *args, **kwargs)

    return wrapper


def owner_required(view: Callable) -> Callable:
    """Like `member_required`, for owners only; for others the page does not exist."""

    @wraps(view)
    @member_required
    def wrapper(request, organisation, *args, **kwargs):
        if not is_owner(request.user, organisation):
            raise Http404
        return view(request, organisation, *args, **kwargs)

    return wrapper


def is_owner(user, organisation: Organisation) -> bool:
    return organisation.memberships.owners().filter(user=user).exists()
