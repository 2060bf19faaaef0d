"""Refusals that keep calm and lose nothing."""

import re

import pytest
from django.template.loader import get_template
from django.test import Client


@pytest.fixture
def strict_client(db):
    return Client(enforce_csrf_checks=True)


def test_expired_form_hands_back_what_was_typed(strict_client):
    typed = {
        "problem": "冷却塔<b>常年</b>运行",
        "password1": "secret-word",
        "csrfmiddlewaretoken": "x",
        "n": "1",
    }
    response = strict_client.post("/accounts/signup/", typed, HTTP_ORIGIN="http://testserver")
    html = response.content.decode()
    assert response.status_code == 403
    assert "内容还没有提交" in html
    assert "冷却塔&lt;b&gt;常年&lt;/b&gt;运行" in html
    assert "secret-word" not in html


def test_expired_form_names_what_it_hands_back(strict_client):
    typed = {
        "title": "印染厂定型机废气余热没有利用",
        "problem": "废气 160℃ 直接排放",
        "expected_saving_note": "没有这样的字段",
        "cases-1-site": "某印染厂",
    }
    html = strict_client.post("/needs/new/", typed, HTTP_ORIGIN="http://testserver").content.decode()
    for label in ("现状与问题", "填写的内容", "应用单位（第 2 行）"):
        assert re.search(rf'<label for="typed-\d+">{label}</label>', html), label


def test_expired_form_shows_the_words_of_a_choice(strict_client):
    typed = {"evidence_level": "self_declared", "contact_name": "张三", "source_catalogue": "示例目录"}
    html = strict_client.post("/workspace/", typed, HTTP_ORIGIN="http://testserver").content.decode()
    assert "自我声明" in html and "self_declared" not in html


def test_expired_form_repeats_nothing_of_a_foreign_page(strict_client):
    response = strict_client.post(
        "/accounts/signup/", {"problem": "外来内容"}, HTTP_ORIGIN="https://evil.example"
    )
    assert response.status_code == 403
    assert "外来内容" not in response.content.decode()


def test_missing_page_explains_itself(client, db):
    response = client.get("/no-such-page/")
    assert response.status_code == 404
    assert "没有找到这个页面" in response.content.decode()


@pytest.mark.parametrize("name", ["400.html", "403.html", "429.html", "500.html"])
def test_error_page_renders_without_a_request(name):
    assert "</html>" in get_template(name).render({})
