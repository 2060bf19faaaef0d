"""The first pages and what they show."""

import pytest
from django.contrib.auth.models import Group
from django.utils import timezone
from wagtail.models import Page, Site

from accounts.roles import Duty
from cms.models import HomePage, StandardPage
from cms.services import set_up_pages


@pytest.fixture
def home(cast):
    return set_up_pages()


def test_set_up_pages_replaces_the_welcome_page_once(home):
    home.hero_title = "改过的标题"
    home.save()
    assert set_up_pages().hero_title == "改过的标题"
    assert Site.objects.get(is_default_site=True).root_page.specific == home
    assert list(Page.objects.filter(depth=2).values_list("slug", flat=True)) == ["home"]


def test_set_up_pages_lets_the_library_duty_edit(home):
    group = Group.objects.get(name=Duty.LIBRARY.value)
    codenames = group.page_permissions.filter(page=home).values_list("permission__codename", flat=True)
    assert set(codenames) == {"add_page", "change_page", "publish_page"}


def test_pages_need_no_workflow(home):
    assert home.get_workflow() is None


def test_home_page_shows_figures_and_new_listings(home, client, taxonomy, make_technology, make_demand):
    make_technology(systems=[taxonomy.waste_heat])
    make_technology("参考条目甲", origin="reference")
    make_technology("草稿甲", live=False)
    make_demand(systems=[taxonomy.waste_heat])
    html = client.get("/").content.decode()
    assert home.hero_title in html
    assert "<dt>公开技术</dt><dd>2</dd>" in html
    assert "<dt>公开需求</dt><dd>1</dd>" in html
    assert "空压机余热回收" in html
    assert "草稿甲" not in html


def test_home_page_masks_demands(home, client, cast, make_demand):
    make_demand(organisation=cast.enterprise_firm)
    html = client.get("/").content.decode()
    assert "企业名称未公开" in html
    assert cast.enterprise_firm.name not in html


def test_home_page_asks_as_much_for_three_listings_as_for_one(
    home, client, taxonomy, make_technology, make_demand, count_queries
):
    make_technology(systems=[taxonomy.waste_heat])
    make_demand()
    client.get("/")
    one = count_queries(lambda: client.get("/"))
    for number in range(2):
        make_technology(f"技术{number}", systems=[taxonomy.waste_heat, taxonomy.compressed_air])
        make_demand(f"需求{number}")
    assert count_queries(lambda: client.get("/")) == one


def test_home_page_features_only_public_technologies(home, client, make_technology):
    chosen, lapsed = make_technology("推荐甲"), make_technology("推荐乙")
    home.featured = [("technology", chosen), ("technology", lapsed)]
    home.save()
    lapsed.valid_until = timezone.localdate().replace(year=2020)
    lapsed.save()
    html = client.get("/").content.decode()
    assert "重点推荐" in html
    assert "推荐乙" not in html


def test_every_first_page_opens_and_lists_its_sub_pages(home, client):
    for page in StandardPage.objects.all():
        assert client.get(page.url).status_code == 200
    assert "“十四五”规划中的节能技术对接平台" in client.get("/news/").content.decode()


def test_menu_holds_the_pages_marked_for_it(home, client):
    html = client.get("/about/").content.decode()
    menu = html[html.index('class="main-nav"') : html.index("</header>")]
    assert 'href="/guide/"' in menu
    assert 'href="/data/"' not in menu
    assert HomePage.objects.count() == 1
