"""Sending, withdrawing, closing and deleting demands."""

import pytest

from catalog.enums import DemandOutcome, ReviewState
from catalog.errors import ListingError
from catalog.models import Demand
from catalog.services.demands import close_demand, delete_draft, save_demand, withdraw_demand
from catalog.services.publishing import publish_directly


@pytest.fixture
def write(cast):
    """Return a function that saves a new demand of the enterprise."""

    def make(is_sent=True, **fields):
        demand = Demand(title="空压站余热没有利用", organisation=cast.enterprise_firm, **fields)
        return save_demand(demand, user=cast.enterprise, is_sent=is_sent)

    return make


@pytest.fixture
def published(cast, write):
    return publish_directly(write(is_sent=False), user=cast.librarian)


def stored(demand):
    return Demand.objects.get(pk=demand.pk)


def test_sent_demand_is_under_review(write):
    assert stored(write()).review_state == ReviewState.IN_REVIEW


def test_draft_is_not_sent(write):
    assert stored(write(is_sent=False)).review_state == ReviewState.DRAFT


def test_edit_takes_a_demand_back_from_the_reviewers_and_sends_the_new_text(cast, write):
    demand = stored(write())
    demand.title = "新名称"
    save_demand(demand, user=cast.enterprise, is_sent=True)
    state = stored(demand).current_workflow_state.current_task_state
    assert state.revision.as_object().title == "新名称"
    demand = stored(demand)
    save_demand(demand, user=cast.enterprise, is_sent=False)
    assert stored(demand).review_state == ReviewState.DRAFT


def test_returned_demand_can_be_sent_again(cast, write):
    demand = write()
    state = demand.current_workflow_state.current_task_state
    state.task.specific.on_action(state, cast.reviewer, "reject", comment="请补充")
    save_demand(stored(demand), user=cast.enterprise, is_sent=True)
    assert stored(demand).review_state == ReviewState.IN_REVIEW


def test_withdrawal_ends_review_or_publication(cast, write, published):
    demand = withdraw_demand(stored(write()), user=cast.enterprise)
    assert stored(demand).review_state == ReviewState.DRAFT
    withdraw_demand(stored(published), user=cast.enterprise)
    assert stored(published).review_state == ReviewState.WITHDRAWN
    with pytest.raises(ListingError, match="无需撤回"):
        withdraw_demand(stored(published), user=cast.enterprise)


def test_closed_demand_leaves_the_public_view_and_keeps_its_outcome(cast, published):
    close_demand(stored(published), user=cast.enterprise, outcome="solved_here", note="已签约")
    demand = stored(published)
    assert not demand.live and demand.is_closed
    assert (demand.outcome, demand.outcome_note) == (DemandOutcome.SOLVED_HERE, "已签约")
    with pytest.raises(ListingError, match="已经关闭"):
        close_demand(demand, user=cast.enterprise, outcome="dropped")


def test_draft_of_a_closed_demand_stays_closed_until_it_is_sent(cast, published):
    close_demand(stored(published), user=cast.enterprise, outcome="postponed")
    edited = stored(published).get_latest_revision_as_object()
    edited.title = "重启"
    save_demand(edited, user=cast.enterprise, is_sent=False)
    assert stored(published).is_closed
    save_demand(stored(published).get_latest_revision_as_object(), user=cast.enterprise, is_sent=True)
    demand = stored(published)
    assert not demand.is_closed and demand.title == "重启" and demand.review_state == ReviewState.IN_REVIEW


def test_only_what_was_never_public_can_be_deleted(cast, write, published):
    delete_draft(stored(write()), user=cast.enterprise)
    with pytest.raises(ListingError, match="不能删除"):
        delete_draft(stored(published), user=cast.enterprise)
    assert list(Demand.objects.all()) == [published]
