"""The enterprise's pages of its demands."""

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse

from accounts.enums import MemberState
from accounts.models import Membership
from catalog.enums import ReviewState
from catalog.models import Demand
from catalog.services.demands import save_demand
from tests.catalog.demand_data import posted

NEW = "/workspace/demands/new/"
HTML = "<script>alert(1)</script>"


@pytest.fixture
def demand(cast):
    new = Demand(title="空压站余热没有利用", organisation=cast.enterprise_firm)
    return save_demand(new, user=cast.enterprise, is_sent=True)


def pages(demand):
    names = ("edit_demand", "withdraw_demand", "delete_demand", "close_demand")
    return [NEW, "/workspace/demands/", *(reverse(f"catalog:{name}", args=[demand.pk]) for name in names)]


@pytest.mark.parametrize("person", ["supplier", "second_supplier", "bank"])
def test_other_organisations_find_nothing(cast, as_, demand, person):
    client = as_(getattr(cast, person))
    assert [client.get(page).status_code for page in pages(demand)] == [403] * 2 + [404] * 4
    assert [client.post(page).status_code for page in pages(demand)[2:]] == [404] * 4


@pytest.mark.parametrize("page", [NEW, "/workspace/demands/"])
def test_member_of_another_kind_of_organisation_is_told_why(cast, as_, page):
    html = as_(cast.supplier).get(page).content.decode()
    assert "您的单位没有登记为用能单位" in html and reverse("accounts:organisation") in html
    assert as_(cast.supplier).post(NEW, {"title": "甲"}).status_code == 403 and not Demand.objects.exists()


def test_visitor_is_asked_to_log_in(cast, as_, demand):
    client = as_(None)
    for page in pages(demand):
        response = client.get(page)
        assert response.status_code == 302 and "/login/" in response["Location"]


def test_enterprise_opens_every_page(cast, as_, demand):
    client = as_(cast.enterprise)
    assert [client.get(page).status_code for page in pages(demand)] == [200] * 6


def test_person_without_organisation_is_told_what_to_do(cast, as_, demand):
    Membership.objects.filter(user=cast.enterprise).update(state=MemberState.PENDING)
    response = as_(cast.enterprise).get(NEW)
    assert "请先登记用能单位" in response.content.decode()


def test_sent_demand_is_reviewed_and_its_matches_are_shown(cast, as_, taxonomy):
    response = as_(cast.enterprise).post(NEW, posted(taxonomy, cast.enterprise_firm, action="send"))
    demand = Demand.objects.get()
    assert (response.status_code, response["Location"]) == (302, f"/workspace/demands/{demand.pk}/matches/")
    assert (demand.review_state, demand.created_by) == (ReviewState.IN_REVIEW, cast.enterprise)


def test_draft_is_saved_half_finished(cast, as_, taxonomy):
    data = posted(taxonomy, cast.enterprise_firm, action="draft", problem="", systems=[])
    response = as_(cast.enterprise).post(NEW, data)
    demand = Demand.objects.get()
    assert response["Location"] == f"/workspace/demands/{demand.pk}/edit/"
    assert demand.review_state == ReviewState.DRAFT


def test_double_click_makes_one_demand(cast, as_, taxonomy):
    client = as_(cast.enterprise)
    token = client.get(NEW).content.decode().split('name="form_token" value="')[1].split('"')[0]
    data = posted(taxonomy, cast.enterprise_firm, action="send", form_token=token)
    first, second = client.post(NEW, data), client.post(NEW, data)
    assert first["Location"] == second["Location"]
    assert Demand.objects.count() == 1


def test_expired_session_loses_nothing(cast, as_, taxonomy):
    client = as_(cast.enterprise)
    token = client.get(NEW).content.decode().split('name="form_token" value="')[1].split('"')[0]
    client.cookies.clear()
    data = posted(taxonomy, cast.enterprise_firm, title="很长的名称", budget_cny="看情况", form_token=token)
    assert client.post(NEW, data).status_code == 302
    client.force_login(cast.enterprise, backend="django.contrib.auth.backends.ModelBackend")
    page = client.get(NEW).content.decode()
    assert 'value="很长的名称"' in page and 'value="看情况"' in page
    assert not Demand.objects.exists()


def test_errors_keep_what_was_typed(cast, as_, taxonomy):
    data = posted(taxonomy, cast.enterprise_firm, action="send", problem="", budget_cny="看情况")
    response = as_(cast.enterprise).post(NEW, data)
    page = response.content.decode()
    assert response.status_code == 200 and not Demand.objects.exists()
    assert 'value="空压站余热没有利用"' in page and 'value="看情况"' in page


def test_every_problem_is_named_at_the_top_even_in_rows(cast, as_, taxonomy):
    rows = {"uses-0-carrier": taxonomy.electricity.pk, "uses-0-amount": "很多", "conditions-0-amount": "80"}
    data = posted(taxonomy, cast.enterprise_firm, action="send", **rows)
    page = as_(cast.enterprise).post(NEW, data).content.decode()
    summary = page.split('role="alert"')[1].split("</ul>")[0]
    assert 'href="#id_uses-0-amount"' in summary and 'href="#id_conditions-0-quantity"' in summary


def test_preview_shows_what_each_circle_sees_and_saves_nothing(cast, as_, taxonomy):
    data = posted(
        taxonomy,
        cast.enterprise_firm,
        action="preview",
        budget_cny="300万元",
        process="空压站",
        visibility_process="matched",
    )
    response = as_(cast.enterprise).post(NEW, data)
    views = {str(level): {fact.name: fact for fact in facts} for level, facts in response.context["views"]}
    assert views["public"]["process"].is_hidden and not views["matched"]["process"].is_hidden
    assert views["public"]["budget_cny"].is_hidden and views["matched"]["budget_cny"].is_hidden
    assert "别人看到的样子" in response.content.decode() and not Demand.objects.exists()


def test_more_rows_are_offered_without_javascript(cast, as_, taxonomy):
    response = as_(cast.enterprise).post(NEW, posted(taxonomy, cast.enterprise_firm, action="more"))
    assert 'name="conditions-5-amount"' in response.content.decode()


def test_html_is_escaped_everywhere(cast, as_, taxonomy):
    client = as_(cast.enterprise)
    texts = ("title", "problem", "process", "shutdown_window", "space_limit", "tried_before", "source_file")
    data = posted(
        taxonomy, cast.enterprise_firm, contact_name=HTML, budget_cny=HTML, **dict.fromkeys(texts, HTML)
    )
    page = client.post(NEW, data | {"action": "preview"}).content.decode()
    data["budget_cny"] = ""
    client.post(NEW, data | {"action": "send"})
    demand = Demand.objects.get()
    edit, listing = client.get(f"/workspace/demands/{demand.pk}/edit/"), client.get("/workspace/demands/")
    for text in (page, edit.content.decode(), listing.content.decode()):
        assert "<script>alert" not in text and "&lt;script&gt;alert" in text


def test_conversion_answers_while_typing(cast, as_, taxonomy):
    taxonomy.electricity.edition = "GB/T 2589-2020（当量值）"
    taxonomy.electricity.save()
    data = posted(
        taxonomy,
        cast.enterprise_firm,
        **{"uses-0-carrier": taxonomy.electricity.pk, "uses-0-amount": "120万"},
    )
    page = as_(cast.enterprise).post("/workspace/demands/conversion/", data).content.decode()
    assert "147.5 tce" in page and "GB/T 2589-2020" in page
    assert as_(None).post("/workspace/demands/conversion/", data).status_code == 204
    assert as_(cast.bank).post("/workspace/demands/conversion/", data).status_code == 404


def test_edit_of_a_live_demand_leaves_the_public_text(cast, as_, taxonomy, make_demand):
    demand = make_demand(organisation=cast.enterprise_firm)
    data = posted(taxonomy, cast.enterprise_firm, action="send", title="新名称")
    as_(cast.enterprise).post(f"/workspace/demands/{demand.pk}/edit/", data)
    demand.refresh_from_db()
    assert (demand.title, demand.review_state) == ("空压站余热没有利用", ReviewState.LIVE_IN_REVIEW)
    page = as_(cast.enterprise).get(f"/workspace/demands/{demand.pk}/edit/").content.decode()
    assert 'value="新名称"' in page and "正在审核" in page


def test_demand_past_its_deadline_says_so(cast, as_, make_demand):
    make_demand(organisation=cast.enterprise_firm, deadline="2020-01-01")
    assert "已过截止日期，不再公开" in as_(cast.enterprise).get("/workspace/demands/").content.decode()


def test_withdraw_close_and_delete_ask_first(cast, as_, demand):
    client = as_(cast.enterprise)
    client.post(reverse("catalog:withdraw_demand", args=[demand.pk]))
    assert Demand.objects.get().review_state == ReviewState.DRAFT
    response = client.post(reverse("catalog:close_demand", args=[demand.pk]), {"note": "x"})
    assert response.status_code == 200 and not Demand.objects.get().is_closed
    client.post(reverse("catalog:close_demand", args=[demand.pk]), {"outcome": "solved_here", "note": "x"})
    assert Demand.objects.get().is_closed
    client.post(reverse("catalog:delete_demand", args=[demand.pk]))
    assert not Demand.objects.exists()


def test_refused_act_is_explained(cast, as_, make_demand):
    demand = make_demand(organisation=cast.enterprise_firm, first_published_at="2026-01-01T00:00Z")
    response = as_(cast.enterprise).post(reverse("catalog:delete_demand", args=[demand.pk]))
    assert [str(message) for message in get_messages(response.wsgi_request)] == [
        "已发布过的需求不能删除，可以撤回或关闭。"
    ]


def test_list_costs_the_same_for_one_and_three(cast, as_, demand, django_assert_num_queries):
    client = as_(cast.enterprise)
    client.get("/workspace/demands/")
    with django_assert_num_queries(13):
        client.get("/workspace/demands/")
    for title in ("二", "三"):
        new = Demand(title=title, organisation=cast.enterprise_firm)
        save_demand(new, user=cast.enterprise, is_sent=True)
    with django_assert_num_queries(13):
        assert client.get("/workspace/demands/").content.decode().count('class="card"') == 3
