from decimal import Decimal

import pytest
from wagtail.models import ModelLogEntry

from catalog.enums import Origin
from catalog.models import Demand, DemandEnergyUse, Technology
from matching import tasks
from matching.models import ReserveScore, ReserveWeights
from matching.services.library import record_changes
from matching.services.reserve import (
    change_weights,
    preview,
    ranks,
    recompute_reserve,
    refresh_reserve,
    rescore,
)
from tests.matching.pairs import recommend


def row(technology):
    return ReserveScore.objects.get(technology=technology)


def test_potential_is_summed_over_the_needs_in_decimal(make_technology, make_demand, taxonomy):
    technology = make_technology(
        saving_rate_min=Decimal("0.1"), saving_rate_max=Decimal("0.2"), annual_saving_min_tce=40
    )
    stated = make_demand("一", annual_use_tce=Decimal("1000.5"))
    by_carrier = make_demand("二")
    DemandEnergyUse.objects.create(demand=by_carrier, carrier=taxonomy.electricity, annual_amount=1_000_000)
    silent, weak, broken = make_demand("三"), make_demand("四"), make_demand("五")
    closed = make_demand("六", live=False)
    for demand in (stated, by_carrier, silent, closed):
        recommend(demand, technology)
    recommend(weak, technology, score=0.4)
    recommend(broken, technology, has_conflict=True)
    assert recompute_reserve() == 1
    found = row(technology)
    # 1000.5 × 0.15 + 122.9 × 0.15 + 40
    assert found.potential_tce == Decimal("208.510")
    assert (found.needs, found.needs_measured, found.needs_typical) == (3, 2, 1)


def test_without_needs_one_typical_project_counts_and_without_that_nothing(make_technology):
    typical, silent = (
        make_technology("甲", annual_saving_min_tce=40, annual_saving_max_tce=60),
        make_technology("乙"),
    )
    recompute_reserve()
    assert (row(typical).potential_tce, row(typical).needs) == (Decimal(50), 0)
    assert (row(silent).potential_tce, row(silent).score) == (None, None)
    assert ranks() == {typical.pk: 1}


def test_reference_entries_have_no_evidence(make_technology):
    reference = make_technology(origin=Origin.REFERENCE, evidence_level="catalogue")
    recompute_reserve()
    assert row(reference).evidence == ""


def test_empty_library_and_all_unknown(make_technology):
    assert recompute_reserve() == 0
    assert preview(ReserveWeights()) == []
    for title in "甲乙":
        make_technology(title)
    assert recompute_reserve() == 2
    assert [(each.rank, each.score, each.rise) for each in preview(ReserveWeights())] == [
        (1, None, None),
        (2, None, None),
    ]


def test_again_changes_nothing(make_technology):
    make_technology(annual_saving_min_tce=40, penetration_now=Decimal("0.05"))
    recompute_reserve()
    before = ReserveScore.objects.values("technology", "score", "factors").get()
    recompute_reserve()
    assert ReserveScore.objects.values("technology", "score", "factors").get() == before


def test_technology_out_of_public_view_leaves_the_ranking(make_technology):
    technology = make_technology(annual_saving_min_tce=40)
    recompute_reserve()
    Technology.objects.filter(pk=technology.pk).update(live=False)
    refresh_reserve([technology.pk, 999])
    assert not ReserveScore.objects.exists()


def test_tasks_follow_both_libraries(make_technology, make_demand, taxonomy):
    technology = make_technology(
        "空压机余热回收",
        systems=[taxonomy.compressed_air],
        saving_rate_min=Decimal("0.1"),
        annual_saving_min_tce=5,
    )
    record_changes([technology.pk])
    tasks.update_technologies(technology_ids=[technology.pk])
    assert row(technology).potential_tce == Decimal(5)
    demand = make_demand("空压机余热回收", systems=[taxonomy.compressed_air], annual_use_tce=3000)
    tasks.update_demands(demand_ids=[demand.pk])
    assert (row(technology).potential_tce, row(technology).needs) == (Decimal(300), 1)
    Demand.objects.filter(pk=demand.pk).update(live=False)
    tasks.update_demands(demand_ids=[demand.pk])
    assert (row(technology).potential_tce, row(technology).needs) == (Decimal(5), 0)


def test_weights_change_the_order_and_are_logged(make_technology, cast):
    large = make_technology("大", annual_saving_min_tce=5000, penetration_now=Decimal("0.9"))
    rare = make_technology("少", annual_saving_min_tce=500, penetration_now=Decimal("0.01"))
    recompute_reserve()
    other = ReserveWeights(
        potential=1, penetration_now=0, penetration_in_5_years=0, evidence=0, payback=0, needs=0
    )
    assert ranks() == {rare.pk: 1, large.pk: 2}
    first, second = preview(other)
    assert (first.row.technology, first.rise) == (large, 1)
    assert (second.row.technology, second.rise) == (rare, -1)
    assert ranks() == {rare.pk: 1, large.pk: 2}
    change_weights(other, user=cast.librarian)
    rescore()
    assert ranks() == {large.pk: 1, rare.pk: 2}
    entry = ModelLogEntry.objects.get(action="matching.reserve_weights")
    assert entry.user == cast.librarian
    assert (entry.data["before"]["potential"], entry.data["after"]["potential"]) == (40, 1)


@pytest.mark.parametrize("count", [1, 3])
def test_number_of_queries_does_not_grow(count, make_technology, django_assert_max_num_queries):
    for number in range(count):
        make_technology(f"技术{number}", annual_saving_min_tce=40)
    with django_assert_max_num_queries(10):
        recompute_reserve()
