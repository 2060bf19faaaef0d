"""What every template may use."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from marketplace.navigation import Navigation


def site(request):
    """Return the site's name and address and the navigation of the person who looks."""
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_region": settings.SITE_REGION,
        "site_url": settings.SITE_URL,
        "navigation": SimpleLazyObject(lambda: Navigation(request)),
    }
