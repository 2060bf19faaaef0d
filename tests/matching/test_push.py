"""Who is told what, once, after an official looked."""

import pytest
from django.urls import reverse

from accounts.enums import Responsibility
from accounts.models import Membership
from matching.enums import Audience, PushState, Verdict
from matching.errors import PushError
from matching.models import Feedback, Push, PushItem, Recommendation
from matching.services.push import keep_only, prepare_push, responsibilities_of, send_push
from notices.models import Notice
from tests.conftest import make_member


@pytest.fixture
def match(cast, taxonomy, make_technology, make_demand):
    """Return a function that stores a recommendation of the supplier's technology for the enterprise's need."""

    def make(*, score=0.8, title="空压机余热回收", need="空压站余热没有利用", has_conflict=False, **demand):
        technology = make_technology(
            title, organisation=cast.supplier_firm, systems=[taxonomy.compressed_air]
        )
        wanted = make_demand(
            need, organisation=cast.enterprise_firm, systems=[taxonomy.compressed_air], **demand
        )
        return Recommendation.objects.create(
            demand=wanted,
            technology=technology,
            score=score,
            rank=1,
            base_score=score,
            base_rank=1,
            has_conflict=has_conflict,
            engine_version="test",
        )

    return make


def pairs(push):
    return [(item.recipient.name, item.technology.title) for item in push.items.all()]


def prepare(cast, audience=Audience.ENTERPRISE, **options):
    return prepare_push(audience=audience, user=cast.pusher, **options)


def test_members_responsible_for_the_subject_are_proposed(cast, match):
    match()
    make_member("finance", cast.enterprise_firm, role="member", handles_energy=False, handles_finance=True)
    assert pairs(prepare(cast)) == [("enterprise", "空压机余热回收")]


def test_finance_is_told_when_finance_is_wanted(cast, match):
    match(wants_finance=True)
    make_member("finance", cast.enterprise_firm, role="member", handles_energy=False, handles_finance=True)
    assert sorted(name for name, _title in pairs(prepare(cast))) == ["enterprise", "finance"]


def test_owner_is_told_when_nobody_answers_for_the_subject(cast, match):
    match()
    Membership.objects.filter(user=cast.enterprise).update(handles_energy=False)
    assert pairs(prepare(cast)) == [("enterprise", "空压机余热回收")]


def test_suppliers_are_told_of_needs(cast, match):
    match()
    assert pairs(prepare(cast, Audience.SUPPLIER)) == [("supplier", "空压机余热回收")]


@pytest.mark.parametrize("fields", [{"score": 0.3}, {"has_conflict": True}], ids=["weak", "conflict"])
def test_poor_match_is_left_out(cast, match, fields):
    match(**fields)
    assert pairs(prepare(cast)) == []


def test_refused_match_is_left_out(cast, match):
    row = match()
    Feedback.objects.create(
        demand=row.demand,
        technology=row.technology,
        verdict=Verdict.REFUSED,
        reason_code="cost",
        side="supplier",
    )
    assert pairs(prepare(cast)) == []


def test_each_person_gets_the_best_few(cast, match):
    for number in range(4):
        match(title=f"技术{number}", need=f"需求{number}", score=0.6 + number / 10)
    assert pairs(prepare(cast, per_person=2)) == [("enterprise", "技术3"), ("enterprise", "技术2")]


def test_sending_tells_each_person_once_for_all_time(cast, match):
    match()
    push = prepare(cast)
    assert send_push(push, user=cast.pusher) == 1
    notice = Notice.objects.get(recipient=cast.enterprise)
    assert "空压机余热回收" in notice.body
    assert Push.objects.get().state == PushState.SENT
    assert pairs(prepare(cast)) == []


def test_second_sending_is_refused(cast, match):
    match()
    push = prepare(cast)
    send_push(push, user=cast.pusher)
    with pytest.raises(PushError, match="已发送"):
        send_push(push, user=cast.pusher)
    assert Notice.objects.filter(recipient=cast.enterprise).count() == 1


def test_item_sent_by_another_push_meanwhile_is_not_sent_again(cast, match):
    match()
    first, second = prepare(cast), prepare(cast)
    send_push(first, user=cast.pusher)
    with pytest.raises(PushError, match="没有可发送"):
        send_push(second, user=cast.pusher)


def test_removed_item_is_not_sent(cast, match):
    match(title="甲")
    match(title="乙", need="另一需求")
    push = prepare(cast)
    assert keep_only(push, [push.items.get(technology__title="甲").pk]) == 1
    send_push(push, user=cast.pusher)
    assert list(
        PushItem.objects.filter(sent_at__isnull=False).values_list("technology__title", flat=True)
    ) == ["甲"]
    assert "乙" not in Notice.objects.get(recipient=cast.enterprise).body


def test_process_equipment_belongs_to_production(cast, taxonomy, make_demand):
    demand = make_demand(systems=[taxonomy.compressed_air])
    assert responsibilities_of(demand) == {Responsibility.ENERGY}


def test_official_prepares_reviews_removes_and_sends(cast, match, as_):
    match(title="甲")
    match(title="乙", need="另一需求")
    client = as_(cast.pusher)
    answer = client.post(
        reverse("matching_push:index"),
        {"audience": "enterprise", "minimum_score": "50", "per_person": "5"},
        follow=True,
    )
    page = answer.content.decode()
    assert "从未告知过" in page and "甲" in page and "乙" in page
    push = Push.objects.get()
    kept = push.items.get(technology__title="甲")
    act = reverse("matching_push:act", args=[push.pk])
    page = client.post(act, {"action": "review", "item": [kept.pk]}).content.decode()
    assert "将告知 1 人，共 1 条匹配" in page
    assert Notice.objects.filter(recipient=cast.enterprise).count() == 0
    client.post(act, {"action": "send"})
    assert Notice.objects.filter(recipient=cast.enterprise).count() == 1


def test_push_without_matches_says_so(cast, as_):
    answer = as_(cast.pusher).post(
        reverse("matching_push:index"), {"audience": "supplier", "minimum_score": "50", "per_person": "5"}
    )
    assert "没有可推送的匹配" in answer.content.decode()
    assert not Push.objects.exists()


@pytest.mark.parametrize("person", ["visitor", "supplier", "enterprise", "bank", "librarian", "reviewer"])
def test_nobody_else_reaches_the_push(cast, match, as_, person):
    match()
    push = prepare(cast)
    client = as_(getattr(cast, person))
    for name, arguments in (("index", []), ("detail", [push.pk])):
        answer = client.get(reverse(f"matching_push:{name}", args=arguments))
        assert answer.status_code in {302, 403}
        assert "空压机余热回收" not in answer.content.decode()
    client.post(reverse("matching_push:act", args=[push.pk]), {"action": "send"})
    assert not Notice.objects.filter(recipient=cast.enterprise).exists()


@pytest.mark.parametrize("count", [1, 3])
def test_push_page_asks_a_constant_number_of_queries(cast, match, as_, django_assert_max_num_queries, count):
    for number in range(count):
        match(title=f"技术{number}", need=f"需求{number}")
    push = prepare(cast)
    client = as_(cast.pusher)
    client.get(reverse("matching_push:detail", args=[push.pk]))
    with django_assert_max_num_queries(30):
        client.get(reverse("matching_push:detail", args=[push.pk]))
