"""Decisions of reviewers and who hears of them."""

from datetime import timedelta

import pytest
from django.core.exceptions import PermissionDenied
from django.utils import timezone
from wagtail.models import TaskState

from catalog.enums import ReviewState
from catalog.errors import ListingError
from catalog.models import Technology
from catalog.services.publishing import publish_directly, save_draft, withdraw_from_review
from catalog.services.review import APPROVE, RETURN, decide, decide_many, load_submissions, pending_for
from tests.catalog.listings import submitted_demand, submitted_technology, waiting


def test_pending_lists_both_libraries_oldest_first(cast):
    technology, demand = submitted_technology(cast), submitted_demand(cast)
    found = load_submissions(pending_for(cast.reviewer))
    assert [(item.kind, item.listing.pk) for item in found] == [
        ("technology", technology.pk),
        ("demand", demand.pk),
    ]
    assert list(pending_for(cast.librarian)) == []


def test_pending_filters_by_kind_word_and_age(cast):
    technology, demand = submitted_technology(cast), submitted_demand(cast)
    old = waiting(demand)
    TaskState.objects.filter(pk=old.pk).update(started_at=timezone.now() - timedelta(days=9))
    assert [s.pk for s in pending_for(cast.reviewer, kind="technology")] == [waiting(technology).pk]
    assert [s.pk for s in pending_for(cast.reviewer, older_than_days=7)] == [old.pk]
    assert [s.pk for s in pending_for(cast.reviewer, word="示例供方")] == [waiting(technology).pk]
    assert [s.pk for s in pending_for(cast.reviewer, word="没有利用")] == [old.pk]
    assert list(pending_for(cast.reviewer, word="不存在")) == []


def test_submissions_are_loaded_in_the_same_queries_for_one_and_three(cast, django_assert_num_queries):
    submitted_technology(cast, "甲")
    list(load_submissions(pending_for(cast.reviewer)))
    with django_assert_num_queries(5):
        load_submissions(list(pending_for(cast.reviewer, kind="technology"))[:1])
    submitted_technology(cast, "乙")
    submitted_technology(cast, "丙")
    with django_assert_num_queries(5):
        assert len(load_submissions(pending_for(cast.reviewer, kind="technology"))) == 3


def test_return_needs_a_reason(cast):
    technology = submitted_technology(cast)
    with pytest.raises(ListingError, match="必须写明原因"):
        decide(waiting(technology), user=cast.reviewer, action=RETURN, comment="  ")


def test_only_reviewers_decide(cast):
    technology = submitted_technology(cast)
    with pytest.raises(PermissionDenied):
        decide(waiting(technology), user=cast.librarian, action=APPROVE)


def test_decision_is_made_once(cast):
    state = waiting(submitted_technology(cast))
    decide(state, user=cast.reviewer, action=APPROVE)
    with pytest.raises(ListingError, match="已由他人处理"):
        decide(state, user=cast.reviewer, action=APPROVE)


def test_failures_of_some_do_not_stop_the_others(cast):
    first, second, third = (submitted_technology(cast, title) for title in "甲乙丙")
    states = [waiting(listing) for listing in (first, second, third)]
    withdraw_from_review(second, user=cast.supplier)
    done, failures = decide_many(states, user=cast.reviewer, action=APPROVE)
    assert done == 2
    assert [(state.pk, sentence) for state, sentence in failures] == [
        (states[1].pk, "该条目已由他人处理或已被撤回。")
    ]
    assert set(Technology.objects.public().values_list("title", flat=True)) == {"甲", "丙"}


def test_change_of_a_live_listing_is_marked(cast):
    live = publish_directly(Technology(title="甲", organisation=cast.supplier_firm), user=cast.librarian)
    edited = live.get_latest_revision_as_object()
    edited.title = "乙"
    save_draft(edited, user=cast.supplier)
    live = Technology.objects.get(pk=live.pk)
    live.get_latest_revision()
    from_row = submitted_technology(cast, "丙")
    assert from_row.review_state == ReviewState.IN_REVIEW
    assert [item.is_change for item in load_submissions(pending_for(cast.reviewer))] == [False]
