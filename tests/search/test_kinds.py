"""Cases and pages beside the libraries on the page of search."""

import pytest
from wagtail.models import Page, PageViewRestriction, Site

from catalog.models import TechnologyCase
from cms.models import HomePage, StandardPage
from search.services import apply_changes

pytestmark = pytest.mark.django_db
SEARCH = "/search/"


@pytest.fixture
def case(make_technology, taxonomy, django_capture_on_commit_callbacks):
    technology = make_technology("空压机热回收", systems=[taxonomy.compressed_air])
    return TechnologyCase.objects.create(
        technology=technology, site="示例化工厂", description="密语改造", year=2024, annual_saving_tce=120
    )


@pytest.fixture
def make_page(db):
    home = HomePage.objects.first()
    if home is None:
        home = Page.objects.get(depth=1).add_child(
            instance=HomePage(title="首页", slug="home-x", hero_title="首页")
        )
        Site.objects.update_or_create(
            is_default_site=True, defaults={"hostname": "localhost", "root_page": home}
        )

    def make(title, parent=None, **fields):
        page = (parent or home).add_child(instance=StandardPage(title=title, **fields))
        apply_changes()
        return page

    return make


def totals(client, query, **parameters):
    response = client.get(SEARCH, {"q": query, **parameters})
    return {str(tab.kind): tab.results.total for tab in response.context["tabs"] if tab.results.total}


def test_cases_are_found_with_their_technology(client, case, index):
    index()
    assert totals(client, "密语改造") == {"technology": 1, "case": 1}
    body = client.get(SEARCH, {"q": "示例化工厂"}).content.decode()
    assert f'href="/technologies/{case.technology_id}/#cases"' in body
    assert "2024 · 年节能 120 tce" in body
    assert totals(client, "热回收") == {"technology": 1, "case": 1}


def test_cases_follow_their_technology(client, cast, case, index):
    index()
    technology = case.technology
    technology.unpublish()
    assert totals(client, "示例化工厂") == {}
    technology.save_revision().publish()
    apply_changes()
    assert totals(client, "示例化工厂") == {"technology": 1, "case": 1}
    TechnologyCase.objects.get().delete()
    assert "case" not in totals(client, "示例化工厂")


def test_pages_are_found_while_everybody_may_read_them(client, make_page):
    page = make_page(
        "节能补贴政策", summary="密语摘要", body="<p>按<b>密语正文</b>申报</p>", source_name="发改委"
    )
    make_page("密语草稿", live=False)
    below = make_page("补贴细则", parent=page)
    assert totals(client, "密语") == {"page": 1}
    assert totals(client, "密语正文") == {"page": 1}
    body = client.get(SEARCH, {"q": "补贴"}).content.decode()
    assert "政策、动态与说明" in body and page.url in body and below.url in body
    restriction = PageViewRestriction.objects.create(page=page, restriction_type="login")
    assert totals(client, "补贴") == {}
    restriction.delete()
    apply_changes()
    assert totals(client, "补贴") == {"page": 2}
    page.unpublish()
    assert totals(client, "密语") == {}
    below.delete()
    assert totals(client, "细则") == {}


def test_kind_without_a_list_has_all_its_pages_on_search(client, make_page):
    for number in range(23):
        make_page(f"政策{number}号")
    response = client.get(SEARCH, {"q": "政策"})
    (section,) = [section for section in response.context["sections"] if section.results.total]
    assert len(section.rows) == 5 and "查看全部 23 项" in response.content.decode()
    response = client.get(SEARCH, {"q": "政策", "kind": "page", "page": "2"})
    (section,) = response.context["sections"]
    assert len(section.rows) == 3 and 'rel="prev"' in response.content.decode()
    assert client.get(SEARCH, {"q": "政策", "kind": "page", "page": "1000000000"}).status_code == 200
    assert client.get(SEARCH, {"q": "政策", "kind": "nonsense", "page": "x"}).status_code == 200
    assert "没有符合条件" in client.get(SEARCH, {"q": "政策", "kind": "case"}).content.decode()


def test_search_takes_as_many_queries_for_three_pages_as_for_one(client, make_page, count_queries):
    numbers = []
    for count in (1, 2):
        for number in range(count):
            make_page(f"政策{count}{number}")
        client.get(SEARCH, {"q": "政策"})
        numbers.append(count_queries(lambda: client.get(SEARCH, {"q": "政策"})))
    assert numbers[0] == numbers[1]
