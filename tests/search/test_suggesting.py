"""Suggestions while typing, and own recent queries."""

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from catalog.enums import Visibility
from search.suggesting import LONGEST_TYPED, suggestions
from tests.search.test_engines import NASTY

pytestmark = pytest.mark.django_db
ADDRESS = "/search/suggestions/"


@pytest.fixture
def library(make_technology, make_demand, taxonomy, index):
    make_technology("空压机余热回收", systems=[taxonomy.waste_heat])
    make_technology("烟气余热发电")
    make_technology("密语设备", live=False)
    make_demand("定型机废气", problem="暗号问题", visibility={"problem": Visibility.MATCHED})
    index()


def labels(typed, recent=()):
    return {group.label: [each.label for each in group.suggestions] for group in suggestions(typed, recent)}


@pytest.mark.parametrize("typed", ["空压", "kyj", "kongya", "kong ya ji", "空压鸡", "压机余", "ＫＹＪ"])
def test_titles_are_found_by_prefix_infix_pinyin_initials_and_slips(library, typed):
    assert "空压机余热回收" in labels(typed)["名称"]


def test_energy_systems_lead_to_their_list(library, client):
    found = labels("余热")
    assert "余热余压利用" in found["用能系统"]
    assert "system=waste_heat" in client.get(ADDRESS, {"q": "yure"}).content.decode()


def test_demands_are_suggested_beside_technologies(library):
    assert labels("dingxingji")["名称"] == ["定型机废气"]


def test_what_is_hidden_is_never_suggested(library, as_, cast):
    for person in (None, cast.supplier, cast.enterprise, cast.librarian):
        for typed in ("密语", "miyu", "my", "暗号", "anhao"):
            found = labels(typed)
            assert not any("密语" in label or "暗号" in label for each in found.values() for label in each), (
                person
            )


def test_what_becomes_hidden_is_suggested_no_more(library, make_technology, index):
    technology = make_technology("密语机组")
    index()
    assert "密语机组" in labels("密语")["名称"]
    technology.unpublish()
    index()
    assert labels("密语") == {}


def test_recent_queries_are_kept_for_their_owner_and_cleared(library, as_, cast):
    client, other = as_(cast.supplier), Client()
    other.force_login(cast.second_supplier)
    client.get("/search/", {"q": "余热 发电"})
    client.get("/technologies/", {"q": "空压机"})
    body = client.get(ADDRESS).content.decode()
    assert body.index("空压机") < body.index("余热 发电")
    assert "空压机" not in other.get(ADDRESS).content.decode()
    assert client.get("/search/recent/clear/").status_code == 200
    assert client.post("/search/recent/clear/").status_code == 302
    assert client.get(ADDRESS).content.decode().strip() == ""


def test_of_visitors_nothing_is_kept(library, client):
    client.get("/search/", {"q": "余热"})
    assert client.get(ADDRESS).content.decode().strip() == ""
    assert "sessionid" not in client.cookies


def test_suggestions_are_escaped_and_only_read(library, client, make_technology, index):
    make_technology("<b>余热</b>")
    index()
    assert "<b>余热" not in client.get(ADDRESS, {"q": "余热"}).content.decode()
    assert client.post(ADDRESS).status_code == 405


def test_suggestions_take_few_queries(library, client, django_assert_max_num_queries):
    client.get(ADDRESS, {"q": "余热"})
    with django_assert_max_num_queries(6):
        client.get(ADDRESS, {"q": "yure"})


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    typed=st.one_of(
        st.text(max_size=80), st.text(alphabet="yurekj' 余热空压鸡%_\\", max_size=40), st.sampled_from(NASTY)
    )
)
def test_nothing_that_can_be_typed_is_an_error(library, client, typed):
    assert client.get(ADDRESS, {"q": typed}).status_code == 200
    assert suggestions(typed, []) == suggestions(typed[:LONGEST_TYPED], [])
