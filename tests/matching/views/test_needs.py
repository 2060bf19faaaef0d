"""Needs that fit a supplier's technologies."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
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
    assert page.lstrip().startswith('<div id="need-list"') and "<html" not in page
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
    with django_assert_num_queries(24):
        client.get(NEEDS)
    for title in ("二", "三"):
        demand = make_demand(title, organisation=cast.enterprise_firm)
        recommend(demand, make_technology(title, organisation=cast.supplier_firm))
    with django_assert_num_queries(24):
        assert len(client.get(NEEDS).context["needs"]) == 3


@pytest.fixture
def two_needs(cast, make_demand, make_technology, taxonomy):
    """Two public needs of one system for one technology, the first a little better."""
    technology = make_technology("空压机余热回收", organisation=cast.supplier_firm)
    rows = []
    for title, annual_use, score in (("大厂空压机余热", 9000, 0.72), ("小厂照明", 300, 0.7)):
        demand = make_demand(title, organisation=cast.enterprise_firm, annual_use_tce=annual_use)
        demand.visibility = {"annual_use_tce": "public"}
        demand.save()
        rows.append(recommend(demand, technology, score=score))
    return rows


def answer(client, row, verdict, reason_code=""):
    words = {"verdict": verdict, "reason_code": reason_code}
    return client.post(reverse("matching:answer_need", args=[row.pk]), words, headers={"HX-Request": "true"})


def test_refused_need_goes_to_the_end_at_once_and_comes_back(cast, as_, two_needs):
    first, second = two_needs
    client = as_(cast.supplier)
    assert shown(client.get(NEEDS)) == [first.pk, second.pk]
    response = answer(client, first, "refused", "other")
    assert shown(response) == [second.pk, first.pk] == shown(client.get(NEEDS))
    assert "清单已随之调整" in response.content.decode()
    assert shown(answer(client, first, "none")) == [first.pk, second.pk]


def test_refusal_for_capacity_moves_larger_needs_down_with_a_sentence(
    cast, as_, two_needs, make_demand, make_technology
):
    larger, smaller = two_needs
    client = as_(cast.supplier)
    middle = make_demand("中等", organisation=cast.enterprise_firm, annual_use_tce=5000)
    middle.visibility = {"annual_use_tce": "public"}
    middle.save()
    refused = recommend(middle, larger.technology, score=0.75)
    response = answer(client, refused, "refused", "capacity")
    assert shown(response) == [smaller.pk, larger.pk, refused.pk]
    assert "您曾因暂无能力承接谢绝“中等”，该需求规模相当或更大，因此靠后" in response.content.decode()


def test_interest_lifts_similar_needs(cast, as_, taxonomy, two_needs, make_demand, make_technology):
    first, second = two_needs
    make_technology("小厂照明改造", organisation=cast.second_firm)  # its words are those of the library
    for row in two_needs:
        row.demand.systems.set([taxonomy.compressed_air if row == second else taxonomy.waste_heat])
    wanted = make_demand("小厂照明改造", organisation=cast.enterprise_firm)
    wanted.systems.set([taxonomy.compressed_air])
    row = recommend(wanted, first.technology, score=0.6)
    response = answer(as_(cast.supplier), row, "interested")
    assert shown(response).index(second.pk) < shown(response).index(first.pk)
    assert "您对相似的需求“小厂照明改造”有意向，因此提前" in response.content.decode()


def test_words_of_one_supplier_order_nobody_elses_list(cast, as_, two_needs, make_technology):
    first, second = two_needs
    others = make_technology("另一技术", organisation=cast.second_firm)
    theirs = [recommend(row.demand, others, rank=2, score=row.score) for row in two_needs]
    answer(as_(cast.supplier), first, "refused", "other")
    assert shown(as_(cast.second_supplier).get(NEEDS)) == [row.pk for row in theirs]
    stored = Recommendation.objects.filter(pk__in=[first.pk, second.pk]).order_by("pk")
    assert [row.score for row in stored] == [0.72, 0.7]


def test_figures_that_are_hidden_do_not_move_a_need(cast, as_, two_needs, make_demand):
    larger, smaller = two_needs
    for row in two_needs:
        row.demand.visibility = {"annual_use_tce": "officials"}
        row.demand.save()
    answer(as_(cast.supplier), smaller, "refused", "capacity")
    response = as_(cast.supplier).get(NEEDS)
    assert shown(response) == [larger.pk, smaller.pk]
    assert "规模相当或更大" not in response.content.decode()


def test_order_costs_the_same_for_one_and_three_after_a_word(
    cast, as_, two_needs, make_demand, django_assert_max_num_queries
):
    client = as_(cast.supplier)
    answer(client, two_needs[0], "refused", "unclear")
    with CaptureQueriesContext(connection) as before:
        client.get(NEEDS)
    for title in ("二", "三"):
        recommend(make_demand(title, organisation=cast.enterprise_firm), two_needs[0].technology)
    with django_assert_max_num_queries(len(before)):
        assert len(client.get(NEEDS).context["needs"]) == 4


def folded(response):
    return {item.demand.pk: [other.pk for other in item.repeated] for item in response.context["needs"]}


def test_need_published_again_stands_under_the_first_and_another_enterprise_apart(
    cast, as_, make_demand, make_technology
):
    technology = make_technology("甲", organisation=cast.supplier_firm)
    open_name = {"organisation": cast.enterprise_firm, "visibility": {"organisation": "public"}}
    first, again = (make_demand("回收空压机余热", problem=text, **open_name) for text in ("一", "二"))
    other = make_demand(
        "回收空压机余热", organisation=cast.supplier_firm, visibility={"organisation": "public"}
    )
    for rank, demand in enumerate((first, again, other), start=1):
        recommend(demand, technology, score=0.9 - rank / 10)
    response = as_(cast.supplier).get(NEEDS)
    assert folded(response) == {first.pk: [again.pk], other.pk: []}
    assert f"/demands/{again.pk}" in response.content.decode()


def test_hidden_names_are_not_told_by_what_stands_under_what(cast, as_, make_demand, make_technology):
    technology = make_technology("甲", organisation=cast.supplier_firm)
    hidden = {"organisation": cast.enterprise_firm, "visibility": {"organisation": "officials"}}
    first, again, differs = (
        make_demand("回收空压机余热", problem=text, **hidden) for text in ("一", "一", "二")
    )
    for rank, demand in enumerate((first, again, differs), start=1):
        recommend(demand, technology, score=0.9 - rank / 10)
    assert folded(as_(cast.supplier).get(NEEDS)) == {first.pk: [again.pk], differs.pk: []}


def test_answered_need_is_not_hidden_under_one_without_an_answer(cast, as_, make_demand, make_technology):
    technology = make_technology("甲", organisation=cast.supplier_firm)
    rows = [recommend(make_demand(organisation=cast.enterprise_firm), technology) for _ in range(2)]
    client = as_(cast.supplier)
    assert len(client.get(NEEDS).context["needs"]) == 1
    client.post(reverse("matching:answer_need", args=[rows[1].pk]), {"verdict": "interested"})
    assert len(client.get(NEEDS).context["needs"]) == 2
