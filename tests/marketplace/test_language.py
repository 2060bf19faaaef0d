"""Chinese first; English by choice."""

import pytest

pytestmark = pytest.mark.django_db


def test_browser_that_asks_for_english_still_gets_chinese(client):
    answer = client.get("/accounts/login/", headers={"accept-language": "en-US,en"})
    assert answer["Content-Language"] == "zh-hans"
    assert "登录" in answer.content.decode()


def test_english_is_chosen_at_the_foot_of_the_page_and_kept(client):
    answer = client.post("/language/", {"language": "en", "next": "/accounts/login/"}, follow=True)
    assert answer["Content-Language"] == "en"
    assert 'value="zh-hans"' in answer.content.decode()


@pytest.mark.parametrize("wrong", ["xx", "", "../../etc", "e" * 5000])
def test_unknown_language_is_chinese(client, settings, wrong):
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = wrong
    assert client.get("/accounts/login/")["Content-Language"] == "zh-hans"


def test_choice_does_not_lead_to_a_foreign_site(client):
    answer = client.post("/language/", {"language": "en", "next": "https://example.com/"})
    assert answer["Location"] == "/"
