"""Technologies side by side, and the basket."""

import re

import pytest

from search.comparison import SESSION_KEY

pytestmark = pytest.mark.django_db
PAGE, CHANGE = "/compare/", "/compare/change/"


@pytest.fixture
def four(make_technology, cast, taxonomy):
    return [
        make_technology(
            f"技术{number}", systems=[taxonomy.waste_heat], payback_min_years=number, payback_max_years=number, organisation=cast.supplier_firm,
            principle="相同的原理",
        )
        for number in range(1, 5)
    ]  # fmt: skip


def heads(response):
    table = response.content.decode().partition("<thead>")[2].partition("</thead>")[0]
    return re.findall(r'<a href="/technologies/\d+/">(.*?)</a>', table)


def test_basket_of_a_visitor_shows_and_stays_after_log_in(client, cast, four):
    page = "/technologies/?q=x"
    assert "compare-bar__inner" not in client.get(page).content.decode()
    answer = client.post(CHANGE, {"add": four[0].pk}, headers={"Referer": f"http://testserver{page}"})
    assert answer.url == f"{page}#technology-{four[0].pk}"
    assert "对比 1/4" in client.get("/technologies/").content.decode()
    client.force_login(cast.enterprise, "django.contrib.auth.backends.ModelBackend")
    assert "对比 1/4" in client.get(f"/technologies/{four[0].pk}/").content.decode()
    assert client.get(PAGE).url == f"{PAGE}?ids={four[0].pk}"


def test_basket_holds_four_and_says_so(client, four, make_technology):
    fifth = make_technology("第五项")
    for technology in [*four, four[0]]:
        client.post(CHANGE, {"add": technology.pk})
    assert "最多对比四项" in client.post(CHANGE, {"add": fifth.pk}, follow=True).content.decode()
    assert client.session[SESSION_KEY] == [technology.pk for technology in four]
    four[1].live = False
    four[1].save()
    client.post(CHANGE, {"add": fifth.pk})
    assert client.session[SESSION_KEY] == [four[0].pk, four[2].pk, four[3].pk, fifth.pk]
    client.post(CHANGE, {"remove": four[0].pk})
    assert client.session[SESSION_KEY] == [four[2].pk, four[3].pk, fifth.pk]
    client.post(CHANGE, {"clear": "1"})
    assert SESSION_KEY not in client.session


def test_htmx_gets_bar_and_button(client, four):
    body = client.post(CHANGE, {"add": four[0].pk}, headers={"HX-Request": "true"}).content.decode()
    assert 'id="compare-bar"' in body and "对比 1/4" in body
    assert f'id="compare-toggle-{four[0].pk}" hx-swap-oob="true" name="remove"' in body
    body = client.post(CHANGE, {"remove": four[0].pk}, headers={"HX-Request": "true"}).content.decode()
    assert "对比" in body and "compare-bar__inner" not in body and 'name="add"' in body


@pytest.mark.parametrize("value", ["", "x", "-1", "9" * 40, "٣", "1 OR 1", "\x00"])
def test_nonsense_changes_nothing(client, four, value):
    assert client.post(CHANGE, {"add": value, "remove": value}).status_code == 302
    assert SESSION_KEY not in client.session
    assert client.get(PAGE, {"ids": value}).status_code == 200


@pytest.mark.parametrize("referer", ["https://evil.example/", "//evil.example", "javascript:alert(1)"])
def test_change_leads_nowhere_else(client, four, referer):
    assert client.post(CHANGE, {"add": four[0].pk}, headers={"Referer": referer}).url == PAGE


def test_page_shows_differences_and_unknowns_in_the_order_asked(client, four):
    four[2].principle = ""
    four[2].save()
    response = client.get(PAGE, {"ids": f"{four[2].pk},{four[0].pk}"})
    assert heads(response) == ["技术3", "技术1"]
    rows = {row.label: row for row in response.context["rows"]}
    assert rows["投资回收期"].texts == ("3 年", "1 年") and rows["投资回收期"].is_different
    assert rows["技术原理"].texts == ("", "相同的原理")
    assert not rows["用能系统"].is_different and "预算" not in rows
    body = response.content.decode()
    assert "未提供" in body and "compare__differs" in body
    different = client.get(PAGE, {"ids": f"{four[2].pk},{four[0].pk}", "only": "different"})
    assert all(row.is_different for row in different.context["rows"])


def test_address_is_cut_at_four_and_says_what_is_gone(client, four, make_technology):
    hidden = make_technology("密语技术", live=False)
    ids = [technology.pk for technology in four]
    assert "已取前四项" in client.get(PAGE, {"ids": [*ids, hidden.pk]}).content.decode()
    response = client.get(PAGE, {"ids": f"{hidden.pk},{ids[0]},999999"})
    assert heads(response) == ["技术1"]
    body = response.content.decode()
    assert "有 2 项技术不存在或已不再公开" in body and "密语" not in body


@pytest.mark.parametrize("name", ["visitor", "enterprise", "supplier", "librarian"])
def test_drafts_can_be_compared_by_nobody(as_, cast, make_technology, name):
    draft = make_technology("密语技术", live=False, organisation=cast.supplier_firm)
    client = as_(getattr(cast, name))
    client.post(CHANGE, {"add": draft.pk})
    assert SESSION_KEY not in client.session
    assert "密语" not in client.get(PAGE, {"ids": draft.pk}).content.decode()


def test_contacts_are_not_compared(as_, cast, four):
    four[0].contact_phone = "13800000000"
    four[0].save()
    assert "13800000000" not in as_(cast.enterprise).get(PAGE, {"ids": four[0].pk}).content.decode()


def test_page_takes_as_many_queries_for_three_as_for_one(client, four, count_queries):
    first = count_queries(lambda: client.get(PAGE, {"ids": four[0].pk}))
    ids = ",".join(str(technology.pk) for technology in four[:3])
    assert count_queries(lambda: client.get(PAGE, {"ids": ids})) == first <= 10


def test_empty_page_says_how_to_begin(client):
    assert "还没有选择技术" in client.get(PAGE).content.decode()
    assert client.get(CHANGE).status_code == 405
