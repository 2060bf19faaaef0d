"""Messages are stored once for everyone, so they are worded in the language of the site."""

from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from django.conf import settings
from django.utils.translation import override

Arguments = ParamSpec("Arguments")
Result = TypeVar("Result")


def in_site_language(tell: Callable[Arguments, Result]) -> Callable[Arguments, Result]:
    """Let a function that words messages do so in the site's language, whatever language its caller reads."""

    @wraps(tell)
    def worded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> Result:
        with override(settings.LANGUAGE_CODE):
            return tell(*args, **kwargs)

    return worded
