"""What every template may use."""

from django.conf import settings


def site(request):
    """Return the site's name and address."""
    return {"site_name": settings.WAGTAIL_SITE_NAME, "site_url": settings.SITE_URL}
