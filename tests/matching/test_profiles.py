from decimal import Decimal

import pytest

from accounts.models import Industry
from catalog.enums import Origin
from catalog.models import (
    Demand,
    DemandEnergyUse,
    DemandQuantity,
    EnergyCarrier,
    Technology,
    TechnologyCase,
    TechnologyCondition,
)
from matching.engine.profiles import Condition, Range
from matching.profiles import demand_profile, demand_profiles, technology_profiles


def profile_of(*_):
    return next(technology_profiles(Technology.objects.all()))


@pytest.fixture
def chemistry(db):
    return Industry.objects.get_or_create(code="C26", defaults={"name": "化学原料", "level": 1})[0]


def test_technology_profile_holds_what_is_compared(make_technology, taxonomy, chemistry):
    technology = make_technology(
        systems=[taxonomy.waste_heat],
        carriers=[taxonomy.electricity],
        industries=[chemistry],
        summary="节电",
        not_suitable="低温热源",
        saving_rate_min="0.08",
        saving_rate_max="0.15",
        payback_min_years=2,
    )
    technology.conditions = [TechnologyCondition(quantity="power_kw", minimum=10)]
    technology.cases = [TechnologyCase(site="示例厂", industry=chemistry), TechnologyCase(site="示例二厂")]
    technology.save()
    profile = profile_of()
    assert (profile.systems, profile.carriers, profile.industries) == (
        ("waste_heat",),
        ("electricity",),
        ("C26",),
    )
    assert profile.conditions == (Condition("power_kw", Range(10, None), True),)
    assert profile.saving_rate == Range(0.08, 0.15)
    assert profile.payback_years == Range(2, None)
    assert (profile.case_industries, profile.case_count) == (("C26",), 2)
    assert profile.body == "节电"
    assert profile.evidence == "self_declared"


def test_reference_entry_has_no_evidence(make_technology):
    assert profile_of(make_technology(origin=Origin.REFERENCE)).evidence is None


def test_demand_profile_takes_use_and_cost_from_single_carriers(make_demand, taxonomy):
    demand = make_demand(problem="余热排空", process="空压站")
    demand.energy_uses = [
        DemandEnergyUse(carrier=taxonomy.electricity, annual_amount=1_000_000, unit_price_cny="0.7")
    ]
    demand.quantities = [DemandQuantity(quantity="power_kw", minimum=5, maximum=9)]
    demand.save()
    profile = demand_profile(Demand.objects.get())
    assert profile.annual_use_tce == pytest.approx(122.9)
    assert profile.annual_cost_cny == pytest.approx(700_000)
    assert profile.quantities == {"power_kw": Range(5, 9)}
    assert profile.origins("annual_use_tce", "annual_cost_cny") == ("energy_uses", "annual_cost_cny")
    assert profile.origins("body") == ("problem", "process")


def test_demand_profile_prefers_stated_totals(make_demand, taxonomy):
    demand = make_demand(annual_use_tce=500, annual_cost_cny=800_000)
    demand.energy_uses = [DemandEnergyUse(carrier=taxonomy.electricity, annual_amount=1, unit_price_cny=1)]
    demand.save()
    profile = demand_profile(Demand.objects.get())
    assert (profile.annual_use_tce, profile.annual_cost_cny) == (500, 800_000)
    assert profile.origins("annual_use_tce") == ("annual_use_tce",)


def test_typical_price_leaves_water_out(make_demand, taxonomy):
    EnergyCarrier.objects.filter(pk=taxonomy.electricity.pk).update(typical_price_cny=Decimal("0.75"))
    water = EnergyCarrier.objects.get_or_create(code="water", defaults={"name": "水", "unit": "t"})[0]
    water.tce_per_unit, water.typical_price_cny = Decimal("0.0002571"), 5
    water.save()
    make_demand(carriers=[EnergyCarrier.objects.get(code="electricity"), water])
    profile = demand_profile(Demand.objects.get())
    assert profile.typical_price_cny_per_tce == pytest.approx(
        0.75 / float(taxonomy.electricity.tce_per_unit), rel=1e-3
    )
    assert demand_profile(make_demand()).typical_price_cny_per_tce is None


@pytest.mark.parametrize("rows", [1, 3])
def test_profiles_are_read_in_a_fixed_number_of_queries(
    rows, make_technology, make_demand, taxonomy, django_assert_num_queries
):
    for _ in range(rows):
        technology = make_technology(systems=[taxonomy.waste_heat])
        technology.cases = [TechnologyCase(site="示例厂")]
        technology.save()
        make_demand(systems=[taxonomy.waste_heat])
    with django_assert_num_queries(7):
        assert len(list(technology_profiles(Technology.objects.all()))) == rows
    with django_assert_num_queries(5):
        assert len(list(demand_profiles(Demand.objects.all()))) == rows


def test_quantities_are_read_from_the_texts_of_a_demand(db):
    demand = Demand.objects.create(
        title="烟气余热", problem="排烟180℃直排", process="需要60℃热水，蒸汽0.6MPa"
    )
    demand.quantities = [DemandQuantity(quantity="steam_pressure_mpa", minimum=1, maximum=1)]
    demand.save()
    profile = demand_profile(demand)
    assert profile.quantity("steam_pressure_mpa") == Range(1, 1)
    assert profile.read("steam_pressure_mpa") is None
    found = {code: (each.text, each.field) for code, each in profile.read_quantities.items()}
    assert found["heat_source_temperature_c"] == ("180℃", "problem")
    assert found["heat_sink_temperature_c"] == ("60℃", "process")
    assert profile.quantity("heat_source_temperature_c") == Range(180, 180)


def test_conditions_are_read_from_the_note_where_none_are_typed(make_technology):
    technology = make_technology(conditions_note="烟气温度不低于200℃，改造需停产5天；蒸汽0.8MPa。")
    technology.conditions = [TechnologyCondition(quantity="steam_pressure_mpa", minimum=1)]
    technology.save()
    assert profile_of().conditions == (
        Condition("steam_pressure_mpa", Range(1, None), True),
        Condition("heat_source_temperature_c", Range(200, None), False, "200℃"),
        Condition("shutdown_days", Range(5, 5), False, "5天"),
    )
