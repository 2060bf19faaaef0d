"""What is new on a list."""

from catalog.signals import MatchCount
from matching.models import Feedback
from matching.services.looks import look_at, match_counts
from tests.matching.pairs import recommend


def test_new_is_what_came_after_the_last_look(cast, make_demand, make_technology):
    demand = make_demand(organisation=cast.enterprise_firm)
    first = recommend(demand, make_technology("一"))
    assert match_counts(cast.enterprise, [demand.pk]) == {demand.pk: MatchCount(1, 1, 0)}
    assert look_at(demand, [first], user=cast.enterprise) == first.pk
    assert match_counts(cast.enterprise, [demand.pk]) == {demand.pk: MatchCount(1, 0, 0)}
    second = recommend(demand, make_technology("二"), rank=2)
    assert match_counts(cast.enterprise, [demand.pk]) == {demand.pk: MatchCount(2, 1, 0)}
    assert look_at(demand, [first, second], user=cast.enterprise) == first.pk
    assert match_counts(cast.enterprise, [demand.pk]) == {demand.pk: MatchCount(2, 0, 0)}
    assert match_counts(cast.reviewer, [demand.pk]) == {demand.pk: MatchCount(2, 2, 0)}


def test_counts_leave_out_what_is_no_longer_public(cast, make_demand, make_technology):
    demand = make_demand(organisation=cast.enterprise_firm)
    gone = make_technology("一", live=False)
    recommend(demand, gone)
    Feedback.objects.create(demand=demand, technology=gone, verdict="interested")
    assert match_counts(cast.enterprise, [demand.pk]) == {demand.pk: MatchCount(0, 0, 1)}
    assert match_counts(cast.enterprise, []) == {}
