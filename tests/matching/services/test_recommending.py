from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import Demand, DemandQuantity, Technology, TechnologyCondition
from matching.engine import ENGINE_VERSION
from matching.engine.model import shipped_model
from matching.models import Recommendation
from matching.services import recommending
from matching.services.library import record_changes
from matching.services.recommending import (
    match_all,
    recommend_for_demand,
    recommend_for_technology,
    remove_demands,
    remove_technologies,
    update_demands,
    update_technologies,
)


@pytest.fixture
def shelf(make_technology, taxonomy):
    make_technology("有机朗肯循环低温余热发电", systems=[taxonomy.waste_heat])
    make_technology("空压机余热回收", systems=[taxonomy.compressed_air])
    make_technology("高效照明")


def titles(demand):
    return [each.technology.title for each in demand.recommendations.order_by("rank")]


def changed(technology):
    record_changes([technology.pk])
    recommend_for_technology(technology)


def test_recommend_for_demand_stores_a_ranked_explained_list(shelf, make_demand, taxonomy):
    demand = make_demand("空压机余热没有利用", systems=[taxonomy.compressed_air])
    stored = recommend_for_demand(demand)
    assert stored[0].technology.title == "空压机余热回收"
    assert [each.rank for each in stored] == list(range(1, len(stored) + 1))
    assert stored[0].score == pytest.approx(sum(part["contribution"] for part in stored[0].parts))
    assert {"words", "system"} <= {reason["code"] for reason in stored[0].reasons}
    assert stored[0].engine_version == f"{ENGINE_VERSION}/{shipped_model().version}"


def test_recommend_for_demand_again_keeps_the_rows(shelf, make_demand):
    demand = make_demand()
    first = [(each.pk, each.technology_id) for each in recommend_for_demand(demand)]
    assert first == [(each.pk, each.technology_id) for each in recommend_for_demand(demand)]


def test_changed_demand_loses_what_no_longer_fits(shelf, make_demand):
    demand = make_demand("空压机余热没有利用")
    recommend_for_demand(demand)
    Demand.objects.filter(pk=demand.pk).update(title="照明改造")
    update_demands([demand.pk])
    assert titles(demand)[0] == "高效照明"
    assert "有机朗肯循环低温余热发电" not in titles(demand)


def test_new_technology_enters_the_lists_it_belongs_in(shelf, make_demand, make_technology):
    demand, other = make_demand("冷却塔风机电耗高"), make_demand("照明改造")
    match_all()
    changed(make_technology("冷却塔风机变频"))
    assert titles(demand)[0] == "冷却塔风机变频"
    assert "冷却塔风机变频" not in titles(other)


def test_unpublished_and_deleted_technologies_leave_every_list(shelf, make_demand):
    demand = make_demand("空压机余热没有利用")
    match_all()
    technology = Technology.objects.get(title="空压机余热回收")
    Technology.objects.filter(pk=technology.pk).update(live=False)
    changed(technology)
    assert "空压机余热回收" not in titles(demand)
    assert [each.rank for each in demand.recommendations.all()] == list(range(1, len(titles(demand)) + 1))


def test_full_list_takes_a_better_technology_in(shelf, make_demand, make_technology, monkeypatch):
    monkeypatch.setattr(recommending, "LONGEST_LIST", 1)
    demand = make_demand("冷却塔风机余热")
    match_all()
    assert len(titles(demand)) == 1
    changed(make_technology("冷却塔风机余热回收"))
    assert titles(demand) == ["冷却塔风机余热回收"]


def test_many_technologies_are_matched_in_one_go(shelf, make_demand, make_technology, monkeypatch):
    monkeypatch.setattr(recommending, "MANY_TECHNOLOGIES", 1)
    demand = make_demand("冷却塔风机电耗高")
    new = [make_technology(f"冷却塔风机变频{name}") for name in "甲乙"]
    record_changes([each.pk for each in new])
    assert update_technologies([each.pk for each in new]) == 1
    assert len(titles(demand)) >= 2


def test_draft_that_was_never_live_has_a_list_but_a_withdrawn_demand_has_none(shelf, cast, make_demand):
    draft = make_demand("空压机余热", live=False, organisation=cast.enterprise_firm)
    withdrawn = make_demand("空压机余热", live=False, first_published_at=timezone.now())
    past = make_demand("空压机余热", deadline=timezone.localdate() - timedelta(days=1))
    match_all()
    assert titles(draft)
    assert titles(withdrawn) == titles(past) == []
    assert not Recommendation.objects.for_suppliers().filter(demand=draft).exists()


def test_hard_conflict_is_marked_and_kept_from_suppliers(make_technology, make_demand, taxonomy):
    technology = make_technology("低温余热发电", systems=[taxonomy.waste_heat])
    technology.conditions = [TechnologyCondition(quantity="heat_source_temperature_c", minimum=80)]
    technology.save()
    demand = make_demand("低温余热发电", systems=[taxonomy.waste_heat])
    demand.quantities = [DemandQuantity(quantity="heat_source_temperature_c", minimum=45, maximum=45)]
    demand.save()
    row = recommend_for_demand(Demand.objects.get())[0]
    assert row.has_conflict
    assert row.score <= 0.2
    assert not Recommendation.objects.for_suppliers().exists()


def test_remove_functions_close_the_gaps(shelf, make_demand):
    demand = make_demand("空压机余热没有利用")
    match_all()
    technology = Technology.objects.get(title="空压机余热回收")
    Technology.objects.filter(pk=technology.pk).update(live=False)
    record_changes([technology.pk])
    remove_technologies([technology.pk])
    assert "空压机余热回收" not in titles(demand)
    remove_demands([demand.pk])
    assert titles(demand) == []


def test_expired_technology_is_not_current(shelf, make_demand):
    demand = make_demand("空压机余热没有利用")
    match_all()
    before = Recommendation.objects.current().filter(demand=demand).count()
    Technology.objects.filter(title="空压机余热回收").update(
        valid_until=timezone.localdate() - timedelta(days=1)
    )
    assert Recommendation.objects.current().filter(demand=demand).count() == before - 1


def test_empty_library_gives_an_empty_list(make_demand):
    assert recommend_for_demand(make_demand()) == []


def test_same_listing_of_one_owner_takes_no_second_place(cast, make_demand, make_technology, monkeypatch):
    monkeypatch.setattr(recommending, "LONGEST_LIST", 2)
    for _ in range(3):
        make_technology("空压机余热回收", organisation=cast.supplier_firm)
    make_technology("空压机余热回收", organisation=cast.enterprise_firm)
    make_technology("空压机余热")
    demand = make_demand("空压机余热没有利用")
    match_all()
    found = list(demand.recommendations.order_by("rank").select_related("technology"))
    places = {(each.technology.title, each.technology.organisation_id) for each in found}
    assert len(places) == 2
    assert sum(each.is_twin for each in found) == len(found) - 2
    assert [each.is_twin for each in found if each.rank == 1] == [False]


def test_list_full_of_twins_takes_a_further_technology_in(cast, make_demand, make_technology, monkeypatch):
    monkeypatch.setattr(recommending, "LONGEST_LIST", 2)
    for _ in range(3):
        make_technology("空压机余热回收", organisation=cast.supplier_firm)
    demand = make_demand("空压机余热没有利用")
    match_all()
    assert len(titles(demand)) == 3
    changed(make_technology("空压机余热利用换热器"))
    assert "空压机余热利用换热器" in titles(demand)
