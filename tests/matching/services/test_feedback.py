"""What both sides say of a match, and who hears of it."""

import pytest

from accounts.models import Membership
from catalog.services.publishing import publish_directly
from matching.enums import RefusalReason, Side, Verdict
from matching.errors import FeedbackError
from matching.models import Feedback
from matching.services.feedback import give_feedback, take_back
from matching.services.telling import tell_waiting_interest
from notices.models import Notice


@pytest.fixture
def pair(cast, make_demand, make_technology):
    return make_demand(organisation=cast.enterprise_firm), make_technology(organisation=cast.supplier_firm)


def say(pair, user, verdict, *, side=Side.ENTERPRISE, **words):
    demand, technology = pair
    return give_feedback(demand, technology, side=side, user=user, verdict=verdict, **words)


def told():
    return {notice.recipient.username: notice for notice in Notice.objects.select_related("recipient")}


def test_latest_word_counts_and_can_be_taken_back(cast, pair):
    say(pair, cast.enterprise, Verdict.REFUSED, reason_code=RefusalReason.COST, note="超预算")
    word = say(pair, cast.enterprise, Verdict.LATER, note="")
    assert (Feedback.objects.get(), word.reason_code) == (word, "")
    take_back(*pair, side=Side.ENTERPRISE)
    assert not Feedback.objects.exists()


def test_sides_speak_for_themselves(cast, pair):
    say(pair, cast.enterprise, Verdict.LATER)
    say(pair, cast.supplier, Verdict.REFUSED, side=Side.SUPPLIER, reason_code=RefusalReason.CAPACITY)
    take_back(*pair, side=Side.ENTERPRISE)
    assert Feedback.objects.get().side == Side.SUPPLIER


@pytest.mark.parametrize("reason", ["", "nonsense", RefusalReason.CAPACITY])
def test_refusal_needs_a_reason_of_its_side(cast, pair, reason):
    with pytest.raises(FeedbackError, match="请选择不合适的原因"):
        say(pair, cast.enterprise, Verdict.REFUSED, reason_code=reason)
    assert not Feedback.objects.exists()


def test_interest_is_told_once_to_the_supplier_and_the_pushing_official(cast, pair):
    say(pair, cast.enterprise, Verdict.INTERESTED)
    say(pair, cast.enterprise, Verdict.LATER)
    say(pair, cast.enterprise, Verdict.INTERESTED)
    assert sorted(told()) == ["pusher", "supplier"]
    assert Notice.objects.count() == 2


def test_interest_does_not_reveal_the_hidden_name_to_the_supplier(cast, pair):
    say(pair, cast.enterprise, Verdict.INTERESTED)
    notice = told()["supplier"]
    assert "示例用能单位" not in notice.title + notice.body and "企业名称未公开" in notice.title
    assert "示例用能单位" in told()["pusher"].body
    assert notice.link == "/workspace/needs/"


def test_released_name_is_told(cast, pair):
    pair[0].visibility = {"organisation": "matched"}
    say(pair, cast.enterprise, Verdict.INTERESTED)
    assert "示例用能单位" in told()["supplier"].title


def test_only_members_who_answer_for_energy_are_told(cast, pair):
    Membership.objects.filter(user=cast.supplier).update(handles_energy=False)
    Membership.objects.create(
        user=cast.second_supplier, organisation=cast.supplier_firm, role="member", state="active"
    )
    say(pair, cast.enterprise, Verdict.INTERESTED)
    assert sorted(told()) == ["pusher", "second_supplier"]


def test_reference_entry_has_nobody_but_the_official_to_tell(cast, make_demand, make_technology):
    pair = make_demand(organisation=cast.enterprise_firm), make_technology(origin="reference")
    say(pair, cast.enterprise, Verdict.INTERESTED)
    assert sorted(told()) == ["pusher"]


def test_interest_in_a_need_under_review_reaches_the_supplier_on_publication(
    cast, make_demand, make_technology
):
    demand = make_demand(organisation=cast.enterprise_firm, live=False)
    pair = demand, make_technology(organisation=cast.supplier_firm)
    say(pair, cast.enterprise, Verdict.INTERESTED)
    assert sorted(told()) == ["pusher"]
    publish_directly(demand, user=cast.librarian)
    tell_waiting_interest([demand.pk])
    tell_waiting_interest([demand.pk])
    assert sorted(told()) == ["pusher", "supplier"]


def test_interest_of_the_supplier_is_told_to_the_enterprise(cast, pair):
    say(pair, cast.supplier, Verdict.INTERESTED, side=Side.SUPPLIER)
    assert sorted(told()) == ["enterprise", "pusher"]
    assert told()["enterprise"].link == f"/workspace/demands/{pair[0].pk}/matches/"
