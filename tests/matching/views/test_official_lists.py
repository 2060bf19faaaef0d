"""Officials read the list of a demand and leave no trace on it."""

import pytest
from django.urls import reverse

from matching.models import LastLook
from tests.matching.pairs import reason, recommend


@pytest.fixture
def listed(cast, make_demand, make_technology):
    demand = make_demand(organisation=cast.enterprise_firm, live=False)
    recommend(
        demand,
        make_technology("甲技术"),
        reasons=[reason("budget", uses=["budget_cny"], limit=5e5, maximum=4e5)],
    )
    return demand


def address(demand):
    return reverse("matching_lists:demand", args=[demand.pk])


@pytest.mark.parametrize("person", ["librarian", "reviewer", "pusher"])
def test_official_reads_the_list_with_what_is_hidden_from_others(cast, as_, listed, person):
    html = as_(getattr(cast, person)).get(address(listed)).content.decode()
    assert "甲技术" in html and "50 万元" in html
    assert "表态" in html and "<form" not in html.split("<main")[1].split("</main")[0]
    assert not LastLook.objects.exists()


@pytest.mark.parametrize("person", ["supplier", "enterprise", "bank"])
def test_others_find_no_such_page(cast, as_, listed, person):
    assert as_(getattr(cast, person)).get(address(listed)).status_code == 404


def test_visitor_is_asked_to_log_in(as_, listed):
    assert "/login/" in as_(None).get(address(listed))["Location"]


def test_list_is_linked_from_the_demand_and_from_the_library(cast, as_, listed):
    client = as_(cast.librarian)
    for page in (reverse("catalog:demand", args=[listed.pk]), reverse("wagtailsnippets_catalog_demand:list")):
        assert address(listed) in client.get(page).content.decode()


def test_unknown_demand_is_not_found(cast, as_, listed):
    assert as_(cast.pusher).get(reverse("matching_lists:demand", args=[listed.pk + 1])).status_code == 404
