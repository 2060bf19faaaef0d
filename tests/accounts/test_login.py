"""Signing up and logging in by e-mail or phone."""

import re

import pytest
from allauth.account.models import EmailAddress
from django.core.cache import cache

from accounts.models import User
from tests.conftest import make_user

PASSWORD = "a-long-password-1"
SIGN_UP = {"name": "张三", "password1": PASSWORD, "password2": PASSWORD, "accepts_terms": "on"}


@pytest.fixture(autouse=True)
def _no_rate_of_other_tests():
    cache.clear()


def code_in(text):
    return re.search(r"\b(\d{6})\b", text)[1]


def test_signup_by_email_asks_for_the_code_and_leads_to_the_workspace(client, db, mailoutbox):
    response = client.post("/accounts/signup/", {**SIGN_UP, "email": "zhang@example.com"})
    assert response.url == "/accounts/confirm-email/"
    response = client.post("/accounts/confirm-email/", {"code": code_in(mailoutbox[0].body)})
    assert response.url == "/workspace/"
    user = User.objects.get(email="zhang@example.com")
    assert (user.name, user.terms_accepted_at is not None) == ("张三", True)
    assert EmailAddress.objects.get(user=user).verified


@pytest.mark.parametrize("typed", ["138 0000 0001", "+8613800000001", "１３８０００００００１"])
def test_signup_by_phone_asks_for_the_code_in_the_log(client, db, caplog, typed):
    caplog.set_level("INFO", logger="accounts.sms")
    response = client.post("/accounts/signup/", {**SIGN_UP, "phone": typed})
    assert response.url == "/accounts/phone/verify/"
    response = client.post("/accounts/phone/verify/", {"code": code_in(caplog.text.split("SMS to")[1][20:])})
    assert response.url == "/workspace/"
    user = User.objects.get()
    assert (user.phone, user.phone_verified, user.email) == ("+8613800000001", True, "")


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({}, "请填写手机号或邮箱"),
        ({"phone": "12345"}, "请输入 11 位手机号"),
        ({"email": "zhang@example.com", "accepts_terms": ""}, "请先阅读并同意服务条款与隐私说明"),
        ({"email": "zhang@example.com", "password2": "other"}, "密码"),
    ],
)
def test_signup_says_what_is_wrong_and_keeps_the_name(client, db, change, sentence):
    page = client.post("/accounts/signup/", {**SIGN_UP, **change}).content.decode()
    assert sentence in page and 'value="张三"' in page
    assert not User.objects.exists()


def test_signup_with_a_known_phone_does_not_tell_that_it_is_known(client, db, caplog):
    make_user("old", phone="+8613800000001", phone_verified=True)
    caplog.set_level("INFO", logger="accounts.sms")
    response = client.post("/accounts/signup/", {**SIGN_UP, "phone": "13800000001"})
    assert response.url == "/accounts/phone/verify/"
    assert "此手机号已注册" in caplog.text
    assert User.objects.count() == 1


@pytest.mark.parametrize(
    "login", ["13800000001", "+86 138 0000 0001", "zhang@example.com", "ZHANG@example.com "]
)
def test_login_accepts_phone_and_email(client, db, login):
    user = make_user("zhang", phone="+8613800000001", phone_verified=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    response = client.post("/accounts/login/", {"login": login, "password": PASSWORD})
    assert response.url == "/workspace/"


def test_login_with_a_wrong_password_answers_in_chinese(client, db):
    make_user("zhang", phone="+8613800000001", phone_verified=True)
    page = client.post("/accounts/login/", {"login": "13800000001", "password": "x"}).content.decode()
    assert "手机号或密码不正确" in page


def test_login_is_limited_after_several_failures(client, db):
    make_user("zhang", phone="+8613800000001", phone_verified=True)
    for _attempt in range(7):
        page = client.post("/accounts/login/", {"login": "13800000001", "password": "x"}).content.decode()
    assert "尝试次数过多" in page


def test_admin_login_leads_to_ours(client, db):
    assert client.get("/admin/login/?next=/admin/pages/").url == "/accounts/login/?next=/admin/pages/"
    assert client.get("/admin/login/?next=https://evil.example/").url == "/accounts/login/?next=/admin/"
    assert client.get("/admin/").url == "/admin/login/?next=/admin/"


def test_admin_refuses_people_without_a_duty_instead_of_sending_them_round(cast, as_):
    assert as_(cast.supplier).get("/admin/", follow=True).status_code == 403


def test_admin_login_of_an_official_leads_on(cast, as_):
    assert as_(cast.reviewer).get("/admin/login/").url == "/admin/"


def test_terms_are_public(client, db):
    assert client.get("/terms/").status_code == 200


@pytest.mark.parametrize(("field", "value"), [("phone", "13800000001"), ("email", "zhang@example.com")])
def test_login_by_code_needs_no_password(client, db, caplog, mailoutbox, field, value):
    user = make_user("zhang", phone="+8613800000001", phone_verified=True)
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    caplog.set_level("INFO", logger="accounts.sms")
    assert client.post("/accounts/login/code/", {field: value}).url == "/accounts/login/code/confirm/"
    text = caplog.text.split("SMS to")[1][20:] if field == "phone" else mailoutbox[0].body
    page = client.post("/accounts/login/code/confirm/", {"code": "x"}).content.decode()
    assert 'inputmode="numeric"' in page
    assert client.post("/accounts/login/code/confirm/", {"code": code_in(text)}).url == "/workspace/"


def test_mails_of_log_in_name_the_platform(client, db, mailoutbox):
    client.post(
        "/accounts/signup/",
        {"name": "示例新人", "email": "new@example.com", "password1": "Duan-Lian-2026-x", "password2": "Duan-Lian-2026-x",
         "accepts_terms": "on"},
    )  # fmt: skip
    mail = mailoutbox[0]
    assert "节能技术对接平台：您好" in mail.body
    assert "testserver" not in mail.body
