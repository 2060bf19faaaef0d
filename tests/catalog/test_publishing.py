"""Drafts, review and publication."""

import pytest
from wagtail.models import TaskState

from catalog.enums import ReviewState
from catalog.errors import ListingError
from catalog.models import Technology, TechnologyCase
from catalog.models.listings import load_review_states
from catalog.services.publishing import publish_directly, save_draft, submit_for_review, withdraw_from_review


def draft(cast, **fields):
    return save_draft(
        Technology(title="空压机余热回收", organisation=cast.supplier_firm, **fields), user=cast.supplier
    )


def decide(technology, user, *, action, comment=""):
    state = technology.current_workflow_state.current_task_state
    state.task.specific.on_action(state, user, action, comment=comment)
    technology.refresh_from_db()


def test_draft_is_not_public(cast):
    technology = draft(cast)
    assert technology.review_state == ReviewState.DRAFT
    assert list(Technology.objects.public()) == []


def test_draft_keeps_children_and_choices(cast, taxonomy):
    technology = Technology(title="甲", organisation=cast.supplier_firm)
    technology.systems.set([taxonomy.compressed_air])
    technology.cases = [TechnologyCase(site="示例工厂")]
    technology = save_draft(technology, user=cast.supplier)
    stored = Technology.objects.get(pk=technology.pk)
    assert [case.site for case in stored.cases.all()] == ["示例工厂"]
    assert list(stored.systems.all()) == [taxonomy.compressed_air]


def test_review_publishes_for_a_reviewer_without_the_publish_permission(cast):
    technology = submit_for_review(draft(cast), user=cast.supplier)
    assert technology.review_state == ReviewState.IN_REVIEW
    decide(technology, cast.reviewer, action="approve")
    assert technology.live and technology.review_state == ReviewState.LIVE


def test_returned_listing_shows_the_reason_and_can_be_sent_again(cast):
    technology = submit_for_review(draft(cast), user=cast.supplier)
    decide(technology, cast.reviewer, action="reject", comment="请补充案例")
    assert (technology.review_state, technology.return_reason) == (ReviewState.RETURNED, "请补充案例")
    technology.summary = "已补充"
    technology = submit_for_review(save_draft(technology, user=cast.supplier), user=cast.supplier)
    technology.refresh_from_db()
    assert technology.review_state == ReviewState.IN_REVIEW
    decide(technology, cast.reviewer, action="approve")
    assert Technology.objects.public().get().summary == "已补充"


def test_edit_of_a_live_listing_leaves_the_public_view_alone(cast):
    technology = publish_directly(draft(cast, summary="旧"), user=cast.librarian)
    edited = technology.get_latest_revision_as_object()
    edited.summary = "新"
    edited = submit_for_review(save_draft(edited, user=cast.supplier), user=cast.supplier)
    assert Technology.objects.public().get().summary == "旧"
    technology.refresh_from_db()
    decide(technology, cast.reviewer, action="approve")
    assert Technology.objects.public().get().summary == "新"


def test_second_submission_is_refused(cast):
    technology = submit_for_review(draft(cast), user=cast.supplier)
    with pytest.raises(ListingError, match="正在审核中"):
        submit_for_review(technology, user=cast.supplier)
    assert TaskState.objects.count() == 1


def test_withdrawn_listing_is_a_draft_again(cast):
    technology = withdraw_from_review(submit_for_review(draft(cast), user=cast.supplier), user=cast.supplier)
    technology.refresh_from_db()
    assert technology.review_state == ReviewState.DRAFT


def test_review_states_of_many_cost_no_query_each(cast, django_assert_max_num_queries):
    submit_for_review(draft(cast), user=cast.supplier)
    draft(cast)
    returned = submit_for_review(draft(cast), user=cast.supplier)
    decide(returned, cast.reviewer, action="reject", comment="请补充")
    with django_assert_max_num_queries(3):
        states = [
            (item.review_state, item.return_reason)
            for item in load_review_states(Technology.objects.order_by("pk"))
        ]
    assert states == [
        (ReviewState.IN_REVIEW, ""),
        (ReviewState.DRAFT, ""),
        (ReviewState.RETURNED, "请补充"),
    ]
    assert load_review_states(Technology.objects.none()) == []


def test_children_keep_their_keys_from_draft_to_live_to_edit(cast):
    technology = Technology(title="甲", organisation=cast.supplier_firm)
    technology.cases = [TechnologyCase(site="示例工厂")]
    technology = save_draft(technology, user=cast.supplier)
    key = TechnologyCase.objects.get().pk
    publish_directly(
        Technology.objects.get(pk=technology.pk).get_latest_revision_as_object(), user=cast.librarian
    )
    edited = Technology.objects.get(pk=technology.pk).get_latest_revision_as_object()
    edited.title = "乙"
    save_draft(edited, user=cast.supplier)
    edited = Technology.objects.get(pk=technology.pk).get_latest_revision_as_object()
    publish_directly(edited, user=cast.librarian)
    assert (Technology.objects.get().title, TechnologyCase.objects.get().pk) == ("乙", key)


def test_wagtail_sends_no_mail_of_its_own(cast, mailoutbox):
    technology = submit_for_review(draft(cast), user=cast.supplier)
    decide(technology, cast.reviewer, action="approve")
    assert mailoutbox == []
