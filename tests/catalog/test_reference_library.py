"""The reference library read as an energy engineer would: complete, physically possible, figures that agree."""

from decimal import Decimal

import pytest

from catalog.enums import CooperationMode, Quantity
from catalog.services.reference import read_csv, read_systems, read_technologies

ENTRIES = list(read_technologies())
# A measure that a plant would call energy saving never treats a system for which these hold.
HIGHEST_SAVING_RATE = Decimal("0.95")
HIGHEST_SHARE_IN_5_YEARS = 0.90
# What one tce costs, from cheap steam less the running cost of heat pumps up to water and basic charges.
ENERGY_VALUE_CNY_PER_TCE = (900, 20_000)

each = pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: entry["key"])


def middle(entry, name, unit):
    return float(entry[f"{name}_min_{unit}"] + entry[f"{name}_max_{unit}"]) / 2


def test_library_covers_every_system_at_least_three_times():
    counts = {row["code"]: 0 for row in read_systems()}
    for entry in ENTRIES:
        counts[entry["systems"][0]] += 1
    assert len(ENTRIES) >= 84
    assert [code for code, count in counts.items() if count < 3] == []


def test_titles_and_keys_are_unique():
    for name in ("title", "key", "summary"):
        assert len({entry[name] for entry in ENTRIES}) == len(ENTRIES)


@each
def test_texts_are_complete(entry):
    shortest = {
        "title": 4,
        "summary": 20,
        "principle": 90,
        "process": 20,
        "scope": 25,
        "not_suitable": 25,
        "conditions_note": 8,
        "indicators": 10,
        "saving_basis": 60,
        "investment_unit": 2,
    }
    assert {name: entry[name] for name, length in shortest.items() if len(entry[name]) < length} == {}
    assert 3 <= entry["principle"].count("。") <= 6
    assert len(entry["summary"]) <= 300 and len(entry["investment_unit"]) <= 30


@each
def test_codes_exist(entry):
    industries = {row["code"] for row in read_csv("industries.csv")}
    assert set(entry["industries"]) <= industries
    assert bool(entry["industries"]) != entry["applies_to_all_industries"]
    assert set(entry["systems"]) <= {row["code"] for row in read_systems()}
    assert set(entry["carriers"]) <= {row["code"] for row in read_csv("carriers.csv")} and entry["carriers"]
    assert set(entry["cooperation_modes"]) <= set(CooperationMode.values) and entry["cooperation_modes"]


@each
def test_conditions_have_an_end_and_known_quantities(entry):
    for condition in entry.get("conditions", []):
        assert condition["quantity"] in Quantity.values
        low, high = condition.get("minimum"), condition.get("maximum")
        assert low is not None or high is not None
        assert low is None or high is None or low <= high
        assert len(condition.get("note", "")) <= 200


@each
def test_ranges_run_upwards(entry):
    pairs = [name for name in entry if "_min_" in name or name.endswith("_min")]
    assert [name for name in pairs if entry[name] > entry[name.replace("_min", "_max")]] == []
    assert 0 < entry["penetration_now"] <= entry["penetration_in_5_years"] <= HIGHEST_SHARE_IN_5_YEARS
    assert 7 <= entry["trl"] <= 9


@each
def test_saving_is_possible_and_equals_use_times_rate(entry):
    if "saving_rate_min" not in entry:
        assert "不计节能量" in entry["saving_basis"]
        return
    assert 0 < entry["saving_rate_min"] <= entry["saving_rate_max"] <= HIGHEST_SAVING_RATE
    for end in ("min", "max"):
        saving = float(entry[f"annual_saving_{end}_tce"])
        assert saving == pytest.approx(
            entry["typical_use_tce"] * float(entry[f"saving_rate_{end}"]), rel=0.08, abs=1
        )


@each
def test_payback_agrees_with_investment_and_saving(entry):
    if "saving_rate_min" not in entry:
        return
    low, high = ENERGY_VALUE_CNY_PER_TCE
    assert low <= entry["value_cny_per_tce"] <= high
    yearly = middle(entry, "annual_saving", "tce") * entry["value_cny_per_tce"]
    payback = middle(entry, "investment", "cny") / yearly
    assert entry["payback_min_years"] <= payback <= entry["payback_max_years"]
    assert middle(entry, "payback", "years") == pytest.approx(payback, rel=0.25, abs=0.1)
    assert payback <= 10


@each
def test_co2_stays_between_no_gain_and_grid_electricity(entry):
    if "co2_reduction_t" in entry:
        factor = float(entry["co2_reduction_t"]) / middle(entry, "annual_saving", "tce")
        assert 0.5 <= factor <= 3.6
