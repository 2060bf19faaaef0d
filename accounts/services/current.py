"""Which organisation a person acts for at the moment."""

from accounts.models import Organisation

SESSION_KEY = "organisation"


def current_organisation(request) -> Organisation | None:
    """Return the organisation chosen in the session, else the first one the user belongs to, or None.

    Read once for each request. A choice that is no longer the user's is ignored.
    """
    if not hasattr(request, "_current_organisation"):
        mine = list(Organisation.objects.of_member(request.user).order_by("memberships__created_at"))
        chosen = [item for item in mine if item.pk == request.session.get(SESSION_KEY)]
        request._current_organisation = next(iter(chosen or mine), None)
    return request._current_organisation


def switch_organisation(request, organisation: Organisation) -> None:
    """Act for this organisation from now on; the caller has checked that the user belongs to it."""
    request.session[SESSION_KEY] = organisation.pk
    request._current_organisation = organisation
