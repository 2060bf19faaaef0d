"""What a bank clerk meets: nothing that only others can do, and a way to the demands that want financing."""

from django.urls import reverse


def test_bank_is_told_why_it_lists_no_technology(cast, as_):
    html = as_(cast.bank).get(reverse("catalog:my_technologies")).content.decode()
    assert "您的单位没有登记为技术供方" in html
    assert reverse("catalog:new_technology") not in html


def test_bank_invites_for_finance_and_others_for_energy(cast, as_):
    url = reverse("accounts:invite")
    form = as_(cast.bank).get(url).context["form"]
    assert [form[f"handles_{name}"].value() for name in ("energy", "production", "finance")] == [
        False,
        False,
        True,
    ]
    form = as_(cast.enterprise).get(url).context["form"]
    assert form["handles_energy"].value() and not form["handles_finance"].value()


def test_language_is_offered_in_its_own_words(client, db):
    html = client.get("/accounts/login/").content.decode()
    assert 'lang="en">English</button>' in html
