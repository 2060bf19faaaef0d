"""Single listings as everyone may read them."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.models import TechnologyCase, TechnologyCondition

MARKUP = "<script>alert(1)</script>"


def url(listing, kind="technologies"):
    return f"/{kind}/{listing.pk}/"


@pytest.fixture
def technology(make_technology, taxonomy, cast):
    listing = make_technology(
        systems=[taxonomy.compressed_air],
        carriers=[taxonomy.electricity],
        organisation=cast.supplier_firm,
        contact_name="沈工",
        contact_phone="021-12345678",
        payback_min_years=1,
        payback_max_years="2.5",
        penetration_now="0.08",
        trl=9,
        cooperation_modes=["sale", "emc"],
    )
    listing.cases.set([TechnologyCase(site="某食品厂", year=2023, annual_saving_tce=130)])
    listing.conditions.set([TechnologyCondition(quantity="running_hours", minimum=3000)])
    listing.save()
    return listing


def test_technology_shows_its_figures_cases_and_conditions(client, technology):
    html = client.get(url(technology)).content.decode()
    for text in (
        "1–2.5 年",
        "尚未普及",
        "TRL 9",
        "设备销售、合同能源管理",
        "某食品厂",
        "130 tce",
        "不低于 3000",
        "未提供",
    ):
        assert text in html


def test_technology_contact_is_for_members_of_verified_organisations(as_, cast, technology):
    def sees(user):
        return "021-12345678" in as_(user).get(url(technology)).content.decode()

    assert not sees(cast.visitor)
    assert sees(cast.supplier)
    assert sees(cast.enterprise)
    assert sees(cast.bank)
    assert sees(cast.reviewer)
    cast.enterprise_firm.verification = "pending"
    cast.enterprise_firm.save()
    assert not sees(cast.enterprise)


def test_draft_exists_only_for_its_owner_and_officials(as_, cast, make_technology):
    draft = make_technology(organisation=cast.supplier_firm, live=False)
    statuses = {
        name: as_(getattr(cast, name)).get(url(draft)).status_code
        for name in ("visitor", "supplier", "second_supplier", "enterprise", "bank", "reviewer")
    }
    assert statuses == {
        "visitor": 404, "supplier": 200, "second_supplier": 404,
        "enterprise": 404, "bank": 404, "reviewer": 200,
    }  # fmt: skip


def test_technology_that_lapsed_is_gone_for_visitors(client, technology):
    technology.valid_until = timezone.localdate() - timedelta(days=1)
    technology.save()
    assert client.get(url(technology)).status_code == 404


def test_merged_technology_leads_to_the_one_that_stays(client, technology, make_technology):
    double = make_technology("重复条目", merged_into=technology)
    response = client.get(url(double))
    assert (response.status_code, response.url) == (302, url(technology))


def test_related_technologies_share_a_system(client, technology, make_technology, taxonomy):
    make_technology("同系统技术", systems=[taxonomy.compressed_air])
    make_technology("同系统草稿", systems=[taxonomy.compressed_air], live=False)
    make_technology("别的系统", systems=[taxonomy.waste_heat])
    html = client.get(url(technology)).content.decode()
    assert "同系统技术" in html
    assert "同系统草稿" not in html
    assert "别的系统" not in html


def test_technology_escapes_markup_in_every_text(client, make_technology, cast):
    texts = ("summary", "owner_name", "principle", "process", "scope", "not_suitable", "conditions_note", "indicators",
             "saving_basis", "intellectual_property", "source_catalogue", "source_edition", "source_item", "investment_unit")  # fmt: skip
    listing = make_technology(MARKUP, **dict.fromkeys(texts, MARKUP))
    listing.cases.set([TechnologyCase(site=MARKUP, scale=MARKUP, verified_by=MARKUP, description=MARKUP)])
    listing.conditions.set([TechnologyCondition(quantity="power_kw", minimum=1, note=MARKUP)])
    listing.save()
    html = client.get(url(listing)).content.decode()
    assert MARKUP not in html
    assert "&lt;script&gt;" in html


def test_technology_asks_as_much_for_three_cases_as_for_one(client, technology, count_queries):
    client.get(url(technology))
    one = count_queries(lambda: client.get(url(technology)))
    technology.cases.set([TechnologyCase(site=f"案例{number}") for number in range(3)])
    technology.save()
    assert count_queries(lambda: client.get(url(technology))) == one


def test_demand_shows_a_visitor_only_what_was_released(as_, cast, make_demand):
    demand = make_demand(
        organisation=cast.enterprise_firm, problem="蒸汽浪费", budget_cny=1_500_000, contact_name="陆工"
    )
    html = as_(None).get(url(demand, "demands")).content.decode()
    assert "蒸汽浪费" in html
    for hidden in ("150 万元", "陆工", cast.enterprise_firm.name):
        assert hidden not in html
    own = as_(cast.enterprise).get(url(demand, "demands")).content.decode()
    for shown in ("150 万元", "陆工", cast.enterprise_firm.name, "仅主管部门"):
        assert shown in own


def test_demand_draft_does_not_exist_for_others(as_, cast, make_demand):
    draft = make_demand(organisation=cast.enterprise_firm, live=False)
    assert as_(cast.supplier).get(url(draft, "demands")).status_code == 404
    assert as_(None).get(url(draft, "demands")).status_code == 404
    assert as_(cast.enterprise).get(url(draft, "demands")).status_code == 200


def test_demand_escapes_markup(as_, cast, make_demand):
    demand = make_demand(MARKUP, problem=MARKUP, process=MARKUP, tried_before=MARKUP, space_limit=MARKUP,
                         organisation=cast.enterprise_firm, contact_name=MARKUP, source_file=MARKUP)  # fmt: skip
    assert MARKUP not in as_(cast.enterprise).get(url(demand, "demands")).content.decode()


def test_reference_entry_claims_no_evidence(client, make_technology):
    technology = make_technology(origin="reference")
    page = client.get(f"/technologies/{technology.pk}/").content.decode()
    assert "因此不列证据等级" in page
    assert 'class="evidence"' not in page
