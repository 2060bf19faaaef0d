"""Inbox, preferences, and leaving a kind of mail without logging in."""

import pytest
from django.test import Client
from django.utils import timezone

from notices.enums import Channel, Rhythm, Topic
from notices.models import Notice
from notices.services import notify
from notices.services.preferences import rhythms_for, unsubscribe_token


def tell(user, number=1, *, topic=Topic.MATCH, **fields):
    for index in range(number):
        notify([user], topic=topic, key=f"{topic}{index}", title=f"消息{topic}{index}", **fields)


def test_inbox_shows_unread_first(cast, as_):
    tell(cast.supplier, 2)
    Notice.objects.filter(key="match1").update(read_at=timezone.now())
    page = as_(cast.supplier).get("/inbox/").content.decode()
    assert page.index("消息match0") < page.index("消息match1")


def test_inbox_filters_by_topic_and_pages(cast, as_):
    tell(cast.supplier, 25)
    tell(cast.supplier, 1, topic=Topic.REVIEW)
    client = as_(cast.supplier)
    assert client.get("/inbox/?topic=match").content.decode().count("标为已读</button>") == 20 + 1
    assert client.get("/inbox/?topic=match&page=2").content.decode().count("标为已读</button>") == 5 + 1
    page = client.get("/inbox/?topic=review").content.decode()
    assert "消息review0" in page and "消息match" not in page


def test_inbox_without_messages_says_what_will_come(cast, as_):
    assert "没有消息" in as_(cast.supplier).get("/inbox/?topic=nonsense&page=x").content.decode()


@pytest.mark.parametrize("count", [1, 3])
def test_inbox_asks_the_same_number_of_queries(cast, as_, count, django_assert_max_num_queries):
    tell(cast.supplier, count)
    client = as_(cast.supplier)
    with django_assert_max_num_queries(10):
        client.get("/inbox/")


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", '"><img src=x>'])
def test_inbox_shows_html_as_text(cast, as_, text):
    notify([cast.supplier], topic=Topic.REVIEW, key="r", title=text, body=text)
    assert text not in as_(cast.supplier).get("/inbox/").content.decode()


def test_inbox_of_a_visitor_leads_to_log_in(client, db):
    assert client.get("/inbox/").url == "/accounts/login/?next=/inbox/"


def test_opened_notice_is_read_and_leads_to_its_subject(cast, as_):
    tell(cast.supplier, link="/technologies/")
    assert as_(cast.supplier).get(f"/inbox/{Notice.objects.get().pk}/").url == "/technologies/"
    assert Notice.objects.get().read_at


@pytest.mark.parametrize("link", ["https://evil.example/", "//evil.example/", ""])
def test_opened_notice_leads_nowhere_else(cast, as_, link):
    tell(cast.supplier, link=link)
    assert as_(cast.supplier).get(f"/inbox/{Notice.objects.get().pk}/").url == "/inbox/"


@pytest.mark.parametrize("who", ["second_supplier", "reviewer"])
def test_notice_of_another_person_does_not_exist(cast, as_, who):
    tell(cast.supplier, link="/technologies/")
    client, pk = as_(getattr(cast, who)), Notice.objects.get().pk
    assert client.get(f"/inbox/{pk}/").status_code == 404
    assert client.post(f"/inbox/{pk}/read/").status_code == 404
    assert Notice.objects.get().read_at is None


def test_notices_are_marked_read_one_by_one_and_all(cast, as_):
    tell(cast.supplier, 3)
    tell(cast.bank)
    client, notice = as_(cast.supplier), Notice.objects.first()
    notice = Notice.objects.filter(recipient=cast.supplier).first()
    part = client.post(f"/inbox/{notice.pk}/read/", headers={"HX-Request": "true"}).content.decode()
    assert notice.title in part and "<html" not in part and "未读" not in part
    assert client.post(f"/inbox/{notice.pk}/read/").url == "/inbox/"
    client.post("/inbox/read/")
    assert list(Notice.objects.unread().values_list("recipient__username", flat=True)) == ["bank"]


def test_preferences_are_kept(cast, as_):
    client = as_(cast.supplier)
    data = {f"{topic}-{channel}": "weekly" for topic in Topic for channel in Channel}
    assert client.post("/preferences/", {**data, "match-email": "off"}).url == "/preferences/"
    chosen = rhythms_for(cast.supplier)
    assert (chosen[Topic.MATCH, Channel.EMAIL], chosen[Topic.REVIEW, Channel.INBOX]) == ("off", "weekly")
    assert client.post("/preferences/", {**data, "match-email": "hourly"}).status_code == 200


def test_unsubscribing_takes_one_button_without_log_in(cast, client):
    where = f"/unsubscribe/{unsubscribe_token(cast.supplier, Topic.MATCH)}/"
    page = client.get(where).content.decode()
    assert "匹配与推送" in page and cast.supplier.email not in page
    assert rhythms_for(cast.supplier)[Topic.MATCH, Channel.EMAIL] == Rhythm.DAILY
    page = client.post(where, {"rhythm": "off"}).content.decode()
    assert "已退订" in page
    assert rhythms_for(cast.supplier)[Topic.MATCH, Channel.EMAIL] == Rhythm.OFF
    assert rhythms_for(cast.supplier)[Topic.REVIEW, Channel.EMAIL] == Rhythm.AT_ONCE


def test_unsubscribing_by_a_mail_program_needs_one_post_without_cookie(cast):
    where = f"/unsubscribe/{unsubscribe_token(cast.supplier, Topic.MATCH)}/"
    strict = Client(enforce_csrf_checks=True)
    response = strict.post(
        where, "List-Unsubscribe=One-Click", content_type="application/x-www-form-urlencoded"
    )
    assert response.status_code == 200
    assert rhythms_for(cast.supplier)[Topic.MATCH, Channel.EMAIL] == Rhythm.OFF


def test_unsubscribing_from_all_is_undone_topic_by_topic(cast, client):
    where = f"/unsubscribe/{unsubscribe_token(cast.supplier, '')}/"
    before = rhythms_for(cast.supplier)
    page = client.post(where).content.decode()
    assert all(rhythms_for(cast.supplier)[topic, Channel.EMAIL] == Rhythm.OFF for topic in Topic)
    undo = page.split('name="undo" value="')[1].split('"')[0]
    assert "已恢复" in client.post(where, {"undo": undo}).content.decode()
    assert rhythms_for(cast.supplier) == before


@pytest.mark.parametrize(
    "spoil", [lambda token: "x" + token, lambda token: token[:-1], lambda token: "1-match"]
)
def test_unsubscribing_with_a_forged_token_is_refused(cast, client, spoil):
    token = spoil(unsubscribe_token(cast.supplier, Topic.MATCH))
    assert client.post(f"/unsubscribe/{token}/").status_code == 404


@pytest.mark.parametrize("data", [{"rhythm": "hourly"}, {"undo": "forged"}])
def test_unsubscribing_with_a_forged_choice_is_refused(cast, client, data):
    where = f"/unsubscribe/{unsubscribe_token(cast.supplier, Topic.MATCH)}/"
    assert client.post(where, data).status_code == 404
