"""A masked demand as lines."""

from datetime import date

import pytest

from catalog.demand_facts import demand_facts
from catalog.masking import Level, masked
from catalog.models import DemandEnergyUse, DemandQuantity


@pytest.fixture
def demand(cast, taxonomy, make_demand):
    demand = make_demand(
        organisation=cast.enterprise_firm,
        systems=[taxonomy.compressed_air, taxonomy.waste_heat],
        budget_cny=3_000_000,
        max_payback_years="2.5",
        wants_finance=True,
        source="audit",
        source_file="审计报告",
        source_page="12",
        contact_name="张工",
        contact_phone="021-57920000",
        deadline=date(2027, 6, 30),
    )
    demand.energy_uses = [
        DemandEnergyUse(carrier=taxonomy.electricity, annual_amount=1_200_000, unit_price_cny="0.75")
    ]
    demand.quantities = [DemandQuantity(quantity="running_hours", minimum=6000)]
    demand.save()
    return demand


def test_owner_reads_everything_that_was_stated(demand):
    texts = {fact.name: fact.text for fact in demand_facts(masked(demand, Level.OWNER))}
    assert texts == {
        "organisation": "示例用能单位",
        "systems": "余热余压利用、压缩空气"
        if texts["systems"].startswith("余热")
        else "压缩空气、余热余压利用",
        "deadline": "2027-06-30",
        "energy_uses": "电力 1200000 kWh (0.75 元/kWh)",
        "quantities": "年运行时间（h）：不低于 6000",
        "budget_cny": "300 万元",
        "max_payback_years": "2.5 年",
        "wants_finance": "是",
        "source_file": "能源审计 审计报告 第 12 页",
        "contact": "张工 021-57920000",
    }


def test_hidden_lines_come_last_and_hold_nothing(demand):
    facts = demand_facts(masked(demand, Level.PUBLIC))
    hidden = [fact for fact in facts if fact.is_hidden]
    assert facts[-len(hidden) :] == hidden and {fact.text for fact in hidden} == {""}
    assert {"organisation", "budget_cny", "contact"} <= {fact.name for fact in hidden}
