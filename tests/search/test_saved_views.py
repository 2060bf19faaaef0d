"""Pages of saved searches."""

import re
from urllib.parse import quote

import pytest
from django.core import mail
from django.utils import timezone

from accounts.models import User
from notices.enums import Rhythm
from notices.models import Mail, Notice
from notices.services.outbox import deliver_mails, write_mails
from search.models import SavedSearch
from search.saved_searches import run_due, save_search, unsubscribe_path

OWN = "/workspace/saved-searches/"


@pytest.fixture
def search(cast, index):
    index()
    return save_search(
        cast.enterprise,
        kind="technology",
        query="q=%E4%BD%99%E7%83%AD",
        name="余热技术",
        rhythm=Rhythm.AT_ONCE,
    )


@pytest.fixture
def found(search, make_technology, index):
    make_technology("余热锅炉")
    index()
    run_due()
    return search


def test_visitor_is_led_to_log_in_and_comes_back_with_the_search(
    client, cast, make_technology, taxonomy, index
):
    make_technology("余热", systems=[taxonomy.waste_heat])
    index()
    body = client.get("/technologies/", {"q": "余热", "system": "waste_heat"}).content.decode()
    (link,) = re.findall(r'href="(/workspace/saved-searches/new/[^"]+)"', body)
    link = link.replace("&amp;", "&")
    login = client.get(link).url
    assert login == f"/accounts/login/?next={quote(link, safe='/')}"
    client.force_login(cast.enterprise, "django.contrib.auth.backends.ModelBackend")
    page = client.get(link)
    assert "“余热” · 用能系统: 余热余压利用" in page.content.decode()
    assert client.post(link, {"name": "我的余热", "rhythm": "weekly"}).url == OWN
    saved = SavedSearch.objects.get()
    assert (saved.user, saved.kind, saved.rhythm, saved.total) == (cast.enterprise, "technology", "weekly", 1)
    assert saved.query == f"q={quote('余热')}&system=waste_heat"


@pytest.mark.parametrize("kind", ["", "demand"])
def test_search_over_all_and_demands_can_be_saved(as_, cast, kind, db):
    client = as_(cast.bank)
    assert client.post(f"{OWN}new/?kind={kind}&q=余热", {"name": "甲", "rhythm": "off"}).status_code == 302
    assert SavedSearch.objects.get().kind == kind
    assert client.get(f"{OWN}").status_code == 200


def test_nothing_to_save_is_not_found(as_, cast):
    client = as_(cast.bank)
    assert client.get(f"{OWN}new/").status_code == 404
    assert client.get(f"{OWN}new/?kind=nonsense").status_code == 404
    assert client.post(f"{OWN}new/?kind=demand", {"name": "", "rhythm": "hourly"}).status_code == 200


def test_pages_show_new_hits_until_seen(as_, cast, found):
    client = as_(cast.enterprise)
    assert "1 项新条目" in client.get(OWN).content.decode()
    assert "余热锅炉" in client.get(f"{OWN}{found.pk}/").content.decode()
    assert "1 项新条目" not in client.get(OWN).content.decode()
    assert "没有新条目" in client.get(f"{OWN}{found.pk}/").content.decode()


def test_run_now_finds_without_mail(as_, cast, search, make_technology, index):
    make_technology("余热锅炉")
    index()
    assert as_(cast.enterprise).post(f"{OWN}{search.pk}/run/").url == f"{OWN}{search.pk}/"
    assert search.found.count() == 1
    run_due()
    assert not Notice.objects.exists()


def test_owner_changes_pauses_and_deletes(as_, cast, search):
    client = as_(cast.enterprise)
    client.post(f"{OWN}{search.pk}/edit/", {"name": "新名称", "rhythm": "weekly"})
    client.post(f"{OWN}{search.pk}/pause/", {"paused": "yes"})
    search.refresh_from_db()
    assert (search.name, search.rhythm, search.is_paused) == ("新名称", "weekly", True)
    client.post(f"{OWN}{search.pk}/pause/", {"paused": "no"})
    assert client.get(f"{OWN}{search.pk}/delete/").status_code == 200
    assert SavedSearch.objects.get().is_paused is False
    client.post(f"{OWN}{search.pk}/delete/")
    assert not SavedSearch.objects.exists()


@pytest.mark.parametrize("name", ["supplier", "librarian", "visitor"])
def test_searches_of_others_do_not_exist(as_, cast, search, name):
    client, is_visitor = as_(getattr(cast, name)), name == "visitor"
    for page in ("", "edit/", "delete/"):
        assert client.get(f"{OWN}{search.pk}/{page}").status_code == (302 if is_visitor else 404)
    for page in ("run/", "edit/", "pause/", "delete/"):
        answer = client.post(f"{OWN}{search.pk}/{page}", {"name": "甲", "rhythm": "off", "paused": "yes"})
        assert answer.status_code == (302 if is_visitor else 404)
    if not is_visitor:
        assert "余热技术" not in client.get(OWN).content.decode()
    search.refresh_from_db()
    assert (search.name, search.rhythm, search.is_paused) == ("余热技术", "at_once", False)


def test_mail_ends_one_search_with_one_click(client, cast, found):
    write_mails()
    assert deliver_mails() == 1
    (message,) = mail.outbox
    (address,) = re.findall(r"<(.+)>", message.extra_headers["List-Unsubscribe"])
    assert unsubscribe_path(found) in address and address in message.body
    assert message.extra_headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    path = unsubscribe_path(found)
    assert "不再提醒您" in client.get(path).content.decode()
    found.refresh_from_db()
    assert found.rhythm == Rhythm.AT_ONCE
    assert client.post(path, {"List-Unsubscribe": "One-Click"}).status_code == 200
    found.refresh_from_db()
    assert found.rhythm == Rhythm.OFF


def test_unsubscribing_can_be_undone(client, search):
    path = unsubscribe_path(search)
    body = client.post(path).content.decode()
    (undo,) = re.findall(r'name="undo" value="([^"]+)"', body)
    assert client.post(path, {"undo": "nonsense"}).status_code == 404
    assert "已恢复" in client.post(path, {"undo": undo}).content.decode()
    search.refresh_from_db()
    assert search.rhythm == Rhythm.AT_ONCE


def test_mail_about_several_matters_ends_the_topic(cast, found, make_technology, index):
    save_search(cast.enterprise, kind="technology", query="q=光伏", name="光伏", rhythm=Rhythm.AT_ONCE)
    make_technology("屋顶光伏")
    index()
    run_due()
    write_mails()
    deliver_mails()
    (message,) = mail.outbox
    assert "/unsubscribe/" in message.extra_headers["List-Unsubscribe"]
    assert "saved-searches" not in message.extra_headers["List-Unsubscribe"]
    assert message.body.count("saved-searches/unsubscribe/") == 2
    assert Mail.objects.count() == 1


@pytest.mark.parametrize("token", ["x", "1.x", "..", "1"])
def test_wrong_token_is_not_found(client, search, token):
    assert client.get(f"/saved-searches/unsubscribe/{token}/").status_code == 404
    assert client.post(f"/saved-searches/unsubscribe/{token}/").status_code == 404


def test_list_takes_as_many_queries_for_three_as_for_one(as_, cast, search, count_queries):
    client = as_(cast.enterprise)
    first = count_queries(lambda: client.get(OWN))
    for word in ("甲", "乙"):
        save_search(cast.enterprise, kind="demand", query=f"q={word}", name=word, rhythm=Rhythm.DAILY)
    assert count_queries(lambda: client.get(OWN)) == first <= 12


def test_deleted_person_takes_their_searches_along(cast, found):
    User.objects.filter(pk=cast.enterprise.pk).delete()
    assert run_due(now=timezone.now()) == 0
    assert not SavedSearch.objects.exists()
