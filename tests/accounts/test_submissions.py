"""Expired sessions and double clicks."""

import pytest
from allauth.account.models import EmailAddress
from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.storage.fallback import FallbackStorage
from django.http import HttpResponse
from django.shortcuts import redirect
from django.template import Context, Template
from django.urls import reverse

from accounts import submissions
from accounts.submissions import FIELD, keeps_form, make_token, once, posted_or_kept


@pytest.fixture
def request_as(rf, client):
    """Return a function that makes a request of a user, all sharing one session."""
    session = client.session

    def make(user, method="get", data=None, path="/form/"):
        request = getattr(rf, method)(path, data or {})
        request.user, request.session = user, session
        request._messages = FallbackStorage(request)
        return request

    return make


@keeps_form
def echo(request):
    data = posted_or_kept(request)
    return HttpResponse("" if data is None else data["title"])


def test_expired_session_keeps_what_was_typed_until_it_is_posted(cast, request_as):
    typed = {"title": "“甲” <b>", FIELD: make_token(cast.supplier)}
    response = echo(request_as(AnonymousUser(), "post", typed))
    assert (response.status_code, response.url) == (302, "/accounts/login/?next=/form/")
    assert echo(request_as(cast.supplier)).content.decode() == "“甲” <b>"
    assert echo(request_as(cast.supplier, path="/other/")).content == b""
    echo(request_as(cast.supplier, "post", {"title": "乙"}))
    assert echo(request_as(cast.supplier)).content == b""


def test_partial_update_of_an_expired_session_leaves_for_the_log_in(cast, request_as):
    request = request_as(AnonymousUser(), "post", {"title": "甲", FIELD: make_token(cast.supplier)})
    request.META["HTTP_HX_REQUEST"] = "true"
    response = echo(request)
    assert (response.status_code, response["HX-Redirect"]) == (200, "/accounts/login/?next=/form/")
    assert echo(request_as(cast.supplier)).content.decode() == "甲"


def test_typed_text_is_not_shown_to_another_person(cast, request_as):
    echo(request_as(AnonymousUser(), "post", {"title": "甲", FIELD: make_token(cast.supplier)}))
    assert echo(request_as(cast.second_supplier)).content == b""
    assert echo(request_as(cast.supplier)).content == b""


@pytest.mark.parametrize("token", ["", "forged"])
def test_post_of_a_stranger_is_not_kept(cast, request_as, token):
    echo(request_as(AnonymousUser(), "post", {"title": "甲", FIELD: token}))
    assert echo(request_as(cast.supplier)).content == b""


def test_text_too_long_to_keep_is_not_kept(cast, request_as):
    typed = {"title": "a" * (submissions.KEPT_CHARACTERS + 1), FIELD: make_token(cast.supplier)}
    echo(request_as(AnonymousUser(), "post", typed))
    assert echo(request_as(cast.supplier)).content == b""


def test_kept_text_survives_the_real_log_in(cast, client, request_as):
    EmailAddress.objects.create(user=cast.supplier, email=cast.supplier.email, verified=True, primary=True)
    session = client.session
    session[submissions.SESSION_KEY] = {"/form/": {"user": cast.supplier.pk, "data": "title=x"}}
    session.save()
    client.cookies["sessionid"] = session.session_key
    client.post(
        reverse("account_login"),
        {"login": cast.supplier.email, "password": "a-long-password-1"},
        follow=False,
    )
    assert client.session["_auth_user_id"] == str(cast.supplier.pk)
    assert client.session[submissions.SESSION_KEY]["/form/"]["data"] == "title=x"


def test_double_click_is_carried_out_once(cast, request_as):
    calls = []

    @once
    def create(request):
        calls.append(request.POST["title"])
        return redirect(f"/made/{len(calls)}/")

    typed = {"title": "甲", FIELD: make_token(cast.supplier)}
    urls = [create(request_as(cast.supplier, "post", typed)).url for _click in range(2)]
    assert (urls, calls) == (["/made/1/", "/made/1/"], ["甲"])
    create(request_as(cast.supplier, "post", {**typed, "title": "乙"}))
    create(request_as(cast.supplier, "post", {"title": "乙"}))
    assert calls == ["甲", "乙", "乙"]


def test_post_that_failed_or_showed_errors_may_be_repeated(cast, request_as):
    answers = [HttpResponse("error"), ZeroDivisionError(), redirect("/made/")]

    @once
    def create(request):
        answer = answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer

    typed = {FIELD: make_token(cast.supplier)}
    assert create(request_as(cast.supplier, "post", typed)).status_code == 200
    with pytest.raises(ZeroDivisionError):
        create(request_as(cast.supplier, "post", typed))
    assert create(request_as(cast.supplier, "post", typed)).url == "/made/"


def test_second_click_after_errors_shows_the_errors_too(cast, request_as):
    @once
    def create(request):
        return HttpResponse("errors with all that was typed")

    typed = {FIELD: make_token(cast.supplier)}
    answers = [create(request_as(cast.supplier, "post", typed)).status_code for _click in range(2)]
    assert answers == [200, 200]


def test_second_click_does_not_wait_for_ever(cast, request_as, monkeypatch):
    monkeypatch.setattr(submissions, "WAIT_SECONDS", 0.1)
    typed = {FIELD: make_token(cast.supplier)}
    inner = []

    @once
    def create(request):
        inner.append(create(request_as(cast.supplier, "post", typed)))
        return redirect("/made/")

    create(request_as(cast.supplier, "post", typed))
    assert [response.url for response in inner] == ["/form/"]


def test_form_token_names_its_user(cast, request_as):
    context = Context({"request": request_as(cast.supplier)})
    html = Template("{% load submissions %}{% form_token %}").render(context)
    token = html.split('value="')[1].split('"')[0]
    assert submissions._user_of(token) == cast.supplier.pk
