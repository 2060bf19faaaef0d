"""The number beside the inbox in the header."""

from django.utils.functional import SimpleLazyObject

from notices.models import Notice


def inbox(request):
    """Return `unread_notices`: asked of the database only where a template shows it to a logged-in person."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return {"unread_notices": 0}
    return {"unread_notices": SimpleLazyObject(Notice.objects.inbox_of(user).unread().count)}
