"""What of a listing is indexed."""

from datetime import timedelta

import pytest
from django.utils import timezone

from catalog.enums import Visibility
from catalog.models import TechnologyCase
from catalog.models.demands import FIELD_VISIBILITY
from search.documents import documents

pytestmark = pytest.mark.django_db


def document_of(kind, listing):
    return next(iter(documents(kind, [listing.pk])), None)


def values(document, name):
    return {value for facet, value in document.facets if facet == name}


def test_technology_is_indexed_with_its_words_facets_and_numbers(make_technology, taxonomy, tree):
    technology = make_technology(
        systems=[taxonomy.compressed_air], carriers=[taxonomy.electricity], industries=[tree["C2614"]],
        summary="回收七成热量", principle="润滑油", not_suitable="没有热水用户", payback_min_years=1, payback_max_years=2,
        investment_min_cny=400_000, penetration_now="0.05", origin="reference", is_sample=True,
        cooperation_modes=["emc"],
    )  # fmt: skip
    technology.cases = [TechnologyCase(site="示例工厂", description="浴室热水")]
    technology.save()
    document = document_of("technology", technology)
    assert (document.title, document.summary) == ("空压机余热回收", "回收七成热量")
    assert document.terms.split() == ["压缩空气", "电力", "有机化学原料制造"]
    assert document.body.splitlines() == ["润滑油", "示例工厂 浴室热水"]
    assert values(document, "industry") == {"C", "C26", "C261", "C2614", "=C2614"}
    bands = {name: values(document, name) for name in ("payback", "investment", "penetration")}
    assert bands == {"payback": {"1-2"}, "investment": {"10w-50w"}, "penetration": {"below-10"}}
    assert values(document, "origin") == {"reference", "sample"}
    assert values(document, "cooperation") == {"emc"}
    assert (document.numbers["payback_years"], document.numbers["investment_cny"]) == (1.5, 400_000)
    assert "saving_rate" not in document.numbers


def test_section_stands_for_its_divisions_and_general_technology_for_all(make_technology, tree):
    section = document_of("technology", make_technology(industries=[tree["C"]]))
    assert {"C", "=C", "C17", "C26"} <= values(section, "industry")
    general = make_technology(applies_to_all_industries=True, industries=[tree["C17"]])
    assert values(document_of("technology", general), "industry") == {"*"}


@pytest.mark.parametrize(
    "fields",
    [
        {"live": False},
        {"valid_until": timezone.localdate() - timedelta(1)},
        {"confirmed_at": timezone.now() - timedelta(366)},
    ],
)
def test_technology_out_of_public_view_has_no_document(make_technology, fields):
    assert document_of("technology", make_technology(**fields)) is None


def test_technology_is_visible_until_its_end_or_a_year_after_confirmation(make_technology):
    today = timezone.localdate()
    ending = make_technology(valid_until=today + timedelta(10))
    assert document_of("technology", ending).visible_until == today + timedelta(10)
    assert document_of("technology", make_technology()).visible_until == today + timedelta(364)


SECRETS = {
    "problem": "密语现状",
    "process": "密语工艺",
    "shutdown_window": "密语停机",
    "space_limit": "密语场地",
    "tried_before": "密语措施",
}


@pytest.fixture
def secret_demand(make_demand, cast, tree, town):
    firm = cast.enterprise_firm
    firm.name, firm.industry, firm.area = "密语化工厂", tree["C2614"], town
    firm.save()

    def make(visibility):
        return make_demand(
            "空压站余热", organisation=firm, visibility=visibility, wants_finance=True, target_saving_tce=500,
            budget_cny=900_000, contact_name="密语联系人", source_file="密语报告", **SECRETS,
        )  # fmt: skip

    return make


def text_of(document):
    return f"{document.title} {document.summary} {document.terms} {document.body}"


def test_nothing_hidden_of_a_demand_is_indexed(secret_demand):
    demand = secret_demand(dict.fromkeys(FIELD_VISIBILITY, Visibility.MATCHED))
    document = document_of("demand", demand)
    assert "密语" not in text_of(document) and "示例镇" not in text_of(document)
    assert document.facets == {("source", "own")}
    assert set(document.numbers) == {"published"}


def test_what_is_public_of_a_demand_is_indexed_except_contacts_and_money(secret_demand):
    demand = secret_demand(dict.fromkeys(FIELD_VISIBILITY, Visibility.PUBLIC))
    document = document_of("demand", demand)
    assert "密语化工厂" in document.terms
    assert document.body.splitlines() == list(SECRETS.values())
    assert "密语联系人" not in text_of(document) and "密语报告" not in text_of(document)
    assert values(document, "finance") == {"yes"} and values(document, "area") == {"310116999"}
    assert values(document, "industry") == {"C", "C26", "C261", "C2614"}
    assert document.numbers["annual_saving_tce"] == 500


def test_demand_is_visible_until_its_deadline(make_demand):
    today = timezone.localdate()
    assert document_of("demand", make_demand(deadline=today)).visible_until == today
    assert document_of("demand", make_demand(deadline=today - timedelta(1))) is None


@pytest.mark.parametrize("kind", ["technology", "demand"])
def test_indexing_many_takes_as_many_queries_as_one(
    make_technology, make_demand, taxonomy, cast, django_assert_num_queries, kind
):
    make = make_technology if kind == "technology" else make_demand
    expected = 6 if kind == "technology" else 5
    ids = [make(systems=[taxonomy.waste_heat], organisation=cast.enterprise_firm).pk for _ in range(3)]
    with django_assert_num_queries(expected):
        list(documents(kind, ids[:1]))
    with django_assert_num_queries(expected):
        list(documents(kind, ids))


def test_reference_entry_belongs_to_no_level_of_evidence(make_technology):
    technology = make_technology(origin="reference")
    assert values(document_of("technology", technology), "evidence") == set()
    declared = make_technology(evidence_level="third_party_test")
    assert values(document_of("technology", declared), "evidence") == {"third_party_test"}
