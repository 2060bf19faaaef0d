"""What no form would let in, or nobody meant: the list page answers, with a sentence where it cannot do well."""

import pytest
from django.db import connection
from django.urls import reverse

from catalog.models import DemandQuantity
from matching.services.library import rebuild_index
from matching.services.looks import match_counts

NO_CHINESE = "需求文字中没有中文"
NO_WORDS = "需求文字中没有可识别的技术词"
TOO_LONG = "匹配只比较前 20,000 字"


@pytest.fixture
def library(cast, make_technology, taxonomy):
    """Technologies, one of them without any figure, another with senseless ones."""
    bare = make_technology("空压机余热回收", organisation=cast.supplier_firm)
    full = make_technology(
        "空气压缩机变频改造", organisation=cast.second_firm, systems=[taxonomy.compressed_air], summary="变频节电",
        payback_min_years=1, payback_max_years=2,
    )  # fmt: skip
    return bare, full


@pytest.fixture
def page_of(cast, as_, make_demand, library):
    """Return a function that gives the context and the page of the list for a demand's text."""

    def page(title, problem="", **fields):
        demand = make_demand(title, problem=problem, organisation=cast.enterprise_firm, **fields)
        rebuild_index()
        response = as_(cast.enterprise).get(reverse("matching:matches", args=[demand.pk]))
        assert response.status_code == 200
        return response.context, response.content.decode()

    return page


@pytest.mark.parametrize(
    ("title", "problem", "note"),
    [
        ("。", "", NO_WORDS),
        ("   ", "\n\t", NO_WORDS),
        ("12345 67.8", "90 0.6 15", NO_WORDS),
        ("😀🔥🏭", "💨💨", NO_WORDS),
        ("need help", "please advise on our plant", NO_CHINESE),
        ("compressed air waste heat", "air compressor", NO_CHINESE),
        ("空压机余热", "热" * 100_000, TOO_LONG),
        ("空压机余热", "空压机排气温度高。" * 12_000, TOO_LONG),
        ("x" * 200, "y" * 100_000, NO_CHINESE),
        ("空压机余热没有利用", "", ""),
        ("空壓機餘熱沒有利用", "", ""),
    ],
)
def test_text_of_any_kind_gives_a_page_and_one_clear_sentence(page_of, title, problem, note):
    context, page = page_of(title, problem)
    assert (note in context["text_note"]) if note else context["text_note"] == ""
    assert page.count(context["text_note"]) == 1 if note else True


def test_traditional_and_simplified_needs_get_the_same_list(page_of):
    lists = [
        [(card.technology.title, card.recommendation.score) for card in page_of(title, problem)[0]["page"]]
        for title, problem in (
            ("空压机余热回收", "变频器节电"),
            ("空壓機餘熱回收", "變頻器節電"),
            ("空壓机餘热回收", "变頻器节電"),
        )
    ]
    assert lists[0] and lists[0] == lists[1] == lists[2]


def test_english_need_finds_by_the_terms_of_the_lexicon(page_of):
    context, page = page_of("waste heat of an air compressor")
    assert [card.technology.title for card in context["page"]][0] == "空压机余热回收"
    assert NO_CHINESE in page


def test_listings_of_the_same_name_and_owner_are_one_on_the_list(cast, page_of, make_technology):
    for _number in range(3):
        make_technology("空压机余热回收", organisation=cast.supplier_firm)
    other = make_technology("空压机余热回收", organisation=cast.second_firm)
    context, page = page_of("空压机余热回收")
    shown = [card for card in context["page"] if card.technology.title == "空压机余热回收"]
    assert [len(card.twins) for card in sorted(shown, key=lambda card: card.technology == other)] == [3, 0]
    assert page.count("另有 3 条同名") == 1
    demand = context["demand"]
    counts = match_counts(cast.enterprise, [demand.pk])[demand.pk]
    assert counts.total == context["total"] == len(context["page"])


def test_technology_without_any_number_is_listed_without_inventing_one(page_of):
    context, page = page_of("空压机余热回收")
    (card,) = [card for card in context["page"] if card.technology.title == "空压机余热回收"]
    assert (card.saving, card.payback, card.investment) == (None, "", "")
    assert "技术未给出节能率，无法估算节能量" in page


def test_contradictory_ranges_count_as_unknown(page_of, library):
    """The database refuses them; data that came in around its rules must not harm a page."""
    bare, full = library
    full.conditions.create(quantity="power_kw", minimum=10, maximum=90, is_hard=True)
    context, _page = page_of("空压机变频")
    demand = context["demand"]
    demand.quantities.add(DemandQuantity(quantity="power_kw", minimum=1, maximum=2))
    demand.save()
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA ignore_check_constraints = 1")
            cursor.execute("UPDATE catalog_technologycondition SET minimum = 90, maximum = 10")
            cursor.execute("UPDATE catalog_demandquantity SET minimum = 2, maximum = 1")
            cursor.execute("PRAGMA ignore_check_constraints = 0")
    context, page = page_of("空压机变频节电")
    assert not any(card.recommendation.has_conflict for card in context["page"])
    assert "90–10" not in page
