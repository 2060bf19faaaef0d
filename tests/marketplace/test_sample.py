"""The sample: openly invented, complete, and left alone once it is there."""

from collections import Counter
from dataclasses import asdict

import pytest
from django.contrib.auth import authenticate
from django.core.management import call_command

from accounts.models import Membership, Organisation, User
from accounts.roles import Duty, has_duty
from accounts.validators import validate_credit_code
from catalog.enums import ReviewState
from catalog.models import Demand, Technology
from catalog.models.demands import FIELD_VISIBILITY
from catalog.services.reference import load_reference
from catalog.services.requirements import missing_for_review
from marketplace.sample import Created, load_sample, read_sample, sample_credit_code, sample_logins

ORGANISATIONS = read_sample("organisations")
TECHNOLOGIES = read_sample("technologies")["technology"]
DEMANDS = read_sample("demands")["demand"]


@pytest.fixture
def sample(db):
    load_reference()
    return load_sample()


def by_title(rows):
    return {row["title"]: row for row in rows}


def test_every_name_says_that_it_is_a_sample():
    organisations = ORGANISATIONS["organisation"]
    members = [member for row in organisations for member in row["members"]]
    named = [*organisations, *members, *ORGANISATIONS["official"]]
    sites = [case["site"] for row in TECHNOLOGIES for case in row.get("cases", [])]
    titles = [row["title"] for row in (*TECHNOLOGIES, *DEMANDS)]
    assert [name for name in (*sites, *titles, *(row["name"] for row in named)) if name[:3] != "示例·"] == []
    assert [row["email"] for row in named if "email" in row and row["email"][-12:] != "@example.com"] == []
    assert [
        row["source_file"] for row in DEMANDS if "source_file" in row and "虚构" not in row["source_file"]
    ] == []


def test_credit_codes_are_valid_but_of_no_real_area():
    codes = [sample_credit_code(row["number"]) for row in ORGANISATIONS["organisation"]]
    assert len(set(codes)) == 16 and {code[2:8] for code in codes} == {"990000"}
    for code in codes:
        validate_credit_code(code)


def test_visibility_names_known_fields():
    assert {name for row in DEMANDS for name in row.get("visibility", {})} <= set(FIELD_VISIBILITY)


@pytest.mark.parametrize(
    "row", [row for row in TECHNOLOGIES if "annual_saving_min_tce" in row], ids=lambda row: row["title"]
)
def test_figures_of_a_sample_technology_agree(row):
    saving = float(row["annual_saving_min_tce"] + row["annual_saving_max_tce"]) / 2
    investment = float(row["investment_min_cny"] + row["investment_max_cny"]) / 2
    payback = float(row["payback_min_years"] + row["payback_max_years"]) / 2
    assert 900 <= investment / saving / payback <= 6500
    for case in row.get("cases", []):
        assert (
            900 <= case["investment_cny"] / case["annual_saving_tce"] / float(case["payback_years"]) <= 7000
        )


def test_sample_has_the_promised_cast_and_listings(sample):
    assert asdict(sample) == {"people": 35, "organisations": 16, "technologies": 15, "demands": 16}
    assert Organisation.objects.filter(is_supplier=True).count() == 6
    assert Organisation.objects.filter(is_enterprise=True).count() == 8
    assert Organisation.objects.filter(is_financial=True).count() == 2
    assert not Organisation.objects.filter(is_sample=False).exists()
    states = Counter(row.review_state for row in Technology.objects.filter(is_sample=True))
    assert states == {
        ReviewState.LIVE: 12,
        ReviewState.IN_REVIEW: 1,
        ReviewState.RETURNED: 1,
        ReviewState.DRAFT: 1,
    }
    states = Counter(row.review_state for row in Demand.objects.all())
    assert states == {
        ReviewState.LIVE: 13,
        ReviewState.IN_REVIEW: 1,
        ReviewState.RETURNED: 1,
        ReviewState.DRAFT: 1,
    }
    reasons = by_title([*TECHNOLOGIES, *DEMANDS])
    for listing in (*Technology.objects.filter(is_sample=True), *Demand.objects.all()):
        assert listing.return_reason == reasons[listing.title].get("reason", "")
        if isinstance(listing, Technology) and listing.review_state != ReviewState.DRAFT:
            assert missing_for_review(listing.get_latest_revision_as_object()) == []
    steam = Demand.objects.get(title__contains="精馏塔蒸汽单耗")
    assert (float(steam.annual_use_tce), float(steam.annual_cost_cny)) == (3343.6, 6_890_000)
    assert Membership.objects.filter(organisation=steam.organisation).responsible_for("finance").count() == 1
    for label, email, password in sample_logins():
        user = authenticate(email=email, password=password)
        assert user == User.objects.get(email=email), label
        assert [duty.label for duty in Duty if has_duty(user, duty)] in ([], [label])


def test_second_load_keeps_what_users_changed(sample, capsys):
    enterprise = Organisation.objects.get(credit_code=sample_credit_code(201))
    Organisation.objects.filter(pk=enterprise.pk).update(name="示例·改名", introduction="")
    Demand.objects.filter(organisation=enterprise).first().delete()
    Technology.objects.filter(is_sample=True).update(summary="改过")
    User.objects.get(email="enterprise@example.com").groups.clear()
    assert load_sample() == Created()
    call_command("load_sample")
    assert "没有变化" in capsys.readouterr().out
    enterprise.refresh_from_db()
    assert (enterprise.name, Demand.objects.count()) == ("示例·改名", 15)
    assert set(Technology.objects.filter(is_sample=True).values_list("summary", flat=True)) == {"改过"}
