"""The language of a page: Chinese, unless the reader chose another one here."""

from django.conf import settings
from django.utils import translation


def chosen_language(get_response):
    """Activate the language of the cookie set at the foot of the page.

    Django's own middleware would follow the browser, and many browsers in China still ask for English.
    """
    known = dict(settings.LANGUAGES)

    def middleware(request):
        wanted = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
        with translation.override(wanted if wanted in known else settings.LANGUAGE_CODE):
            request.LANGUAGE_CODE = translation.get_language()
            response = get_response(request)
            response.headers.setdefault("Content-Language", request.LANGUAGE_CODE)
            return response

    return middleware
