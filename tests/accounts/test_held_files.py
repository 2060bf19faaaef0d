"""A chosen file outlives an error elsewhere in its form, for its owner and for a day."""

import os
from pathlib import Path

import pytest
from django.core.cache import cache
from django.core.files.storage import storages
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accounts import held_files
from accounts.models import Organisation
from accounts.submissions import FIELD, make_token
from accounts.tasks import remove_held_files
from catalog.models import ImportBatch, Technology
from tests.catalog.importers.files import workbook
from tests.conftest import credit_code, make_user

PDF = b"%PDF-1.7 content"
NEW = f"/workspace/organisation/new/?credit_code={credit_code(77)}"
HELD = "已选择：licence.pdf"


def licence(name="licence.pdf", content=PDF):
    return SimpleUploadedFile(name, content, "application/pdf")


def held():
    storage = storages["private"]
    return storage.listdir("held")[1] if storage.exists("held") else []


@pytest.fixture
def newcomer(cast, as_):
    return as_(make_user("newcomer"))


def post(client, **data):
    """Post the form of a new organisation; without a name it has an error."""
    return client.post(NEW, {"is_enterprise": "on", "own-handles_energy": "on", **data})


def test_file_is_held_over_an_error_and_stored_with_the_corrected_form(newcomer):
    html = post(newcomer, licence=licence()).content.decode()
    assert HELD in html and 'name="licence-drop"' in html
    assert HELD in post(newcomer).content.decode()
    assert len(held()) == 1
    assert post(newcomer, name="上海新厂有限公司").status_code == 302
    organisation = Organisation.objects.get(name="上海新厂有限公司")
    assert organisation.licence.read() == PDF
    assert held() == []


def test_held_file_can_be_replaced_or_dropped(newcomer):
    post(newcomer, licence=licence())
    assert "已选择：other.pdf" in post(newcomer, licence=licence("other.pdf")).content.decode()
    assert len(held()) == 1
    assert "已选择" not in post(newcomer, **{"licence-drop": "on"}).content.decode()
    assert held() == []
    post(newcomer, name="上海新厂有限公司")
    assert not Organisation.objects.get(name="上海新厂有限公司").licence


def test_refused_file_is_not_held(newcomer):
    html = post(newcomer, licence=licence(content=b"MZ\x90\x00")).content.decode()
    assert "可执行程序" in html and "已选择" not in html
    assert held() == []


def test_held_file_of_another_person_in_the_same_browser_is_not_taken(newcomer, cast):
    post(newcomer, licence=licence())
    session = newcomer.session
    records = session[held_files.SESSION_KEY]
    for record in records.values():
        record["user"] = cast.supplier.pk
    session[held_files.SESSION_KEY] = records
    session.save()
    assert "已选择" not in post(newcomer).content.decode()


def test_held_file_ends_after_a_day(newcomer):
    post(newcomer, licence=licence())
    path = Path(storages["private"].path(f"held/{held()[0]}"))
    remove_held_files()
    assert len(held()) == 1
    old = path.stat().st_mtime - held_files.HELD_SECONDS - 60
    os.utime(path, (old, old))
    remove_held_files()
    assert held() == []
    assert post(newcomer, name="上海新厂有限公司").status_code == 302


def test_few_files_are_held_for_one_session(newcomer, monkeypatch):
    monkeypatch.setattr(held_files, "MOST_HELD", 1)
    post(newcomer, licence=licence())
    other = f"/workspace/organisation/new/?credit_code={credit_code(78)}"
    newcomer.post(other, {"licence": licence("other.pdf")})
    assert len(held()) == 1


def test_technology_document_is_held(cast, as_):
    client = as_(cast.supplier)
    draft = Technology.objects.create(title="余热锅炉", organisation=cast.supplier_firm, live=False)
    url = reverse("catalog:edit_technology_step", args=[draft.pk, "cooperation"])
    wrong = {"evidence_level": "self_declared", "go": "stay", "contact_email": "no address"}
    html = client.post(url, {**wrong, "document": licence("检测报告.pdf")}).content.decode()
    assert "已选择：检测报告.pdf" in html
    assert client.post(url, {**wrong, "contact_email": ""}).status_code == 302
    assert (
        Technology.objects.get(pk=draft.pk).get_latest_revision_as_object().documents.get().title
        == "检测报告"
    )
    assert held() == []


def test_import_file_is_held_while_the_source_is_missing(cast, as_, taxonomy):
    client = as_(cast.librarian)
    url = reverse("catalog_imports:upload")
    rows = [["序号", "技术名称"], ["1", "甲"]]
    file = SimpleUploadedFile("目录.xlsx", workbook(("表", rows)).getvalue())
    assert "已选择：目录.xlsx" in client.post(url, {"kind": "technologies", "file": file}).content.decode()
    assert client.post(url, {"kind": "technologies", "source_catalogue": "示例目录"}).status_code == 302
    assert ImportBatch.objects.get().file_name == "目录.xlsx"
    assert held() == []


def test_program_as_import_file_is_refused_beside_other_errors(cast, as_):
    file = SimpleUploadedFile("目录.xlsx", b"MZ\x90\x00")
    html = as_(cast.librarian).post(reverse("catalog_imports:upload"), {"kind": "technologies", "file": file})
    assert "可执行程序" in html.content.decode() and "已选择" not in html.content.decode()
    assert held() == []


@pytest.fixture
def expired(client):
    """A browser, and nothing counted yet for anybody."""
    cache.clear()
    return client


def post_after_expiry(client, user, **data):
    """Post the form of a new organisation as a browser does whose session has ended."""
    client.logout()
    return client.post(
        NEW, {"is_enterprise": "on", FIELD: make_token(user), "name": "上海新厂有限公司", **data}
    )


def test_file_outlives_an_expired_session_for_its_owner(cast, expired):
    user = make_user("newcomer")
    assert "/login/" in post_after_expiry(expired, user, licence=licence()).url
    assert len(held()) == 1
    expired.force_login(user, "django.contrib.auth.backends.ModelBackend")
    html = expired.get(NEW).content.decode()
    assert HELD in html and "尚未保存" in html and "没有保留" not in html
    assert expired.post(
        NEW, {"name": "上海新厂有限公司", "is_enterprise": "on", "own-handles_energy": "on"}
    ).url
    assert Organisation.objects.get(name="上海新厂有限公司").licence.read() == PDF
    assert held() == []


def test_file_of_an_expired_session_is_not_given_to_another_person(cast, expired):
    post_after_expiry(expired, make_user("newcomer"), licence=licence())
    expired.force_login(make_user("other"), "django.contrib.auth.backends.ModelBackend")
    assert "已选择" not in expired.get(NEW).content.decode()
    post(expired, name="")
    assert held() == []


@pytest.mark.parametrize(
    "file", [licence(content=b"MZ\x90\x00"), licence("licence.exe")], ids=["content", "name"]
)
def test_program_is_not_held_over_an_expired_session(cast, expired, file):
    user = make_user("newcomer")
    post_after_expiry(expired, user, licence=file)
    assert held() == []
    expired.force_login(user, "django.contrib.auth.backends.ModelBackend")
    assert "所选的文件没有保留" in expired.get(NEW).content.decode()


@pytest.mark.parametrize("token", ["", "forged"])
def test_file_of_a_stranger_is_not_held(expired, db, token):
    expired.post(NEW, {FIELD: token, "licence": licence()})
    assert held() == []


def test_one_person_has_few_files_held_over_expired_sessions(cast, expired, monkeypatch):
    monkeypatch.setattr(held_files, "MOST_HELD_AFTER_EXPIRY", 1)
    user = make_user("newcomer")
    for _turn in range(3):
        expired.cookies.clear()
        post_after_expiry(expired, user, licence=licence())
    assert len(held()) == 1
