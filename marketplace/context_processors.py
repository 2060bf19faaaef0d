"""What every template may use."""

from django.conf import settings
from django.utils.functional import SimpleLazyObject

from marketplace.navigation import Navigation
from search.comparison import Basket


def site(request):
    """Return the site's name and address, the navigation of the person who looks and what they compare."""
    return {
        "site_name": settings.WAGTAIL_SITE_NAME,
        "site_region": settings.SITE_REGION,
        "site_url": settings.SITE_URL,
        "comparison": Basket(request),
        "navigation": SimpleLazyObject(lambda: Navigation(request)),
    }
