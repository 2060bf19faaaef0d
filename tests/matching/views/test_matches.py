"""The ranked list, feedback on it and the comparison."""

import pytest
from django.urls import reverse

from catalog.models import Demand
from catalog.services.demands import close_demand
from matching.models import Feedback, Recommendation
from tests.matching.pairs import part, reason, recommend

HTML = "<script>alert(1)</script>"


@pytest.fixture
def listed(cast, make_demand, make_technology):
    """A demand with three technologies on its list."""
    demand = make_demand(organisation=cast.enterprise_firm)
    technologies = [make_technology(title, organisation=cast.supplier_firm) for title in ("甲", "乙", "丙")]
    for rank, technology in enumerate(technologies, start=1):
        found = [
            reason("system", systems=["compressed_air"]),
            reason("condition", "unknown", missing="demand", quantity="power_kw", needed=[100, None]),
        ]
        recommend(demand, technology, rank=rank, reasons=found, parts=[part("title", 0.7)])
    return demand, technologies


def address(demand):
    return reverse("matching:matches", args=[demand.pk])


def answer_address(demand, technology):
    return reverse("matching:answer_technology", args=[demand.pk, technology.pk])


@pytest.mark.parametrize("person", ["supplier", "second_supplier", "bank", "reviewer"])
def test_others_find_nothing(cast, as_, listed, person):
    demand, technologies = listed
    client = as_(getattr(cast, person))
    assert client.get(address(demand)).status_code == 404
    assert client.get(reverse("matching:compare", args=[demand.pk])).status_code == 404
    response = client.post(answer_address(demand, technologies[0]), {"verdict": "interested"})
    assert response.status_code == 404 and not Feedback.objects.exists()


def test_visitor_is_asked_to_log_in(as_, listed):
    demand, technologies = listed
    client = as_(None)
    for page in (address(demand), reverse("matching:compare", args=[demand.pk])):
        assert "/login/" in client.get(page)["Location"]
    response = client.post(answer_address(demand, technologies[0]), {"verdict": "later"})
    assert f"next={address(demand)}" in response["Location"]
    response = client.post(answer_address(demand, technologies[0]), headers={"HX-Request": "true"})
    assert response.status_code == 204 and "/login/" in response["HX-Redirect"]


def test_list_shows_technologies_in_order_with_reasons_and_advice(cast, as_, listed):
    response = as_(cast.enterprise).get(address(listed[0]))
    page = response.content.decode()
    assert [card.technology.title for card in response.context["page"]] == ["甲", "乙", "丙"]
    assert "用能系统一致" in page and "补充设备功率，可判断 3 项技术的适用条件" in page


def test_list_is_computed_at_once_for_a_new_demand(cast, as_, taxonomy, make_technology):
    make_technology("空压机余热回收", systems=[taxonomy.compressed_air], organisation=cast.supplier_firm)
    demand = Demand(title="空压机余热没有利用", organisation=cast.enterprise_firm, live=False)
    demand.systems.set([taxonomy.compressed_air])
    demand.save()
    response = as_(cast.enterprise).get(address(demand))
    assert [card.technology.title for card in response.context["page"]] == ["空压机余热回收"]


def test_list_is_computed_again_after_an_edit(cast, as_, listed):
    demand, _technologies = listed
    demand.save()
    as_(cast.enterprise).get(address(demand))
    assert set(Recommendation.objects.values_list("engine_version", flat=True)) != {"test"}


def test_closed_demand_keeps_its_list_without_advice(cast, as_, listed):
    demand, _technologies = listed
    close_demand(demand, user=cast.enterprise, outcome="dropped")
    response = as_(cast.enterprise).get(address(demand))
    assert response.status_code == 200 and response.context["advice"] == []


def test_empty_list_says_what_helps(cast, as_, make_demand):
    demand = make_demand("某某", organisation=cast.enterprise_firm)
    page = as_(cast.enterprise).get(address(demand)).content.decode()
    assert "暂时没有匹配的技术" in page and f"/workspace/demands/{demand.pk}/edit/" in page


def test_filter_without_result_offers_to_clear(cast, as_, listed):
    page = as_(cast.enterprise).get(address(listed[0]), {"payback": "1"}).content.decode()
    assert "没有符合筛选条件的技术" in page


def test_word_is_taken_with_a_plain_post_and_the_narrowed_list_shown_again(cast, as_, listed):
    demand, technologies = listed
    client = as_(cast.enterprise)
    response = client.post(
        answer_address(demand, technologies[1]) + "?order=payback", {"verdict": "interested"}
    )
    assert response["Location"] == f"{address(demand)}?order=payback#match-{technologies[1].pk}"
    word = Feedback.objects.get()
    assert (word.verdict, word.side, word.user) == ("interested", "enterprise", cast.enterprise)


def test_word_is_taken_without_reload_and_can_be_undone(cast, as_, listed):
    demand, technologies = listed
    client = as_(cast.enterprise)
    post = {"verdict": "refused", "reason_code": "cost", "note": "超预算"}
    page = client.post(answer_address(demand, technologies[0]), post, headers={"HX-Request": "true"})
    text = page.content.decode()
    assert (
        text.lstrip().startswith('<div id="match-list"')
        and "已谢绝 1 项，展开" in text
        and "投资太高" in text
    )
    assert "toggle" not in text and "<html" not in text
    client.post(answer_address(demand, technologies[0]), {"verdict": "none"}, headers={"HX-Request": "true"})
    assert not Feedback.objects.exists()


def test_refusal_without_a_reason_is_explained(cast, as_, listed):
    demand, technologies = listed
    client = as_(cast.enterprise)
    page = client.post(
        answer_address(demand, technologies[0]), {"verdict": "refused"}, headers={"HX-Request": "true"}
    )
    assert "请选择不合适的原因" in page.content.decode()
    page = client.post(answer_address(demand, technologies[0]), {"verdict": "refused"}, follow=True)
    assert "请选择不合适的原因" in page.content.decode() and not Feedback.objects.exists()


def test_refused_technology_folds_away_to_the_end(cast, as_, listed):
    demand, technologies = listed
    Feedback.objects.create(
        demand=demand, technology=technologies[0], verdict="refused", reason_code="cost", user=cast.enterprise
    )
    response = as_(cast.enterprise).get(address(demand))
    assert [card.technology.title for card in response.context["page"]] == ["乙", "丙"]
    assert [card.technology.title for card in response.context["refused"]] == ["甲"]


def test_technology_that_is_not_on_the_list_cannot_be_judged(cast, as_, listed, make_technology):
    response = as_(cast.enterprise).post(
        answer_address(listed[0], make_technology("丁")), {"verdict": "interested"}
    )
    assert response.status_code == 404


def test_get_of_the_feedback_address_leads_to_the_list(cast, as_, listed):
    demand, technologies = listed
    response = as_(cast.enterprise).get(answer_address(demand, technologies[0]))
    assert response["Location"] == address(demand)


def test_comparison_takes_four_at_most_and_only_from_the_list(cast, as_, listed, make_technology):
    demand, technologies = listed
    for rank in (4, 5):
        recommend(demand, make_technology(str(rank)), rank=rank)
    stranger = make_technology("无关")
    client = as_(cast.enterprise)
    page = reverse("matching:compare", args=[demand.pk])
    keys = [*Recommendation.objects.order_by("rank").values_list("technology", flat=True)]
    response = client.get(page, {"technology": keys})
    assert len(response.context["cards"]) == 4 and "最多对比四项" in response.content.decode()
    response = client.get(page, {"technology": [keys[2], keys[0], stranger.pk, "x", "٣", "9" * 20]})
    assert [card.technology.title for card in response.context["cards"]] == ["甲", "丙"]
    assert "还没有选择技术" in client.get(page).content.decode()


def test_answer_of_the_supplier_is_shown_without_its_note(cast, as_, listed):
    demand, technologies = listed
    for technology, verdict, reason_code in (
        (technologies[0], "interested", ""),
        (technologies[1], "refused", "capacity"),
    ):
        Feedback.objects.create(
            demand=demand, technology=technology, side="supplier", verdict=verdict, reason_code=reason_code,
            note="内部意见",
        )  # fmt: skip
    page = as_(cast.enterprise).get(address(demand)).content.decode()
    assert "供方有意向" in page and "供方表示不适合：供方暂无能力承接" in page and "内部意见" not in page


def test_own_demands_show_how_many_technologies_fit_and_are_new(cast, as_, listed):
    client = as_(cast.enterprise)
    page = client.get("/workspace/demands/").content.decode()
    assert "匹配技术 3 项" in page and "新增 3" in page
    client.get(address(listed[0]))
    page = client.get("/workspace/demands/").content.decode()
    assert "匹配技术 3 项" in page and "新增" not in page


def test_print_view_holds_the_whole_list(cast, as_, listed):
    page = as_(cast.enterprise).get(address(listed[0]), {"print": "1"}).content.decode()
    assert all(f"{number}. {title}" in page for number, title in ((1, "甲"), (2, "乙"), (3, "丙")))


def test_html_is_escaped(cast, as_, make_demand, make_technology):
    demand = make_demand(HTML, organisation=cast.enterprise_firm, problem=HTML)
    technology = make_technology(HTML, summary=HTML, not_suitable=HTML, owner_name=HTML)
    recommend(demand, technology, reasons=[reason("words", words=[HTML], field="title")])
    Feedback.objects.create(
        demand=demand, technology=technology, verdict="refused", reason_code="cost", note=HTML
    )
    client = as_(cast.enterprise)
    compare = reverse("matching:compare", args=[demand.pk])
    for page in (address(demand), f"{address(demand)}?print=1", f"{compare}?technology={technology.pk}"):
        text = client.get(page).content.decode()
        assert "<script>alert" not in text and "&lt;script&gt;alert" in text


@pytest.mark.parametrize("view", ["list", "compare"])
def test_pages_cost_the_same_for_one_and_three(cast, as_, listed, view, django_assert_num_queries):
    demand, technologies = listed
    client = as_(cast.enterprise)
    path = address(demand) if view == "list" else reverse("matching:compare", args=[demand.pk])
    query = {"technology": [item.pk for item in technologies]}
    client.get(path, query)
    count = {"list": 21, "compare": 21}[view]
    with django_assert_num_queries(count):
        client.get(path, query)
    Recommendation.objects.exclude(technology=technologies[0]).delete()
    with django_assert_num_queries(count):
        client.get(path, query)
