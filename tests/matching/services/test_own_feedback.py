"""An enterprise's words change the order of its own lists at once, in the same way as the background would."""

import pytest

from accounts.enums import Verification
from accounts.models import Organisation
from catalog.masking import Level
from catalog.models import DemandQuantity, Technology, TechnologyCondition
from matching.breakdown import score_parts
from matching.enums import RefusalReason, Side, Verdict
from matching.models import Feedback, Recommendation
from matching.models.recommendations import MATCHED_SCORE
from matching.services.feedback import give_feedback, take_back
from matching.services.recommending import LOWEST_SCORE, match_all, update_demands
from matching.wording import reason_lines
from tests.conftest import credit_code

TITLES = ["空压机余热回收", "空压机油路余热回收装置", "空压站余热制热水系统", "空压机余热利用热泵"]
AT = [100_000, 300_000, 600_000, 50_000]


@pytest.fixture
def lists(cast, taxonomy, make_demand, make_technology):
    """Two needs of one enterprise and one of another, with the same four technologies on each list."""
    other = Organisation.objects.create(
        name="另一用能单位",
        credit_code=credit_code(9),
        is_enterprise=True,
        verification=Verification.VERIFIED,
    )
    system = [taxonomy.compressed_air]
    technologies = [
        make_technology(
            title, systems=system, organisation=cast.supplier_firm, investment_min_cny=cost, investment_max_cny=cost
        )
        for title, cost in zip(TITLES, AT, strict=True)
    ]  # fmt: skip
    demands = [
        make_demand(title, systems=system, organisation=firm)
        for title, firm in (
            ("空压机余热回收利用", cast.enterprise_firm),
            ("空压站余热制热水", cast.enterprise_firm),
            ("空压机余热没有利用", other),
        )
    ]
    match_all()
    return demands, technologies


def stored(demand):
    fields = ("technology_id", "rank", "score", "base_score", "is_set_aside", "parts", "reasons")
    return list(Recommendation.objects.filter(demand=demand).order_by("rank").values_list(*fields))


def order(demand):
    return list(demand.recommendations.order_by("rank").values_list("technology__title", flat=True))


def say(cast, demand, technology, verdict=Verdict.REFUSED, reason="", **words):
    return give_feedback(
        demand, technology, side=Side.ENTERPRISE, user=cast.enterprise, verdict=verdict,
        reason_code=reason, **words,
    )  # fmt: skip


def test_refusal_for_its_cost_sinks_dearer_ones_on_all_lists_of_the_enterprise_only(cast, lists):
    (first, second, foreign), technologies = lists
    before = stored(foreign)
    say(cast, first, technologies[1], reason=RefusalReason.COST)
    for demand in (first, second):
        assert set(order(demand)[:2]) == {TITLES[0], TITLES[3]}
        assert set(order(demand)[2:]) == {TITLES[1], TITLES[2]}
    assert stored(foreign) == before
    row = second.recommendations.get(technology=technologies[2])
    row.demand = second
    sentences = reason_lines(row, Level.OWNER).conflicts
    assert "您曾因投资太高谢绝“空压机油路余热回收装置”（30 万元），该技术投资相当或更高" in sentences


def test_parts_still_add_up_and_name_the_feedback(cast, lists):
    (first, second, _foreign), technologies = lists
    say(cast, first, technologies[0], Verdict.INTERESTED)
    say(cast, second, technologies[2], reason=RefusalReason.TRIED)
    for row in Recommendation.objects.filter(demand__in=[first, second]).select_related("demand"):
        parts = score_parts(row, Level.OWNER)
        assert sum(part.contribution for part in parts) == pytest.approx(row.score)
        assert parts[-1].name == "feedback" and parts[-1].label == "贵单位的反馈"


@pytest.mark.parametrize("reason", RefusalReason.of(Side.ENTERPRISE))
def test_undo_restores_everything(cast, lists, reason):
    (first, second, _foreign), technologies = lists
    before = stored(first), stored(second)
    say(cast, first, technologies[0], reason=reason)
    assert first.recommendations.get(technology=technologies[0]).is_set_aside and stored(first) != before[0]
    take_back(first, technologies[0], side=Side.ENTERPRISE)
    assert (stored(first), stored(second)) == before


@pytest.mark.parametrize("reason", RefusalReason.of(Side.ENTERPRISE))
def test_background_gives_the_same_lists_and_saying_it_again_changes_nothing(cast, lists, reason):
    (first, second, _foreign), technologies = lists
    say(cast, first, technologies[0], reason=reason)
    say(cast, second, technologies[3], Verdict.INTERESTED)
    after = stored(first), stored(second)
    say(cast, first, technologies[0], reason=reason)
    assert (stored(first), stored(second)) == after
    update_demands([first.pk, second.pk])
    assert (stored(first), stored(second)) == after
    match_all()
    assert (stored(first), stored(second)) == after


def test_technology_in_use_takes_its_kind_off_every_list(cast, lists):
    (first, second, _foreign), technologies = lists
    say(cast, first, technologies[0], reason=RefusalReason.IN_USE)
    row = second.recommendations.get(technology=technologies[1])
    assert row.is_set_aside and row.score < LOWEST_SCORE / 2
    row.demand = second
    assert "您已在用同类技术“空压机余热回收”" in reason_lines(row, Level.OWNER).conflicts


def test_interest_lifts_similar_ones_elsewhere(cast, lists):
    (first, second, _foreign), technologies = lists
    was = second.recommendations.get(technology=technologies[1])
    say(cast, first, technologies[0], Verdict.INTERESTED)
    now = second.recommendations.get(technology=technologies[1])
    assert now.score > was.score and now.rank <= was.rank and now.base_score == was.base_score


def test_unmet_condition_sinks_technologies_that_share_it(cast, lists):
    (first, second, _foreign), technologies = lists
    for technology, needed in ((technologies[0], 80), (technologies[1], 70), (technologies[2], 40)):
        TechnologyCondition.objects.create(
            technology=technology, quantity="heat_source_temperature_c", minimum=needed
        )
    DemandQuantity.objects.create(demand=first, quantity="heat_source_temperature_c", minimum=60, maximum=60)
    match_all()
    say(cast, first, technologies[0], reason=RefusalReason.CONDITIONS)
    assert order(first)[-2:] == [TITLES[1], TITLES[0]]
    changed = [row for row in second.recommendations.all() if row.score != row.base_score]
    assert changed == []


def test_words_on_a_demand_of_nobody_stay_with_it(cast, taxonomy, lists, make_demand):
    technologies = lists[1]
    demands = [make_demand("空压机余热", systems=[taxonomy.compressed_air]) for _ in range(2)]
    update_demands([demand.pk for demand in demands])
    say(cast, demands[0], technologies[0], reason=RefusalReason.IN_USE)
    assert demands[0].recommendations.filter(is_set_aside=True).exists()
    assert not demands[1].recommendations.filter(is_set_aside=True).exists()


def test_word_on_a_technology_that_left_the_library_still_counts(cast, lists):
    (first, second, _foreign), technologies = lists
    say(cast, first, technologies[0], reason=RefusalReason.IN_USE)
    Technology.objects.filter(pk=technologies[0].pk).update(live=False)
    match_all()
    assert second.recommendations.get(technology=technologies[1]).is_set_aside
    assert not second.recommendations.filter(technology=technologies[0]).exists()


def test_later_and_words_of_the_supplier_change_no_order(cast, lists):
    (first, _second, _foreign), technologies = lists
    before = stored(first)
    say(cast, first, technologies[0], Verdict.LATER)
    give_feedback(
        first, technologies[1], side=Side.SUPPLIER, user=cast.supplier, verdict=Verdict.REFUSED,
        reason_code=RefusalReason.CONDITIONS,
    )  # fmt: skip
    assert stored(first) == before


def test_feedback_keeps_what_was_seen(cast, lists):
    (first, _second, _foreign), technologies = lists
    say(cast, first, technologies[2], reason=RefusalReason.TRIED)
    seen = first.recommendations.get(technology=technologies[0])
    word = say(cast, first, technologies[0], Verdict.INTERESTED)
    assert (word.score, word.rank, word.engine_version) == (seen.base_score, seen.rank, seen.engine_version)
    assert sum(part["contribution"] for part in word.parts) == pytest.approx(seen.base_score)
    Recommendation.objects.filter(pk=seen.pk).update(rank=9)
    word = say(cast, first, technologies[0], Verdict.INTRODUCED)
    assert word.rank == seen.rank


def test_supplier_does_not_read_the_words_on_others(cast, lists):
    (first, second, _foreign), technologies = lists
    say(cast, first, technologies[0], reason=RefusalReason.IN_USE)
    row = second.recommendations.select_related("demand").get(technology=technologies[1])
    for level in (Level.MATCHED, Level.PUBLIC):
        lines = reason_lines(row, level)
        assert not any("您" in line for line in [*lines.fits, *lines.conflicts, *lines.unknown])
        assert "feedback" not in {part.name for part in score_parts(row, level)}
    assert row.base_score >= MATCHED_SCORE > row.score
    assert Recommendation.objects.for_suppliers().filter(pk=row.pk).exists()


def test_cost_is_one_query_more_for_lists_without_words(cast, lists, count_queries):
    (first, second, _foreign), technologies = lists
    Feedback.objects.all().delete()
    one = count_queries(lambda: update_demands([first.pk]))
    two = count_queries(lambda: update_demands([first.pk, second.pk]))
    assert one == two
