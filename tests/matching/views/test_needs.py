"""Needs that fit a supplier's technologies."""

import pytest
from django.urls import reverse

from accounts.enums import MemberState
from accounts.models import Membership
from matching.models import Feedback, Recommendation
from tests.matching.pairs import reason, recommend

NEEDS = "/workspace/needs/"
HTML = "<script>alert(1)</script>"


@pytest.fixture
def need(cast, make_demand, make_technology):
    """A public need that fits a technology of the first supplier."""
    demand = make_demand(organisation=cast.enterprise_firm, process="空压站", budget_cny=3_000_000)
    found = [
        reason("payback", uses=["max_payback_years"], limit=3, minimum=1, maximum=2),
        reason("budget", uses=["budget_cny"], limit=3_000_000, minimum=1_000_000, maximum=2_000_000),
    ]
    return recommend(demand, make_technology("甲", organisation=cast.supplier_firm), reasons=found)


def shown(response):
    return [item.recommendation.pk for item in response.context["needs"]]


@pytest.mark.parametrize("person", ["enterprise", "bank"])
def test_other_organisations_find_nothing(cast, as_, need, person):
    client = as_(getattr(cast, person))
    assert client.get(NEEDS).status_code == 404
    response = client.post(reverse("matching:answer_need", args=[need.pk]), {"verdict": "interested"})
    assert response.status_code == 404 and not Feedback.objects.exists()


def test_second_supplier_sees_and_answers_none_of_the_first(cast, as_, need):
    client = as_(cast.second_supplier)
    assert client.get(NEEDS).context["needs"] == []
    response = client.post(reverse("matching:answer_need", args=[need.pk]), {"verdict": "interested"})
    assert response.status_code == 404


def test_visitor_is_asked_to_log_in(as_, need):
    client = as_(None)
    assert "/login/" in client.get(NEEDS)["Location"]
    assert "/login/" in client.post(reverse("matching:answer_need", args=[need.pk]))["Location"]


def test_need_is_masked_as_the_enterprise_chose(cast, as_, need):
    page = as_(cast.supplier).get(NEEDS).content.decode()
    assert "空压站" in page and "企业名称未公开" in page
    assert "示例用能单位" not in page and "300 万元" not in page
    assert "不超过可接受的 3 年" in page and "企业未公开：" in page


def test_released_name_is_shown(cast, as_, need):
    need.demand.visibility = {"organisation": "matched", "budget_cny": "matched"}
    need.demand.save()
    page = as_(cast.supplier).get(NEEDS).content.decode()
    assert "示例用能单位" in page and "在预算" in page


@pytest.mark.parametrize("fields", [{"base_score": 0.35}, {"has_conflict": True}])
def test_weak_match_is_left_out_unless_the_enterprise_asked_for_it(cast, as_, need, fields):
    Recommendation.objects.update(**fields)
    client = as_(cast.supplier)
    assert shown(client.get(NEEDS)) == []
    Feedback.objects.create(demand=need.demand, technology=need.technology, verdict="interested")
    response = client.get(NEEDS)
    assert shown(response) == [need.pk] and "对方感兴趣" in response.content.decode()


def test_need_that_is_not_public_is_left_out(cast, as_, need):
    need.demand.live = False
    need.demand.save()
    assert shown(as_(cast.supplier).get(NEEDS)) == []


def test_supplier_learns_why_it_was_refused_but_not_the_note(cast, as_, need):
    Feedback.objects.create(
        demand=need.demand, technology=need.technology, verdict="refused", reason_code="cost", note="内部意见"
    )
    page = as_(cast.supplier).get(NEEDS).content.decode()
    assert "对方认为不合适：投资太高" in page and "内部意见" not in page


def test_supplier_answers_and_takes_it_back(cast, as_, need):
    client = as_(cast.supplier)
    answer = reverse("matching:answer_need", args=[need.pk])
    response = client.post(answer, {"verdict": "refused", "reason_code": "capacity"})
    assert response["Location"] == f"{NEEDS}#need-{need.pk}"
    word = Feedback.objects.get()
    assert (word.side, word.verdict, word.reason_code) == ("supplier", "refused", "capacity")
    page = client.post(answer, {"verdict": "interested"}, headers={"HX-Request": "true"}).content.decode()
    assert page.lstrip().startswith("<article") and "<html" not in page
    client.post(answer, {"verdict": "none"})
    assert not Feedback.objects.exists()


def test_filters_narrow_and_empty_result_is_explained(cast, as_, taxonomy, need, make_technology):
    need.demand.systems.set([taxonomy.compressed_air])
    need.demand.save()
    other = recommend(need.demand, make_technology("乙", organisation=cast.supplier_firm), rank=2)
    client = as_(cast.supplier)
    assert shown(client.get(NEEDS)) == sorted([need.pk, other.pk], key=lambda pk: pk != other.pk)
    assert shown(client.get(NEEDS, {"technology": other.technology_id})) == [other.pk]
    assert len(shown(client.get(NEEDS, {"system": "compressed_air"}))) == 2
    assert len(shown(client.get(NEEDS, {"system": "<b>"}))) == 2
    client.post(reverse("matching:answer_need", args=[need.pk]), {"verdict": "interested"})
    assert shown(client.get(NEEDS, {"answered": "open"})) == [other.pk]
    assert shown(client.get(NEEDS, {"answered": "interested"})) == [need.pk]
    response = client.get(NEEDS, {"answered": "refused"})
    assert "没有符合条件的需求" in response.content.decode()


def test_empty_states(cast, as_, make_technology):
    assert "还没有已发布的技术" in as_(cast.supplier).get(NEEDS).content.decode()
    make_technology(organisation=cast.supplier_firm)
    assert "暂时没有适合的需求" in as_(cast.supplier).get(NEEDS).content.decode()
    Membership.objects.filter(user=cast.supplier).update(state=MemberState.PENDING)
    assert "请先登记技术供方" in as_(cast.supplier).get(NEEDS).content.decode()


def test_html_is_escaped(cast, as_, make_demand, make_technology):
    demand = make_demand(HTML, organisation=cast.enterprise_firm, problem=HTML, process=HTML)
    recommend(demand, make_technology(HTML, organisation=cast.supplier_firm))
    page = as_(cast.supplier).get(NEEDS).content.decode()
    assert "<script>alert" not in page and "&lt;script&gt;alert" in page


def test_list_costs_the_same_for_one_and_three(
    cast, as_, need, make_demand, make_technology, django_assert_num_queries
):
    client = as_(cast.supplier)
    client.get(NEEDS)
    with django_assert_num_queries(22):
        client.get(NEEDS)
    for title in ("二", "三"):
        demand = make_demand(title, organisation=cast.enterprise_firm)
        recommend(demand, make_technology(title, organisation=cast.supplier_firm))
    with django_assert_num_queries(22):
        assert len(client.get(NEEDS).context["needs"]) == 3
