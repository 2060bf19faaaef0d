"""Why a technology is not on a list, for the enterprise and for the supplier."""

import re

import pytest
from django.urls import reverse

from accounts.models import Industry
from catalog.models import Demand, DemandQuantity, Technology, TechnologyCondition
from matching.models import Feedback, Recommendation
from matching.services.library import rebuild_index

HTML = "<script>alert(1)</script>"
TEMPERATURE = "heat_source_temperature_c"


@pytest.fixture
def pair(cast, make_demand, make_technology, taxonomy):
    """A need at 45 degrees and a technology that must have 80; further ones that fit."""
    demand = make_demand(
        "冷却水余热回收",
        organisation=cast.enterprise_firm,
        systems=[taxonomy.waste_heat],
        problem="循环冷却水长期排空",
    )
    demand.quantities.add(DemandQuantity(quantity=TEMPERATURE, minimum=45, maximum=45))
    demand.save()
    technology = make_technology(
        "有机朗肯循环余热发电",
        organisation=cast.supplier_firm,
        systems=[taxonomy.compressed_air],
        summary="余热发电",
    )
    technology.conditions.add(
        TechnologyCondition(quantity=TEMPERATURE, minimum=80, maximum=250, is_hard=True)
    )
    technology.save()
    for title in ("冷却水余热回收热泵", "余热锅炉", "余热制冷"):
        make_technology(title, organisation=cast.second_firm, systems=[taxonomy.waste_heat])
    rebuild_index()
    return demand, technology


def why_not(demand, technology):
    return reverse("matching:why_not", args=[demand.pk, technology.pk])


def why_not_need(demand, technology):
    return reverse("matching:why_not_need", args=[demand.pk, technology.pk])


@pytest.mark.parametrize("person", ["supplier", "bank", "reviewer"])
def test_others_find_nothing_about_a_demand(cast, as_, pair, person):
    demand, technology = pair
    client = as_(getattr(cast, person))
    for page in (why_not(demand, technology), reverse("matching:find_technology", args=[demand.pk])):
        assert client.get(page).status_code == 404


@pytest.mark.parametrize("person", ["enterprise", "second_supplier", "bank", "reviewer"])
def test_others_find_nothing_about_a_technology(cast, as_, pair, person):
    demand, technology = pair
    assert as_(getattr(cast, person)).get(why_not_need(demand, technology)).status_code == 404


def test_visitor_is_asked_to_log_in(as_, pair):
    demand, technology = pair
    pages = [
        why_not(demand, technology), why_not_need(demand, technology), reverse("matching:find_need"),
        reverse("matching:find_technology", args=[demand.pk]), reverse("matching:choose_demand", args=[technology.pk]),
    ]  # fmt: skip
    for page in pages:
        assert "/login/" in as_(None).get(page)["Location"]


def test_technology_that_is_not_public_is_not_found(cast, as_, pair, make_technology):
    demand, _technology = pair
    draft = make_technology("未公开的热泵", live=False, organisation=cast.supplier_firm)
    client = as_(cast.enterprise)
    assert client.get(why_not(demand, draft)).status_code == 404
    assert client.get(reverse("matching:choose_demand", args=[draft.pk])).status_code == 404
    found = client.get(reverse("matching:find_technology", args=[demand.pk]), {"q": "未公开的热泵"})
    assert draft not in [technology for technology, _rank in found.context["found"]]


def test_need_that_is_not_public_is_not_found(cast, as_, pair):
    demand, technology = pair
    Demand.objects.filter(pk=demand.pk).update(live=False)
    client = as_(cast.supplier)
    assert client.get(why_not_need(demand, technology)).status_code == 404
    assert client.get(reverse("matching:find_need"), {"q": demand.title}).context["found"] == []


def test_technology_is_found_by_its_title_and_leads_to_the_answer(cast, as_, pair):
    demand, technology = pair
    page = as_(cast.enterprise).get(reverse("matching:find_technology", args=[demand.pk]), {"q": "朗肯"})
    assert why_not(demand, technology) in page.content.decode()


def test_hard_conflict_is_named_with_figures_and_what_would_resolve_it(cast, as_, pair):
    demand, technology = pair
    response = as_(cast.enterprise).get(why_not(demand, technology))
    page = response.content.decode()
    assert "热源温度 45℃ 不在必须满足的范围 80–250℃ 内" in page
    (line,) = [each for each in response.context["changes"] if "热源温度达到" in each.text]
    assert line.text == "若热源温度达到 80℃（现填 45℃）"
    assert line.url.endswith(f"/workspace/demands/{demand.pk}/edit/?more=1#id_conditions-0-amount")
    assert response.context["finding"].standing.total == Technology.objects.public().count()


def test_figure_read_from_the_text_is_not_called_filled_in(cast, as_, pair):
    demand, technology = pair
    demand.quantities.set([])
    demand.problem = "排出的废热水约45℃，直接外排。"
    demand.save()
    response = as_(cast.enterprise).get(why_not(demand, technology))
    (line,) = [each for each in response.context["changes"] if "热源温度达到" in each.text]
    assert line.text == "若热源温度达到 80℃（从文字读出 45℃，请确认）"


def test_what_is_promised_comes_true(cast, as_, pair):
    demand, technology = pair
    client = as_(cast.enterprise)
    (line,) = [
        each
        for each in client.get(why_not(demand, technology)).context["changes"]
        if "热源温度达到" in each.text
    ]
    demand.quantities.set([DemandQuantity(quantity=TEMPERATURE, minimum=80, maximum=80)])
    demand.save()
    response = client.get(why_not(demand, technology))
    finding = response.context["finding"]
    assert (round(finding.standing.score * 100), finding.standing.place) == (line.points, line.place)
    assert response.context["is_listed"] == line.is_listed


def test_parts_on_the_page_add_up_to_the_score_in_every_column(cast, as_, pair):
    context = as_(cast.enterprise).get(why_not(*pair)).context
    for place, column in enumerate(context["columns"]):
        total = sum(row.cells[place].points or 0 for row in context["parts"])
        assert total == round(column.score * 100)


def test_missing_fact_leads_to_its_field(cast, as_, pair):
    demand, technology = pair
    demand.quantities.set([])
    demand.save()
    response = as_(cast.enterprise).get(why_not(demand, technology))
    (line,) = [each for each in response.context["changes"] if "热源温度" in each.text]
    assert line.text == "若热源温度在 80–250℃ 范围内（需求未填写）" and line.is_missing
    assert line.url.endswith("#id_conditions-0-quantity")
    form = as_(cast.enterprise).get(line.url.split("#")[0]).content.decode()
    assert 'id="id_conditions-0-quantity"' in form


def test_fields_that_changes_lead_to_are_in_the_form(cast, as_, pair):
    demand, _technology = pair
    form = as_(cast.enterprise).get(f"/workspace/demands/{demand.pk}/edit/?more=1").content.decode()
    for anchor in ("id_max_payback_years", "id_budget_cny", "id_systems", "id_carriers", "id_problem"):
        assert f'id="{anchor}"' in form


def test_refused_technology_says_so(cast, as_, pair):
    demand, technology = pair
    Feedback.objects.create(
        demand=demand, technology=technology, verdict="refused", reason_code="cost", user=cast.enterprise
    )
    assert (
        "贵单位曾标记该技术不合适，原因：投资太高"
        in as_(cast.enterprise).get(why_not(*pair)).content.decode()
    )


def test_technology_page_asks_enterprises_with_demands_only(cast, as_, pair):
    _demand, technology = pair
    page = reverse("catalog:technology", args=[technology.pk])
    link = reverse("matching:choose_demand", args=[technology.pk])
    assert link in as_(cast.enterprise).get(page).content.decode()
    for person in (cast.supplier, cast.bank, None):
        assert link not in as_(person).get(page).content.decode()
    assert as_(cast.bank).get(link).status_code == 404


def test_own_demands_only_are_offered(cast, as_, pair, make_demand):
    demand, technology = pair
    make_demand("别人的需求", organisation=cast.bank_firm)
    response = as_(cast.enterprise).get(reverse("matching:choose_demand", args=[technology.pk]))
    assert list(response.context["demands"]) == [demand]


def test_supplier_reads_where_its_technology_stands(cast, as_, pair):
    demand, technology = pair
    client = as_(cast.supplier)
    link = why_not_need(demand, technology)
    assert link in client.get(reverse("matching:find_need"), {"q": "冷却水"}).content.decode()
    response = client.get(link)
    assert response.status_code == 200 and not response.context["is_listed"]


def test_nothing_hidden_changes_what_the_supplier_reads(cast, as_, pair):
    """The page of a need with hidden figures is the same, to the letter, whatever these are."""
    demand, technology = pair
    demand.visibility = dict.fromkeys(("problem", "quantities", "max_payback_years", "industry"), "officials")
    technology.payback_min_years, technology.payback_max_years = 4, 6
    technology.save()
    demand.save()
    rebuild_index()
    client = as_(cast.supplier)
    before = strip_tokens(client.get(why_not_need(demand, technology)))
    assert "45" not in before and "循环冷却水" not in before
    demand.problem = "有机朗肯循环余热发电"
    demand.max_payback_years, demand.budget_cny, demand.target_saving_tce = 1, 5, 10_000
    demand.quantities.set([DemandQuantity(quantity=TEMPERATURE, minimum=30, maximum=31)])
    demand.save()
    cast.enterprise_firm.industry = Industry.objects.first()
    cast.enterprise_firm.save()
    Recommendation.objects.filter(demand=demand).delete()
    assert strip_tokens(client.get(why_not_need(demand, technology))) == before


def strip_tokens(response):
    return re.sub(r'(nonce|value)="[^"]*"', "", response.content.decode())


def test_supplier_is_told_what_it_could_say(cast, as_, pair, taxonomy):
    demand, technology = pair
    demand.visibility = {"quantities": "public"}
    demand.save()
    technology.systems.set([])
    technology.save()
    rebuild_index()
    response = as_(cast.supplier).get(why_not_need(demand, technology))
    texts = [line.text for line in response.context["changes"]]
    assert "若技术的热源温度适用范围为 45–250℃（现为 80–250℃）" in texts
    assert any("若填写用能系统且包括余热余压利用" in text for text in texts)


def test_demand_page_asks_suppliers(cast, as_, pair):
    demand, _technology = pair
    page = reverse("catalog:demand", args=[demand.pk])
    assert reverse("matching:find_need") in as_(cast.supplier).get(page).content.decode()
    assert reverse("matching:find_need") not in as_(cast.enterprise).get(page).content.decode()


def test_nasty_text_is_harmless(cast, as_, pair):
    demand, _technology = pair
    for text in (HTML, "'\"%_\\", "😀", "x" * 5000, "\x00"):
        for person, page in (
            (cast.enterprise, reverse("matching:find_technology", args=[demand.pk])),
            (cast.supplier, reverse("matching:find_need")),
        ):
            response = as_(person).get(page, {"q": text, "technology": text})
            assert response.status_code == 200 and HTML not in response.content.decode()


def test_page_costs_the_same_for_a_long_list(cast, as_, pair, count_queries, make_technology, taxonomy):
    demand, technology = pair
    client = as_(cast.enterprise)
    client.get(why_not(demand, technology))
    before = count_queries(lambda: client.get(why_not(demand, technology)))
    for number in range(3):
        make_technology(f"余热回收{number}", systems=[taxonomy.waste_heat])
    rebuild_index()
    client.get(reverse("matching:matches", args=[demand.pk]))
    assert count_queries(lambda: client.get(why_not(demand, technology))) == before


@pytest.mark.parametrize("is_typing", [True, False])
def test_search_answers_with_the_results_alone_while_somebody_types(cast, as_, pair, is_typing):
    demand, technology = pair
    headers = {"HX-Request": "true"} if is_typing else {}
    for person, address, query, link in (
        (
            "enterprise",
            reverse("matching:find_technology", args=[demand.pk]),
            "朗肯",
            why_not(demand, technology),
        ),
        ("supplier", reverse("matching:find_need"), "冷却水", why_not_need(demand, technology)),
    ):
        client = as_(getattr(cast, person))
        page = client.get(address, {"q": query}, headers=headers).content.decode()
        assert link in page and ("<form" in page) == ("<html" in page) == (not is_typing)
        assert (f'hx-get="{address}"' in page) == (not is_typing)
        assert "没有找到" in client.get(address, {"q": HTML}, headers=headers).content.decode()
        assert "没有找到" not in client.get(address, {"q": " "}, headers=headers).content.decode()
    assert as_(cast.bank).get(reverse("matching:find_need"), headers=headers).status_code == 404
