"""What reviewers and owners are told, and that Wagtail's own mails stay away."""

import pytest
from wagtail.admin.mail import EmailNotificationMixin
from wagtail.signals import task_submitted, workflow_approved, workflow_rejected, workflow_submitted

from accounts.enums import MemberRole
from catalog.models import Demand, Technology
from catalog.services.publishing import save_draft, submit_for_review
from notices.models import Notice
from tests.conftest import make_member


@pytest.fixture
def submitted(cast):
    draft = save_draft(
        Technology(title="空压机余热回收", organisation=cast.supplier_firm), user=cast.supplier
    )
    return submit_for_review(draft, user=cast.supplier)


def decide(listing, user, action, comment=""):
    state = listing.current_workflow_state.current_task_state
    state.task.specific.on_action(state, user, action, comment=comment)


def told(user):
    return list(Notice.objects.filter(recipient=user, topic="review").values_list("title", "body"))


def test_reviewer_is_told_once_a_day_for_each_organisation(cast, submitted):
    another = save_draft(Technology(title="第二项", organisation=cast.supplier_firm), user=cast.supplier)
    submit_for_review(another, user=cast.supplier)
    [(title, body)] = told(cast.reviewer)
    assert title == "技术待审：空压机余热回收" and "示例供方一" in body
    assert Notice.objects.get(recipient=cast.reviewer).link.startswith("/admin/")
    demand = save_draft(
        Demand(title="空压站余热没有利用", organisation=cast.enterprise_firm), user=cast.enterprise
    )
    submit_for_review(demand, user=cast.enterprise)
    assert len(told(cast.reviewer)) == 2
    assert told(cast.librarian) == told(cast.supplier) == []


def test_return_reaches_who_sent_it_and_who_answers_for_energy(cast, submitted):
    colleague = make_member("colleague", cast.supplier_firm, role=MemberRole.MEMBER)
    accountant = make_member(
        "accountant", cast.supplier_firm, role=MemberRole.MEMBER, handles_energy=False, handles_finance=True
    )
    decide(submitted, cast.reviewer, "reject", "请补充案例")
    expected = [("技术被退回，请修改后重新提交：空压机余热回收", "请补充案例")]
    assert told(cast.supplier) == told(colleague) == expected
    assert told(accountant) == told(cast.second_supplier) == []
    assert Notice.objects.filter(recipient=colleague).get().link.endswith(f"/technologies/{submitted.pk}/")


def test_each_return_and_the_approval_are_told(cast, submitted):
    decide(submitted, cast.reviewer, "reject", "第一次")
    submit_for_review(submitted, user=cast.supplier)
    submitted = Technology.objects.get(pk=submitted.pk)
    decide(submitted, cast.reviewer, "reject", "第二次")
    submit_for_review(submitted, user=cast.supplier)
    submitted = Technology.objects.get(pk=submitted.pk)
    decide(submitted, cast.reviewer, "approve")
    bodies = {body for _title, body in told(cast.supplier)}
    assert bodies == {"第一次", "第二次", ""}
    assert ("技术已通过审核并发布：空压机余热回收", "") in told(cast.supplier)


def test_person_who_left_is_not_told(cast, submitted):
    leaver = cast.supplier
    make_member("successor", cast.supplier_firm)
    leaver.memberships.update(state="removed")
    decide(submitted, cast.reviewer, "reject", "请补充")
    assert told(leaver) == []


@pytest.mark.parametrize("event", [task_submitted, workflow_submitted, workflow_rejected, workflow_approved])
def test_wagtail_sends_no_mail_of_its_own(event):
    connected = {reference() for _key, reference, *_rest in event.receivers}
    assert [item for item in connected if isinstance(item, EmailNotificationMixin)] == []
