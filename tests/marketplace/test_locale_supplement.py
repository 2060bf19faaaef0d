"""Chinese for strings that other packages lack."""

import pytest
from babel.messages.pofile import read_po
from django.conf import settings

FOLDER = settings.BASE_DIR / "marketplace/locale_supplement"


@pytest.fixture(scope="module")
def catalogue():
    with (FOLDER / "zh_Hans/LC_MESSAGES/django.po").open("rb") as stream:
        return read_po(stream)


def test_supplement_is_complete_and_keeps_placeholders(catalogue):
    assert [message.id for message in catalogue if message.id and not message.string] == []
    assert [message.id for message in catalogue if message.id and list(message.check())] == []


def test_supplement_names_the_reviewer_actions(catalogue):
    assert catalogue["Approve"].string == "通过"
    assert catalogue["%(label)s and Publish"].string == "%(label)s并发布"


def test_supplement_is_used_after_our_own_catalogue():
    assert settings.LOCALE_PATHS[-1] == FOLDER
