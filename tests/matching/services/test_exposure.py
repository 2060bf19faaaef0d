from datetime import timedelta
from decimal import Decimal

import pytest
from django.utils import timezone

from accounts.models import Area
from catalog.models import Technology
from matching.engine.fairness import position_weight
from matching.engine.index import Match
from matching.engine.reasons import CONFLICT, Reason
from matching.enums import Audience, Side
from matching.models import (
    FairnessSettings,
    Feedback,
    ListingStanding,
    Push,
    PushItem,
    Recommendation,
    SupplierTerms,
)
from matching.services import ordering
from matching.services.exposure import exposure_report, measure_exposure, natural_shares
from matching.services.fair_order import spread_fairly
from matching.services.library import record_changes
from matching.services.recommending import match_all
from tests.matching.pairs import recommend


def match(demand, technology, score, *, is_broken=False):
    reasons = (Reason("condition", CONFLICT, is_hard=True),) if is_broken else ()
    return Match(demand.pk, technology.pk, score, (), reasons)


def titles(matches):
    found = Technology.objects.in_bulk([each.technology_id for each in matches])
    return [found[each.technology_id].title for each in matches]


def stored(demand, technology, score, rank, **fields):
    return recommend(demand, technology, score=score, rank=rank, **fields)


def set_rules(**values):
    plain = {"uses_supplier_view": False, "new_days": 0}
    FairnessSettings(pk=1, **{**plain, **values}).save()


@pytest.fixture
def market(cast, make_technology, make_demand):
    """A demand whose list the first supplier leads, with a near-equal of the second."""
    demand = make_demand("余热")
    owners = [("甲一", cast.supplier_firm), ("甲二", cast.supplier_firm), ("乙", cast.second_firm)]
    technologies = [make_technology(title, organisation=owner) for title, owner in owners]
    for rank, (technology, score) in enumerate(zip(technologies, (0.8, 0.72, 0.71), strict=True), start=1):
        stored(demand, technology, score, rank)
    measure_exposure()
    matches = [
        match(demand, each, score) for each, score in zip(technologies, (0.8, 0.72, 0.71), strict=True)
    ]
    return demand, technologies, matches


def test_exposure_is_measured_by_score_and_not_by_the_order_shown(market):
    demand, technologies, _matches = market
    Recommendation.objects.filter(technology=technologies[2]).update(rank=1)
    Recommendation.objects.filter(technology=technologies[0]).update(rank=3)
    assert measure_exposure() == 3
    exposures = dict(ListingStanding.objects.values_list("technology__title", "exposure"))
    assert exposures == {"甲一": 1.0, "甲二": position_weight(2), "乙": 0.5}
    shares = natural_shares()
    assert sum(shares.values()) == pytest.approx(1)
    assert shares[technologies[2].organisation_id] == pytest.approx(0.5 / (1.5 + position_weight(2)))


def test_cap_lets_the_near_equal_pass_with_a_reason_and_keeps_the_score(market):
    demand, _technologies, matches = market
    set_rules(largest_share=Decimal(40))
    (after,) = spread_fairly([demand.pk], [matches])
    assert titles(after) == ["甲一", "乙", "甲二"]
    assert [each.score for each in after] == [0.8, 0.71, 0.72]
    (reason,) = after[2].reasons
    assert (reason.code, reason.params) == ("order_cap", {"before": 2, "after": 3})
    assert spread_fairly([demand.pk], [matches]) == [after]


def test_without_a_cap_and_with_all_rules_off_nothing_is_asked(market, django_assert_num_queries):
    demand, _technologies, matches = market
    set_rules()
    with django_assert_num_queries(1):
        assert spread_fairly([demand.pk], [matches]) == [matches]


def test_matches_stay_before_others_and_conflicts_at_the_end(cast, make_technology, make_demand):
    demand = make_demand("余热")
    mine, theirs, broken = (
        make_technology(title, organisation=owner)
        for title, owner in (("甲", cast.supplier_firm), ("乙", cast.second_firm), ("丙", cast.second_firm))
    )
    stored(demand, mine, 0.51, 1)
    measure_exposure()
    set_rules(largest_share=Decimal(10), near_points=Decimal(10))
    matches = [
        match(demand, mine, 0.51),
        match(demand, theirs, 0.49),
        match(demand, broken, 0.15, is_broken=True),
    ]
    assert spread_fairly([demand.pk], [matches]) == [matches]


def test_new_listing_gets_the_fourth_place_and_says_so(cast, make_technology, make_demand):
    demand = make_demand("余热")
    old = [make_technology(f"旧{number}", organisation=cast.supplier_firm) for number in range(5)]
    new = make_technology("新", organisation=cast.second_firm)
    matches = [match(demand, each, 0.9 - number / 100) for number, each in enumerate(old)]
    matches.append(match(demand, new, 0.83))
    set_rules(new_days=60)
    assert spread_fairly([demand.pk], [matches]) == [matches]
    Technology.objects.filter(pk=new.pk).update(first_published_at=timezone.now() - timedelta(days=59))
    (after,) = spread_fairly([demand.pk], [matches])
    assert titles(after) == ["旧0", "旧1", "旧2", "新", "旧3", "旧4"]
    assert after[3].reasons[0].code == "order_new"
    assert after[3].reasons[0].params == {"before": 6, "after": 4, "days": 60}
    ListingStanding.objects.create(
        technology=new, lists=9, first_ten=5, exposure=2, median_score=0.6, best_score=0.9
    )
    assert spread_fairly([demand.pk], [matches]) == [matches]
    ListingStanding.objects.all().delete()
    Technology.objects.filter(pk=new.pk).update(first_published_at=timezone.now() - timedelta(days=61))
    assert spread_fairly([demand.pk], [matches]) == [matches]


def test_entries_nobody_offers_take_no_new_place(make_technology, make_demand):
    demand = make_demand("余热")
    listed = [make_technology(f"{number}", first_published_at=timezone.now()) for number in range(6)]
    matches = [match(demand, each, 0.8) for each in listed]
    assert spread_fairly([demand.pk], [matches]) == [matches]


def test_supplier_that_takes_needs_up_comes_before_one_that_declines(market, cast):
    demand, technologies, matches = market
    for owner, verdict in ((technologies[1], "refused"), (technologies[2], "interested")):
        for number in range(4):
            other = Technology.objects.create(title=f"{verdict}{number}", organisation=owner.organisation)
            Feedback.objects.create(
                demand=demand, technology=other, side=Side.SUPPLIER, verdict=verdict,
                reason_code="capacity" if verdict == "refused" else "",
            )  # fmt: skip
    set_rules(uses_supplier_view=True)
    (after,) = spread_fairly([demand.pk], [matches])
    assert titles(after) == ["甲一", "乙", "甲二"]
    assert after[1].reasons[0].params == {"before": 3, "after": 2, "high": ["willingness"], "low": []}
    assert after[1].reasons[0].verdict == "fits"
    assert after[2].reasons[0].verdict == "unknown"


def test_budget_in_the_view_hides_the_sentence_from_those_who_may_not_know_it(market, make_demand):
    _demand, technologies, matches = market
    poor = make_demand("另一条", budget_cny=10_000)
    Technology.objects.filter(pk=technologies[1].pk).update(investment_min_cny=1_000_000)
    set_rules(uses_supplier_view=True)
    (after,) = spread_fairly([poor.pk], [matches])
    assert titles(after) == ["甲一", "乙", "甲二"]
    assert after[2].reasons[0].uses == ("budget_cny",)


def test_what_a_supplier_takes_on_counts(market, cast, make_demand):
    _demand, technologies, matches = market
    district = Area.objects.create(code="9", name="某区", kind="district")
    town, other = (
        Area.objects.create(code=code, name=code, kind="town", parent=district) for code in ("91", "92")
    )
    cast.enterprise_firm.area = town
    cast.enterprise_firm.save()
    demand = make_demand("余热", organisation=cast.enterprise_firm, budget_cny=50_000)
    set_rules(uses_supplier_view=True)
    terms = SupplierTerms.objects.create(organisation=cast.supplier_firm)
    for change, is_moved in (
        ({}, False),
        ({"takes_needs": False}, True),
        ({"smallest_project_cny": 300_000}, True),
        ({"smallest_project_cny": 30_000}, False),
    ):
        SupplierTerms.objects.update(**{"takes_needs": True, "smallest_project_cny": None, **change})
        (after,) = spread_fairly([demand.pk], [matches])
        assert (titles(after) == ["甲一", "乙", "甲二"]) == is_moved, change
    SupplierTerms.objects.update(smallest_project_cny=None)
    for areas, is_moved in (([other], True), ([town], False), ([district], False), ([], False)):
        terms.areas.set(areas)
        (after,) = spread_fairly([demand.pk], [matches])
        assert (titles(after) == ["甲一", "乙", "甲二"]) == is_moved, areas
    terms.areas.set([other])
    (after,) = spread_fairly([demand.pk], [matches])
    assert after[2].reasons[0].params["low"] == ["region"]
    assert after[2].reasons[0].uses == ("area",)


def test_every_run_gives_the_same_stored_lists(cast, make_technology, make_demand, taxonomy):
    for number in range(6):
        owner = cast.second_firm if number == 5 else cast.supplier_firm
        make_technology(
            f"空压机余热回收{'甲乙丙丁戊己'[number]}型", systems=[taxonomy.compressed_air], organisation=owner,
            first_published_at=timezone.now() - timedelta(days=10 if number == 5 else 300),
        )  # fmt: skip
    record_changes(Technology.objects.values_list("pk", flat=True))
    for number in range(3):
        make_demand(f"空压机余热回收{number}", systems=[taxonomy.compressed_air])
    FairnessSettings(pk=1, largest_share=Decimal(30)).save()
    match_all()
    states = []
    for _run in range(3):
        measure_exposure()
        match_all()
        states.append(
            list(Recommendation.objects.order_by("pk").values_list("pk", "rank", "score", "reasons"))
        )
    assert states[0] == states[1] == states[2]
    for row in Recommendation.objects.all():
        assert row.score == pytest.approx(sum(part["contribution"] for part in row.parts))
    ranks = Recommendation.objects.order_by("demand", "rank").values_list("rank", flat=True)
    assert set(ranks) == set(range(1, 7))


@pytest.mark.parametrize("count", [1, 3])
def test_queries_do_not_grow_with_the_lists(
    count, cast, make_technology, make_demand, django_assert_max_num_queries
):
    FairnessSettings(pk=1, largest_share=Decimal(10)).save()
    demands = [make_demand(f"余热{number}") for number in range(count)]
    technologies = [
        make_technology(f"技术{number}", organisation=cast.supplier_firm) for number in range(count)
    ]
    lists = [[match(demand, each, 0.6) for each in technologies] for demand in demands]
    terms = SupplierTerms.objects.create(organisation=cast.supplier_firm)
    terms.areas.add(Area.objects.create(code="1", name="一镇", kind="town"))
    with django_assert_max_num_queries(10):
        ordering.reorder_many([demand.pk for demand in demands], lists)


def test_report_counts_what_is_shown_and_what_was_pushed(market, cast):
    demand, technologies, _matches = market
    Recommendation.objects.filter(technology=technologies[0]).update(has_conflict=True)
    push = Push.objects.create(audience=Audience.ENTERPRISE)
    PushItem.objects.create(
        push=push, recipient=cast.enterprise, organisation=cast.enterprise_firm, audience=Audience.ENTERPRISE,
        demand=demand, technology=technologies[2], score=0.7, sent_at=timezone.now(),
    )  # fmt: skip
    report = exposure_report(FairnessSettings(largest_share=Decimal(60)))
    second, first = sorted(report.suppliers, key=lambda each: each.shown)
    assert (first.supplier, first.listings, first.entries) == (cast.supplier_firm, 2, 1)
    assert first.shown == pytest.approx(position_weight(2) / (position_weight(2) + 0.5))
    assert (first.pushed, second.pushed) == (0, 1)
    assert (first.is_over, second.is_over) == (True, False)
    assert 0 < report.gini_shown < report.gini_by_score < 1


def test_nothing_listed_gives_an_empty_report(cast):
    assert exposure_report(FairnessSettings()).suppliers == []
    assert measure_exposure() == 0
