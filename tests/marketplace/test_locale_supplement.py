"""Chinese for strings that other packages lack."""

from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management import call_command
from django.utils.translation import gettext, override

SUPPLEMENT = settings.BASE_DIR / "marketplace/locale_supplement/zh_Hans/LC_MESSAGES/django.po"


def test_supplement_is_complete_and_keeps_placeholders():
    with SUPPLEMENT.open("rb") as stream:
        catalogue = read_po(stream)
    assert [message.id for message in catalogue if message.id and not message.string] == []
    assert [message.id for message in catalogue if message.id and list(message.check())] == []


def test_supplement_speaks_for_packages_that_have_no_chinese():
    call_command("compile_translations")
    with override("zh-hans"):
        assert gettext("%(label)s and Publish") % {"label": gettext("Approve")} == "通过并发布"
        assert gettext("Locked by you") == "由您锁定"
