"""Narrowing and ordering a list."""

import pytest

from catalog.masking import Level
from matching.cards import make_cards, with_card_data
from matching.filters import MatchFilter
from matching.models import Feedback, Recommendation
from tests.matching.pairs import reason, recommend


@pytest.fixture
def narrow(taxonomy, make_demand, make_technology):
    """Return a function that names the technologies kept by a filter."""
    demand = make_demand()
    air = make_technology("一", systems=[taxonomy.compressed_air], payback_min_years=3, payback_max_years=4)
    heat = make_technology(
        "二",
        systems=[taxonomy.waste_heat],
        payback_min_years=1,
        payback_max_years=2,
        evidence_level="catalogue",
    )
    typical = make_technology("三", origin="reference")
    saving = {"basis": "typical_project", "price_basis": None, "saving_cny": None}
    recommend(demand, air, rank=1, reasons=[reason("saving", saving_tce=[10, 20], **saving)])
    recommend(demand, heat, rank=2, reasons=[reason("saving", saving_tce=[50, 60], **saving)])
    recommend(demand, typical, rank=3, has_conflict=True)

    def kept(refused=None, **chosen):
        words = [Feedback(technology_id=refused, verdict="refused")] if refused else []
        rows = with_card_data(Recommendation.objects.order_by("rank"))
        cards = make_cards(rows, demand=demand, level=Level.OWNER, words=words)
        return [card.technology.title for card in MatchFilter(chosen, cards=cards).kept()]

    kept.first = air.pk
    return kept


@pytest.mark.parametrize(
    ("chosen", "titles"),
    [
        ({}, "一二三"),
        ({"system": "waste_heat"}, "二"),
        ({"evidence": "catalogue"}, "二"),
        ({"evidence": "self_declared"}, "一二"),
        ({"payback": "2"}, "二"),
        ({"fitting": "on"}, "一二"),
        ({"order": "payback"}, "二一三"),
        ({"order": "saving"}, "二一三"),
        ({"order": "evidence"}, "二一三"),
        ({"system": "<b>", "order": "x", "payback": "-1"}, "一二三"),
    ],
)
def test_filter_keeps_and_orders(narrow, chosen, titles):
    assert "".join(narrow(**chosen)) == titles


def test_refused_come_last_or_not_at_all(narrow):
    assert narrow(refused=narrow.first) == ["二", "三", "一"]
    assert narrow(refused=narrow.first, unrefused="on") == ["二", "三"]
