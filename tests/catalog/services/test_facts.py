"""Listings as labelled text."""

from decimal import Decimal

from catalog.models import (
    Demand,
    DemandEnergyUse,
    DemandQuantity,
    Technology,
    TechnologyCase,
    TechnologyCondition,
)
from catalog.services.facts import differences, facts_of


def texts(listing):
    return {fact.name: fact.text for fact in facts_of(listing) if fact.text}


def test_facts_of_a_technology_carry_units(taxonomy):
    technology = Technology(
        title="甲",
        investment_min_cny=Decimal(800_000),
        investment_max_cny=Decimal(1_500_000),
        saving_rate_min=Decimal("0.1"),
        penetration_now=Decimal("0.05"),
        cooperation_modes=["sale", "emc"],
    )
    technology.systems.set([taxonomy.compressed_air])
    technology.cases = [TechnologyCase(site="某厂", year=2023, investment_cny=Decimal(50_000))]
    technology.conditions = [TechnologyCondition(quantity="power_kw", minimum=Decimal(75), note="单台")]
    found = texts(technology)
    assert found == {
        "title": "甲",
        "origin": "供方发布",
        "applies_to_all_industries": "否",
        "systems": "压缩空气",
        "investment": "80–150 万元",
        "saving_rate": "不低于 10%",
        "penetration_now": "5%",
        "cooperation_modes": "设备销售、合同能源管理",
        "evidence_level": "自我声明",
        "cases": "某厂，投运年份 2023，投资 5 万元",
        "conditions": "设备功率（kW） 不低于 75，必须满足，单台",
    }


def test_facts_of_a_demand_name_quantities_and_energy(taxonomy):
    demand = Demand(title="乙", visibility={"budget_cny": "matched"}, budget_cny=Decimal(300_000))
    demand.quantities = [
        DemandQuantity(quantity="running_hours", minimum=Decimal(6000), maximum=Decimal(6000))
    ]
    demand.energy_uses = [DemandEnergyUse(carrier=taxonomy.electricity, annual_amount=Decimal(90000))]
    found = texts(demand)
    assert found["budget_cny"] == "30 万元"
    assert found["visibility"] == "预算–仅匹配的供方"
    assert found["quantities"] == "年运行时间（h） 6000"
    assert found["energy_uses"] == "电力 90000 kWh"


def test_differences_name_only_what_changed():
    before, after = Technology(title="甲", summary="旧"), Technology(title="甲", summary="新", scope="丙")
    assert [(d.label, d.before, d.after) for d in differences(before, after)] == [
        ("一句话效果", "旧", "新"),
        ("适用范围", "", "丙"),
    ]
