"""Stored messages are worded in the language of the site, not in that of whoever caused them."""

from django.utils.translation import get_language, override

from notices.services import in_site_language


def test_in_site_language_overrides_and_restores_the_language_of_the_caller():
    with override("en"):
        assert in_site_language(get_language)() == "zh-hans"
        assert get_language() == "en"


def test_in_site_language_hands_on_arguments_and_result():
    assert in_site_language(sorted)([2, 1], reverse=True) == [2, 1]
