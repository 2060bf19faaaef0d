"""Introduced and implemented: proposed by the supplier, said by the enterprise or by an official in its place."""

from datetime import date, timedelta
from decimal import Decimal

import pytest
from django.urls import reverse
from django.utils import timezone

from matching.enums import Side, Verdict
from matching.errors import FeedbackError
from matching.models import Feedback
from matching.services.feedback import confirm_outcome, give_feedback
from notices.models import Notice
from tests.matching.pairs import recommend

LIST = "/admin/outcomes/"
DONE = {
    "verdict": "implemented", "implemented_on": "2026-03-01", "verified_saving_tce": "120.50",
    "verified_saving_cny": "345678.90",
}  # fmt: skip


@pytest.fixture
def pair(cast, make_demand, make_technology):
    demand, technology = (
        make_demand(organisation=cast.enterprise_firm),
        make_technology(organisation=cast.supplier_firm),
    )
    recommend(demand, technology)
    return demand, technology


def answer(pair):
    return reverse("matching:answer_technology", args=[pair[0].pk, pair[1].pk])


def record_address(pair):
    return reverse("matching_outcomes:record", args=[pair[0].pk, pair[1].pk])


def propose(cast, pair, verdict=Verdict.INTRODUCED, **words):
    return give_feedback(*pair, side=Side.SUPPLIER, user=cast.supplier, verdict=verdict, **words)


def own_word():
    return Feedback.objects.filter(side=Side.ENTERPRISE).first()


def test_enterprise_records_an_implementation_with_figures(cast, as_, pair):
    page = as_(cast.enterprise).post(answer(pair), DONE, headers={"HX-Request": "true"}).content.decode()
    word = own_word()
    assert (word.implemented_on, word.verified_saving_tce, word.verified_saving_cny) == (
        date(2026, 3, 1), Decimal("120.50"), Decimal("345678.90"),
    )  # fmt: skip
    assert "已实施" in page and "核定年节能" in page
    assert {notice.recipient.username for notice in Notice.objects.all()} == {"supplier", "pusher"}


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"implemented_on": ""}, "请填写实施日期"),
        ({"implemented_on": "31.12.2025"}, "请按“年-月-日”填写实施日期"),
        ({"implemented_on": "2999-01-01"}, "实施日期不能晚于今天"),
        ({"verified_saving_tce": "-1"}, "核定节能量不能为负数"),
        ({"verified_saving_tce": "NaN"}, "核定节能量应为数字"),
        ({"verified_saving_cny": "Infinity"}, "核定节约费用应为数字"),
    ],
)
def test_unsound_outcome_is_refused_with_a_sentence(cast, as_, pair, changed, sentence):
    page = as_(cast.enterprise).post(answer(pair), {**DONE, **changed}, headers={"HX-Request": "true"})
    assert sentence in page.content.decode() and own_word() is None


@pytest.mark.parametrize("saving", [Decimal("NaN"), Decimal("-0.01"), Decimal("Infinity")])
def test_service_refuses_senseless_savings(cast, pair, saving):
    with pytest.raises(FeedbackError, match="不小于 0"):
        give_feedback(
            *pair, side=Side.ENTERPRISE, user=cast.enterprise, verdict=Verdict.IMPLEMENTED,
            implemented_on=timezone.localdate() - timedelta(days=1), verified_saving_tce=saving,
        )  # fmt: skip


def test_proposal_counts_only_after_the_enterprise_confirms(cast, as_, pair):
    propose(cast, pair, Verdict.IMPLEMENTED, implemented_on=date(2026, 3, 1), verified_saving_tce=Decimal(80))
    assert own_word() is None
    client = as_(cast.enterprise)
    page = client.get(reverse("matching:matches", args=[pair[0].pk])).content.decode()
    assert "供方提出：已实施，请确认" in page
    client.post(answer(pair), {"verdict": "confirm"})
    word = own_word()
    assert (word.verdict, word.implemented_on, word.verified_saving_tce, word.user) == (
        Verdict.IMPLEMENTED, date(2026, 3, 1), Decimal(80), cast.enterprise,
    )  # fmt: skip
    page = client.get(reverse("matching:matches", args=[pair[0].pk])).content.decode()
    assert "请确认" not in page


def test_declined_proposal_is_dropped_and_the_supplier_hears_of_it(cast, as_, pair):
    propose(cast, pair)
    as_(cast.enterprise).post(answer(pair), {"verdict": "decline"})
    assert not Feedback.objects.exists()
    assert "未获确认" in Notice.objects.get(recipient=cast.supplier).title
    with pytest.raises(FeedbackError, match="没有待确认"):
        confirm_outcome(*pair, user=cast.enterprise)


def test_supplier_sees_that_its_proposal_waits_and_cannot_confirm_it(cast, as_, pair):
    propose(cast, pair)
    client = as_(cast.supplier)
    assert "待用能单位确认" in client.get("/workspace/needs/").content.decode()
    address = reverse("matching:answer_need", args=[pair[0].recommendations.get().pk])
    client.post(address, {"verdict": "confirm"})
    assert own_word() is None
    confirm_outcome(*pair, user=cast.enterprise)
    page = client.get("/workspace/needs/").content.decode()
    assert "待用能单位确认" not in page and "对方确认：已对接" in page


@pytest.mark.parametrize("person", ["supplier", "enterprise", "bank", "reviewer", "librarian"])
def test_others_find_no_page_of_outcomes(cast, as_, pair, person):
    propose(cast, pair)
    client = as_(getattr(cast, person))
    assert client.get(LIST).status_code == 404 and client.post(record_address(pair), DONE).status_code == 404
    assert own_word() is None


def test_official_records_in_place_of_the_enterprise_which_is_told(cast, as_, pair):
    propose(cast, pair)
    client = as_(cast.pusher)
    page = client.get(LIST).content.decode()
    assert "待确认" in page and "只看待确认的（1）" in page
    assert client.get(record_address(pair)).context["form"].initial["verdict"] == "introduced"
    client.post(record_address(pair), DONE)
    assert (own_word().verdict, own_word().user) == (Verdict.IMPLEMENTED, cast.pusher)
    assert "平台工作人员登记" in Notice.objects.filter(recipient=cast.enterprise).latest("pk").title
    assert client.get(LIST, {"waiting": "1"}).context["pairs"] == []


def test_official_is_told_what_is_wrong(cast, as_, pair):
    propose(cast, pair)
    page = as_(cast.pusher).post(record_address(pair), {"verdict": "implemented"}).content.decode()
    assert "请填写实施日期" in page and own_word() is None


def test_pair_nobody_spoke_of_is_not_found(cast, as_, pair):
    assert as_(cast.pusher).get(record_address(pair)).status_code == 404


def test_list_costs_the_same_for_one_and_three(cast, as_, pair, make_technology, count_queries):
    propose(cast, pair)
    client = as_(cast.pusher)
    client.get(LIST)
    one = count_queries(lambda: client.get(LIST))
    for title in ("甲", "乙"):
        propose(cast, (pair[0], make_technology(title, organisation=cast.supplier_firm)))
    assert count_queries(lambda: client.get(LIST)) == one
