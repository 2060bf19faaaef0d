"""Refusals that keep calm and lose nothing."""

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
