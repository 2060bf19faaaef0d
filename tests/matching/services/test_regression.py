"""The regression suite: what an energy engineer expects of the reference library, with floors that must hold."""

import json
from io import StringIO

import pytest
from django.core.management import call_command

from catalog.enums import Quantity
from catalog.services.reference import read_csv, read_systems
from matching.engine.profiles import DemandProfile, Range
from matching.services.regression import (
    Case,
    read_cases,
    reference_profiles,
    run_regression,
    without_fields,
)

LEAST_CASES, LEAST_FORBIDDEN = 100, 40
LEAST_RECALL, LEAST_FIRST, MOST_VIOLATIONS = 0.99, 0.92, 0
LEAST_RECALL_OF_TEXTS, MOST_VIOLATIONS_OF_TEXTS = 0.97, 3


@pytest.fixture(scope="module")
def cases():
    return read_cases()


def test_suite_is_large_and_its_codes_exist(cases):
    slugs = {profile.id for profile in reference_profiles()}
    systems = {each["code"] for each in read_systems()}
    carriers = {each["code"] for each in read_csv("carriers.csv")}
    industries = {each["code"] for each in read_csv("industries.csv")}
    assert len(cases) >= LEAST_CASES
    assert sum(bool(case.forbidden) for case in cases) >= LEAST_FORBIDDEN
    assert len({case.demand.title for case in cases}) == len(cases)
    for case in cases:
        assert {*case.expected, *case.forbidden} <= slugs, case
        assert not {*case.expected} & {*case.forbidden}, case
        assert {*case.demand.systems} <= systems and {*case.demand.carriers} <= carriers, case
        assert {*case.demand.industries} <= industries and {*case.demand.quantities} <= {*Quantity.values}
        assert bool(case.why) == bool(case.forbidden), case


def test_expected_technologies_are_found_and_wrong_ones_are_not(cases):
    found = run_regression(cases)
    wrong = [
        (each.case.demand.title, each.missing, each.violations)
        for each in found.outcomes
        if each.missing or each.violations
    ]
    assert found.recall_at_5 >= LEAST_RECALL, wrong
    assert found.first_is_expected >= LEAST_FIRST, found.first_is_expected
    assert found.violations <= MOST_VIOLATIONS, wrong


def test_texts_alone_do_nearly_as_well(cases):
    found = run_regression([without_fields(case) for case in cases])
    assert found.recall_at_5 >= LEAST_RECALL_OF_TEXTS
    assert found.violations <= MOST_VIOLATIONS_OF_TEXTS


def test_reading_quantities_keeps_wrong_technologies_out(cases):
    unread = run_regression([without_fields(case, is_read=False) for case in cases])
    assert unread.violations > run_regression([without_fields(case) for case in cases]).violations


def test_missing_and_forbidden_technologies_are_named():
    demand = DemandProfile(
        1,
        "低温余热发电",
        systems=("waste_heat",),
        quantities={"heat_source_temperature_c": Range(150, 150)},
    )
    (outcome,) = run_regression(
        [Case(demand, ("orc-power", "led-smart-lighting"), ("orc-power",), "")]
    ).outcomes
    assert (outcome.missing, outcome.violations) == (("led-smart-lighting",), ("orc-power",))
    assert outcome.first[0] == "orc-power"


def test_command_prints_figures(cases):
    out = StringIO()
    call_command("evaluate_regression", stdout=out)
    assert out.getvalue().startswith(f"demands {len(cases)}, forbidden pairs ")
    out = StringIO()
    call_command("evaluate_regression", "--json", stdout=out)
    assert json.loads(out.getvalue())["all fields"]["recall_at_5"] >= LEAST_RECALL
