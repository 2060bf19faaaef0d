"""Recommendations as page elements."""

import pytest

from accounts.models import Industry
from catalog.masking import Level
from catalog.models import TechnologyCase
from matching.cards import make_cards, with_card_data
from matching.models import Recommendation
from tests.matching.pairs import part, reason, recommend

SAVING = {
    "basis": "own_use",
    "price_basis": "own_cost",
    "saving_tce": [100, 200],
    "saving_cny": [200_000, 400_000],
    "annual_use_tce": 1000,
    "saving_rate": [0.1, 0.2],
}


@pytest.fixture
def card_of(db, make_demand, make_technology):
    """Return a function that makes the card of one recommendation."""

    def make(*, level=Level.OWNER, visibility=None, technology=None, seen=None, **fields):
        demand = make_demand(visibility=visibility or {})
        recommend(demand, technology or make_technology(), **fields)
        rows = with_card_data(Recommendation.objects.filter(demand=demand))
        (card,) = make_cards(rows, demand=demand, level=level, seen=seen)
        return card

    return make


def test_saving_is_shown_with_its_basis(card_of):
    saving = card_of(reasons=[reason("saving", **SAVING)]).saving
    assert (saving.tce, saving.cny, saving.is_own, saving.is_own_price) == (
        "100–200 tce",
        "20–40 万元",
        True,
        True,
    )
    typical = {**SAVING, "basis": "typical_project", "price_basis": None, "saving_cny": None}
    saving = card_of(reasons=[reason("saving", **typical)]).saving
    assert (saving.cny, saving.is_own, saving.is_own_price) == ("", False, False)
    assert card_of(reasons=[reason("saving", "unknown", missing="demand")]).saving is None


def test_figures_of_hidden_fields_are_left_out(card_of):
    reasons = [
        reason("saving", uses=["annual_use_tce"], **SAVING),
        reason("payback", uses=["max_payback_years"], limit=3, minimum=1, maximum=2),
    ]
    hidden = {"annual_use_tce": "officials", "max_payback_years": "officials"}
    card = card_of(reasons=reasons, level=Level.MATCHED, visibility=hidden)
    assert (card.saving, card.payback_note) == (None, "")


@pytest.mark.parametrize(
    ("found", "tone", "note"),
    [
        (reason("payback", limit=3, minimum=1, maximum=2), "good", "不超过可接受的 3 年"),
        (reason("payback_partly", limit=3, minimum=2, maximum=4), "warn", "上限超过可接受的 3 年"),
        (reason("payback", "conflict", limit=3, minimum=4, maximum=5), "bad", "超过可接受的 3 年"),
        (reason("payback", "unknown", minimum=4, maximum=5), "", ""),
        (reason("payback", "unknown", limit=3), "", ""),
    ],
)
def test_payback_is_held_against_the_limit(card_of, found, tone, note):
    card = card_of(reasons=[found])
    assert (card.payback_tone, card.payback_note) == (tone, note)


def test_cases_of_the_own_industry_are_named(card_of, make_technology):
    industry, _ = Industry.objects.get_or_create(code="C26", defaults={"name": "化学", "level": 1})
    technology = make_technology()
    technology.cases = [TechnologyCase(site="近", industry=industry), TechnologyCase(site="远")]
    technology.save()
    found = [reason("cases", count=1, industries=["C26"])]
    card = card_of(technology=technology, reasons=found)
    assert [case.site for case in card.cases] == ["近"]


def test_bar_gathers_parts_and_stays_as_long_as_the_score(card_of):
    parts = [part("title", 0.3), part("body", 0.1), part("system", 0.2), part("industry", 0.0, None)]
    segments = card_of(parts=parts, score=0.6).segments
    assert [(item.name, item.start, item.points) for item in segments] == [
        ("text", "0.00", 40),
        ("field", "40.00", 20),
    ]
    parts.append(part("hard_conflict", -0.48))
    assert sum(item.points for item in card_of(parts=parts, score=0.12).segments) == 12
    assert card_of(parts=[], score=0.12).segments == []


def test_new_is_what_lies_above_the_last_look(card_of):
    assert card_of(seen=0).is_new
    assert not card_of(seen=10**9).is_new
    assert not card_of().is_new


def test_evidence_of_reference_entries_counts_least(card_of, make_technology):
    assert card_of(technology=make_technology(origin="reference")).evidence_rank == -1
    assert card_of(technology=make_technology(evidence_level="measured_here")).evidence_rank == 4
