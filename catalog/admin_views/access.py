"""Who may open officials' pages."""

from collections.abc import Callable
from functools import wraps

from django.core.exceptions import PermissionDenied

from accounts.roles import Duty, has_duty


def duty_required(duty: Duty) -> Callable:
    """Let only officials with a duty open a view of the Wagtail admin."""

    def decorate(view):
        @wraps(view)
        def wrapper(request, *args, **kwargs):
            if not has_duty(request.user, duty):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return wrapper

    return decorate
