"""The lists and the search page."""

import re
from datetime import timedelta
from urllib.parse import quote

import pytest
from django.urls import reverse
from django.utils import timezone

from accounts.models import Area, Organisation
from catalog.enums import Visibility
from catalog.models import EnergySystem

pytestmark = pytest.mark.django_db
LIST, DEMANDS, SEARCH = "/technologies/", "/demands/", "/search/"


@pytest.fixture
def library(make_technology, taxonomy, tree, index):
    make_technology(
        "空压机余热回收", systems=[taxonomy.compressed_air, taxonomy.waste_heat], carriers=[taxonomy.electricity],
        applies_to_all_industries=True, payback_min_years=0.5, summary="回收<b>七成</b>热量",
    )  # fmt: skip
    make_technology(
        "烟气余热回收", systems=[taxonomy.waste_heat], industries=[tree["C26"]], payback_min_years=4
    )
    make_technology(
        "印染定型机余热", systems=[taxonomy.waste_heat], industries=[tree["C17"]], origin="reference"
    )
    make_technology("尚未发布", live=False)
    index()


def titles(response):
    heads = re.findall(r'<h3 class="card__title">(.*?)</h3>', response.content.decode(), re.S)
    return [re.sub(r"<[^>]+>", "", head) for head in heads]


def counts(response, name):
    groups = {group.field.name: group.choices for group in response.context["browsing"].groups}
    return {choice.value: choice.count for choice in groups.get(name, [])}


def test_addresses_have_names():
    names = ("technologies", "demands", "search")
    assert [reverse(f"search:{name}") for name in names] == [LIST, DEMANDS, SEARCH]


def test_list_shows_live_technologies_newest_first(client, library):
    response = client.get(LIST)
    assert titles(response) == ["印染定型机余热", "烟气余热回收", "空压机余热回收"]
    assert "参考条目（典型值）" in response.content.decode()


def test_list_searches_and_marks_what_was_asked(client, library):
    response = client.get(LIST, {"q": "空气压缩机"})
    assert titles(response) == ["空压机余热回收"]
    body = response.content.decode()
    assert "<mark>空压机</mark>余热回收" in body
    assert "回收&lt;b&gt;七成&lt;/b&gt;热量" in body


@pytest.mark.parametrize(
    ("query", "expected", "systems", "industries"),
    [
        ({}, 3, {"compressed_air": 1, "waste_heat": 3}, {"*": 1, "C17": 2, "C26": 2}),
        ({"system": "compressed_air"}, 1, {"compressed_air": 1, "waste_heat": 3}, {"*": 1}),
        ({"industry": "C26"}, 2, {"compressed_air": 1, "waste_heat": 2}, {"*": 1, "C17": 2, "C26": 2}),
        ({"industry": "C2614"}, 2, {"compressed_air": 1, "waste_heat": 2}, {"*": 1, "C17": 2, "C26": 2, "C2614": None}),
        ({"industry": "*"}, 1, {"compressed_air": 1, "waste_heat": 1}, {"*": 1, "C17": 2, "C26": 2}),
        ({"industry": ["C26", "C17"]}, 3, {"compressed_air": 1, "waste_heat": 3}, {"*": 1, "C17": 2, "C26": 2}),
        ({"q": "烟气", "industry": "C17"}, 0, {}, {"C17": 0, "C26": 1}),
        ({"payback": "unknown"}, 1, {"waste_heat": 1}, {"C17": 1}),
    ],
)  # fmt: skip
def test_counts_stay_right_under_every_filter(client, library, query, expected, systems, industries):
    response = client.get(LIST, query)
    assert response.context["browsing"].results.total == expected
    assert (counts(response, "system"), counts(response, "industry")) == (systems, industries)


def test_count_of_a_choice_is_what_choosing_it_leaves(client, library):
    for base in ({}, {"q": "余热回收"}, {"system": "waste_heat", "payback": "below-1"}):
        for group in client.get(LIST, base).context["browsing"].groups:
            for choice in group.choices:
                query = {**base, group.field.name: choice.value}
                assert client.get(LIST, query).context["browsing"].results.total == choice.count, query


def test_chips_remove_one_filter_each_and_keep_the_rest(client, library):
    response = client.get(LIST, {"q": "余热", "system": ["waste_heat", "compressed_air"], "sort": "payback"})
    chips = response.context["browsing"].chips
    assert [chip.value for chip in chips] == ["余热余压利用", "压缩空气"]
    assert chips[0].url == f"?q={quote('余热')}&system=compressed_air&sort=payback"
    assert client.get(LIST + chips[0].url).status_code == 200
    assert response.context["browsing"].reset_url == f"?q={quote('余热')}"


def test_orders_are_links_and_relevance_needs_a_text(client, library):
    assert titles(client.get(LIST, {"sort": "payback"})) == [
        "空压机余热回收",
        "烟气余热回收",
        "印染定型机余热",
    ]
    labels = [option.label for option in client.get(LIST).context["browsing"].sorts]
    assert labels[0] == "最新发布" and "相关度" not in labels
    current = [
        option.label
        for option in client.get(LIST, {"q": "余热"}).context["browsing"].sorts
        if option.is_current
    ]
    assert current == ["相关度"]


def test_pages(client, make_technology, index):
    for number in range(21):
        make_technology(f"余热{number}")
    index()
    response = client.get(LIST, {"q": "余热", "page": "2"})
    assert len(titles(response)) == 1
    assert 'rel="prev"' in response.content.decode()


NASTY = [
    {"q": '"'}, {"q": "余" * 500}, {"q": "\x00\x07"}, {"q": "<script>alert(1)</script>"}, {"q": "'; DROP TABLE--"},
    {"system": "nothing"}, {"industry": "C9999"}, {"industry": "=C26"}, {"area": "x" * 500}, {"system": ["a"] * 200},
    {"page": "1000000000"}, {"page": "9" * 400}, {"page": "-1"}, {"page": "甲"}, {"page": "²"}, {"sort": "title"},
    {"sort": "-published"}, {"payback": "\x00"},
]  # fmt: skip


@pytest.mark.parametrize("address", [LIST, DEMANDS, SEARCH])
def test_nonsense_gives_a_useful_page(client, library, make_demand, index, address):
    make_demand()
    index()
    for query in NASTY:
        response = client.get(address, query)
        assert response.status_code == 200, query
        assert "<script>alert" not in response.content.decode()


def test_unknown_filter_and_long_text_are_said(client, library):
    assert "无法识别的筛选条件" in client.get(LIST, {"system": "nothing"}).content.decode()
    assert "搜索内容过长" in client.get(LIST, {"q": "余" * 500}).content.decode()
    assert "无法识别" not in client.get(LIST, {"q": "", "system": "", "sort": ""}).content.decode()


def test_partial_and_empty_results_say_so_and_offer_a_way_on(client, library):
    assert "只包含其中一部分" in client.get(LIST, {"q": "空压机 核聚变"}).content.decode()
    body = client.get(LIST, {"q": "核聚变"}).content.decode()
    assert "没有符合条件的条目" in body and "更短或更常用" in body
    body = client.get(LIST, {"q": "烟气", "industry": "C17"}).content.decode()
    assert "清除全部筛选" in body


def test_search_page_shows_both_kinds_with_totals(client, library, make_demand, index):
    make_demand("定型机余热没有利用")
    index()
    response = client.get(SEARCH, {"q": "余热"})
    assert [section.results.total for section in response.context["sections"]] == [3, 1, 0, 0]
    assert f"/demands/?q={quote('余热')}" in response.content.decode()


@pytest.fixture
def hidden(make_demand, cast, town, index):
    firm = cast.enterprise_firm
    firm.name, firm.area = "密语化工厂", town
    firm.save()
    visibility = {"area": Visibility.OFFICIALS, "problem": Visibility.MATCHED}
    make_demand(
        "空压站余热", organisation=firm, problem="密语问题", visibility=visibility, wants_finance=True
    )
    index()


@pytest.mark.parametrize("name", ["visitor", "supplier", "second_supplier", "bank"])
def test_hidden_fields_show_in_no_hit_count_facet_or_highlight(as_, cast, hidden, name):
    client = as_(getattr(cast, name))
    response = client.get(DEMANDS)
    assert "密语" not in response.content.decode() and "示例镇" not in response.content.decode()
    assert (counts(response, "area"), counts(response, "finance")) == ({}, {})
    for query in ("密语", "示例镇", "化工厂"):
        assert client.get(DEMANDS, {"q": query}).context["browsing"].results.total == 0
    assert client.get(DEMANDS, {"area": "310116999"}).context["browsing"].results.total == 0
    assert client.get(DEMANDS, {"finance": "yes"}).context["browsing"].results.total == 0


@pytest.mark.parametrize("name", ["enterprise", "librarian"])
def test_owner_and_officials_read_the_name_but_cannot_search_it_here(as_, cast, hidden, name):
    client = as_(getattr(cast, name))
    assert "密语化工厂" in client.get(DEMANDS).content.decode()
    assert client.get(DEMANDS, {"q": "密语"}).context["browsing"].results.total == 0


def test_demands_are_filtered_by_what_is_public(client, make_demand, cast, tree, town, taxonomy, index):
    firm = cast.enterprise_firm
    firm.industry, firm.area = tree["C2614"], town
    firm.save()
    make_demand("甲需求", organisation=firm, systems=[taxonomy.waste_heat], source="audit")
    make_demand("乙需求", visibility={"wants_finance": "public"}, wants_finance=True)
    index()
    for name, value in (("area", town.code), ("industry", "C26"), ("industry", "C2614"), ("source", "audit"), ("system", "waste_heat")):  # fmt: skip
        assert titles(client.get(DEMANDS, {name: value})) == ["甲需求"]
    assert titles(client.get(DEMANDS, {"finance": "yes"})) == ["乙需求"]


def test_technologies_are_found_by_town_and_validity(client, make_technology, cast, town, index):
    park = Area.objects.create(code="310116P99", name="示例园区", kind="park", parent=town)
    Organisation.objects.filter(pk=cast.supplier_firm.pk).update(area=park)
    today = timezone.localdate()
    make_technology("园区内的", organisation=cast.supplier_firm, valid_until=today + timedelta(90))
    make_technology("区外的", organisation=cast.second_firm, valid_until=today + timedelta(91))
    make_technology("参考的")
    index()
    response = client.get(LIST)
    assert counts(response, "area") == {town.code: 1, park.code: 1}
    assert counts(response, "validity") == {"later": 1, "soon": 1, "none": 1}
    for name, value in (("area", town.code), ("area", park.code), ("validity", "soon")):
        assert titles(client.get(LIST, {name: value})) == ["园区内的"]


def test_long_filters_fold_and_keep_what_was_chosen_in_sight(client, make_technology, db, index):
    systems = [EnergySystem.objects.create(code=f"s{n}", name=f"系统{n}", order=n) for n in range(15)]
    for number, system in enumerate(systems):
        make_technology(f"技术{number}", systems=[system])
        if number > 10:
            make_technology(f"又一项{number}", systems=[system])
    index()
    response = client.get(LIST, {"system": "s3"})
    (group,) = [group for group in response.context["browsing"].groups if group.field.name == "system"]
    assert group.shown[0].value == "s3" and len(group.shown) == 8
    assert {"s11", "s12", "s13", "s14"} < {choice.value for choice in group.shown}
    assert len(group.folded) == 7
    body = response.content.decode()
    assert body.count('name="system"') == 15 and "其余 7 项" in body and "data-facet-search" in body


@pytest.mark.parametrize(("address", "limit"), [(LIST, 16), (DEMANDS, 20), (SEARCH, 30)])
def test_lists_take_as_many_queries_for_three_as_for_one(
    client, make_technology, make_demand, cast, taxonomy, index, django_assert_max_num_queries, address, limit
):
    numbers = []
    for _ in range(2):
        for _ in range(2 if numbers else 1):
            make_technology("余热", systems=[taxonomy.waste_heat], organisation=cast.supplier_firm)
            make_demand("余热", systems=[taxonomy.waste_heat], organisation=cast.enterprise_firm)
        index()
        # What was written is read anew once.
        client.get(address, {"q": "余热"})
        with django_assert_max_num_queries(limit) as captured:
            client.get(address, {"q": "余热"})
        numbers.append(len(captured))
    assert numbers[0] == numbers[1]


def test_what_is_not_wanted_is_a_chip_that_can_be_removed(client, make_technology, index):
    make_technology(title="热泵干燥")
    make_technology(title="热泵热水")
    index()
    for path in ("/technologies/", "/search/"):
        page = client.get(path, {"q": "热泵 不要干燥"}).content.decode()
        assert "热水" in page and "热泵干燥" not in page
        assert 'href="?q=%E7%83%AD%E6%B3%B5"' in page and "不含：干燥" in page


def test_page_says_how_numbers_were_read(client, make_technology, index):
    make_technology(title="热水热泵", summary="供80℃热水")
    index()
    for path in ("/technologies/", "/search/"):
        assert "按数值查找：温度 ≥ 60 ℃" in client.get(path, {"q": "热水 60℃以上"}).content.decode()
        assert "温度 95 ℃ · 仍按文字搜索" in client.get(path, {"q": "热水 95℃"}).content.decode()


def test_mentions_are_a_link_and_hits_say_why(client, make_technology, index):
    make_technology(title="余热锅炉", summary="产蒸汽")
    make_technology(title="冷站群控", principle="利用废热")
    index()
    for path, more in (
        ("/technologies/", "?q=%E4%BD%99%E7%83%AD&amp;all=1"),
        ("/search/", "/technologies/?q="),
    ):
        page = client.get(path, {"q": "余热"}).content.decode()
        assert "另有 1 条仅在正文中以其他说法提到" in page and more in page and "冷站群控" not in page
        assert "“余热”：见标题" in page
    wide = client.get("/technologies/", {"q": "余热", "all": "1"})
    assert "冷站群控" in wide.content.decode() and "仅在正文中以其他说法提到" not in wide.content.decode()
    assert 'name="all"' in wide.content.decode()
