"""The start page after log-in."""

import pytest

from accounts.enums import MemberState, Verification
from accounts.models import Membership
from catalog.services.publishing import save_draft, submit_for_review
from matching.enums import Side, Verdict
from matching.models import Feedback, Recommendation
from tests.conftest import make_user


def page(as_, user):
    return as_(user).get("/workspace/").content.decode()


def test_workspace_asks_for_a_log_in(as_, cast):
    response = as_(None).get("/workspace/")
    assert response.status_code == 302
    assert response.url.startswith("/accounts/login/")


def test_newcomer_is_led_to_an_organisation(as_, cast):
    assert "创建或加入您的机构" in page(as_, make_user("newcomer"))


def test_who_waits_for_consent_sees_for_whom(as_, cast):
    newcomer = make_user("newcomer")
    Membership.objects.create(user=newcomer, organisation=cast.supplier_firm, state=MemberState.PENDING)
    assert "等待同意加入“示例供方一”" in page(as_, newcomer)
    assert "1 人申请加入您的机构" in page(as_, cast.supplier)


@pytest.mark.parametrize(
    ("state", "text"),
    [
        (Verification.UNVERIFIED, "机构还没有核验"),
        (Verification.REJECTED, "执照看不清"),
        (Verification.PENDING, "机构正在核验"),
    ],
)
def test_member_sees_how_far_verification_is(as_, cast, state, text):
    cast.supplier_firm.verification, cast.supplier_firm.verification_note = state, "执照看不清"
    cast.supplier_firm.save()
    assert text in page(as_, cast.supplier)


def test_supplier_is_led_to_the_first_technology_and_to_drafts(as_, cast, make_technology):
    assert "发布您的第一项技术" in page(as_, cast.supplier)
    make_technology("半成品<b>", organisation=cast.supplier_firm, live=False)
    html = page(as_, cast.supplier)
    assert "草稿：半成品&lt;b&gt;" in html
    assert "发布您的第一项技术" not in html


def test_enterprise_sees_only_its_own(as_, cast, make_demand):
    make_demand("别家的草稿", organisation=cast.supplier_firm, live=False)
    html = page(as_, cast.enterprise)
    assert "发布您的第一项需求" in html
    assert "别家的草稿" not in html


def test_reviewer_sees_how_many_wait(as_, cast, make_technology):
    technology = make_technology(organisation=cast.supplier_firm, live=False)
    technology = save_draft(technology, user=cast.supplier)
    submit_for_review(technology, user=cast.supplier)
    html = page(as_, cast.reviewer)
    assert "有条目等待审核" in html
    assert "主管部门" in html


def test_bank_counts_only_wishes_that_are_public(as_, cast, make_demand):
    make_demand("公开", wants_finance=True, visibility={"wants_finance": "public"})
    make_demand("不公开", wants_finance=True)
    assert '<span class="stat__value">1</span>' in page(as_, cast.bank)


def test_workspace_asks_as_much_for_three_listings_as_for_one(as_, cast, make_technology, count_queries):
    client = as_(cast.supplier)
    make_technology(organisation=cast.supplier_firm)
    client.get("/workspace/")
    one = count_queries(lambda: client.get("/workspace/"))
    for number in range(2):
        make_technology(f"技术{number}", organisation=cast.supplier_firm)
    assert count_queries(lambda: client.get("/workspace/")) == one


def test_both_sides_are_led_to_the_matches_that_await_their_word(as_, cast, make_demand, make_technology):
    demand = make_demand("空压机余热没有利用", organisation=cast.enterprise_firm)
    technology = make_technology("空压机余热回收", organisation=cast.supplier_firm)
    Recommendation.objects.create(
        demand=demand, technology=technology, rank=1, base_rank=1, score=0.9, base_score=0.9
    )
    for person, sentence, side in (
        (cast.enterprise, "1 项匹配的技术等您表态", Side.ENTERPRISE),
        (cast.supplier, "1 项适配的需求等您回应", Side.SUPPLIER),
    ):
        assert sentence in page(as_, person)
        Feedback.objects.create(demand=demand, technology=technology, side=side, verdict=Verdict.INTERESTED)
        assert sentence not in page(as_, person)
