"""Members, their responsibilities and invitations."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import MemberRole, MemberState, Responsibility
from accounts.models import Invitation, Membership
from accounts.services import members_responsible_for
from notices.models import Mail, Notice
from tests.conftest import make_member, make_user

MEMBERS = "/workspace/organisation/members/"
INVITE = "/workspace/organisation/invite/"


@pytest.fixture
def colleague(cast):
    return make_member("colleague", cast.supplier_firm, role=MemberRole.MEMBER, handles_energy=False)


@pytest.fixture
def applicant(cast):
    return make_member("applicant", cast.supplier_firm, role=MemberRole.MEMBER, state=MemberState.PENDING)


def membership_of(user):
    return Membership.objects.get(user=user)


def send(as_, user, **changes):
    return as_(user).post(
        INVITE, {"contact": "li@example.com", "role": "member", "handles_energy": "on", **changes}
    )


@pytest.mark.parametrize(
    ("decision", "state"), [("accept", MemberState.ACTIVE), ("refuse", MemberState.REMOVED)]
)
def test_owner_decides_a_join_request_and_the_applicant_is_told(cast, applicant, as_, decision, state):
    pk = membership_of(applicant).pk
    as_(cast.supplier).post(f"{MEMBERS}{pk}/decide/", {"decision": decision})
    assert membership_of(applicant).state == state
    assert Notice.objects.get(recipient=applicant).sender == cast.supplier


def test_join_request_decided_twice_is_answered_friendly(cast, applicant, as_):
    client, where = as_(cast.supplier), f"{MEMBERS}{membership_of(applicant).pk}/decide/"
    client.post(where, {"decision": "accept"})
    page = client.post(where, {"decision": "refuse"}, follow=True).content.decode()
    assert "该申请已被处理" in page
    assert membership_of(applicant).state == MemberState.ACTIVE


@pytest.mark.parametrize("who", ["second_supplier", "enterprise", "bank", "reviewer"])
@pytest.mark.parametrize("action", ["", "remove/", "decide/"])
def test_members_of_another_organisation_do_not_exist(cast, colleague, as_, who, action):
    make_member("bystander", cast.bank_firm)
    response = as_(getattr(cast, who)).post(
        f"{MEMBERS}{membership_of(colleague).pk}/{action}", {"role": "owner"}
    )
    assert response.status_code == (302 if who == "reviewer" else 404)
    assert membership_of(colleague).role == MemberRole.MEMBER


def test_plain_member_sees_members_but_no_invitations_and_decides_nothing(cast, colleague, applicant, as_):
    send(as_, cast.supplier)
    page = as_(colleague).get(MEMBERS).content.decode()
    assert "supplier" in page and "li@example.com" not in page and "applicant" not in page
    assert as_(colleague).post(f"{MEMBERS}{membership_of(applicant).pk}/decide/").status_code == 404
    assert as_(colleague).get(f"{MEMBERS}{membership_of(cast.supplier).pk}/remove/").status_code == 404


def test_owner_changes_role_and_responsibilities(cast, colleague, as_):
    where = f"{MEMBERS}{membership_of(colleague).pk}/"
    as_(cast.supplier).post(where, {"role": "owner", "handles_finance": "on"})
    membership = membership_of(colleague)
    assert membership.is_owner and membership.responsibilities == [Responsibility.FINANCE]


def test_last_owner_can_neither_step_down_nor_leave(cast, colleague, as_):
    client, pk = as_(cast.supplier), membership_of(cast.supplier).pk
    page = client.post(f"{MEMBERS}{pk}/", {"role": "member"}).content.decode()
    assert "这是机构唯一的管理员" in page
    page = client.post(f"{MEMBERS}{pk}/remove/", follow=True).content.decode()
    assert "这是机构唯一的管理员" in page
    assert membership_of(cast.supplier).is_owner


def test_member_is_removed_after_a_question_and_told(cast, colleague, as_):
    client, where = as_(cast.supplier), f"{MEMBERS}{membership_of(colleague).pk}/remove/"
    assert "将不能再代表本机构操作" in client.get(where).content.decode()
    assert membership_of(colleague).state == MemberState.ACTIVE
    client.post(where)
    assert membership_of(colleague).state == MemberState.REMOVED
    assert Notice.objects.get(recipient=colleague).title == "您已被移出“示例供方一”"


def test_member_may_leave(cast, colleague, as_):
    as_(colleague).post(f"{MEMBERS}{membership_of(colleague).pk}/remove/")
    assert membership_of(colleague).state == MemberState.REMOVED


@pytest.mark.parametrize("count", [1, 3])
def test_member_list_asks_the_same_number_of_queries(cast, as_, count, django_assert_max_num_queries):
    for number in range(count):
        make_member(f"m{number}", cast.supplier_firm, role=MemberRole.MEMBER)
        make_member(f"p{number}", cast.supplier_firm, state=MemberState.PENDING)
        Invitation.objects.create(
            organisation=cast.supplier_firm,
            email=f"i{number}@example.com",
            invited_by=cast.supplier,
            expires_at=timezone.now() + timedelta(days=1),
        )
    client = as_(cast.supplier)
    with django_assert_max_num_queries(12):
        client.get(MEMBERS)


def test_recipients_are_the_responsible_members_or_else_the_owners(cast, colleague):
    Membership.objects.filter(user=colleague).update(handles_finance=True)
    firm = cast.supplier_firm
    assert members_responsible_for(firm, Responsibility.FINANCE) == [colleague]
    assert members_responsible_for(firm, Responsibility.PRODUCTION) == [cast.supplier]


def test_invitation_by_email_leaves_through_the_outbox(cast, as_):
    assert send(as_, cast.supplier, contact="ＬＩ@example.com").url == MEMBERS
    invitation, mail = Invitation.objects.get(), Mail.objects.get()
    assert (mail.address, mail.recipient) == ("li@example.com", None)
    assert invitation.token in mail.body
    assert timedelta(days=13) < invitation.expires_at - timezone.now() <= timedelta(days=14)


def test_invitation_by_phone_leaves_by_text_message(cast, as_, caplog, django_capture_on_commit_callbacks):
    caplog.set_level("INFO", logger="accounts.sms")
    with django_capture_on_commit_callbacks(execute=True):
        send(as_, cast.supplier, contact="138 0000 0001")
    invitation = Invitation.objects.get()
    assert invitation.phone == "+8613800000001" and invitation.token in caplog.text


def test_invitation_to_nonsense_is_answered_with_a_sentence(cast, as_):
    page = send(as_, cast.supplier, contact="你好").content.decode()
    assert "请输入正确的邮箱或 11 位手机号" in page and 'value="你好"' in page


def test_invitation_of_a_member_is_refused(cast, colleague, as_):
    assert "对方已是本机构成员" in send(as_, cast.supplier, contact=colleague.email).content.decode()


def test_invitation_sent_twice_is_one(cast, as_):
    for _click in range(2):
        send(as_, cast.supplier)
    assert (Invitation.objects.count(), Mail.objects.count()) == (1, 1)


def test_resent_invitation_ends_the_old_link(cast, as_, client):
    send(as_, cast.supplier)
    Invitation.objects.update(sent_at=timezone.now() - timedelta(days=3))
    old = Invitation.objects.get()
    as_(cast.supplier).post(f"/workspace/organisation/invitations/{old.pk}/resend/")
    assert Mail.objects.count() == 2
    assert client.get(f"/invitations/{old.token}/").status_code == 404
    assert client.get(f"/invitations/{Invitation.objects.get().token}/").status_code == 200


@pytest.mark.parametrize("change", [{"revoked_at": timezone.now()}, {"expires_at": timezone.now()}])
def test_ended_invitation_lets_nobody_in(cast, as_, change):
    send(as_, cast.supplier)
    Invitation.objects.update(**change)
    response = as_(make_user("li")).post(f"/invitations/{Invitation.objects.get().token}/")
    assert (response.status_code, "邀请已失效" in response.content.decode()) == (410, True)
    assert Membership.objects.filter(user__username="li").count() == 0


def test_invitation_of_another_organisation_cannot_be_revoked(cast, as_):
    send(as_, cast.supplier)
    pk = Invitation.objects.get().pk
    assert as_(cast.enterprise).post(f"/workspace/organisation/invitations/{pk}/revoke/").status_code == 404
    as_(cast.supplier).post(f"/workspace/organisation/invitations/{pk}/revoke/")
    assert not Invitation.objects.open().exists()


def test_invitation_shows_who_invites_and_leads_strangers_to_sign_up(cast, as_):
    send(as_, cast.supplier)
    where = f"/invitations/{Invitation.objects.get().token}/"
    page = as_(None).get(where).content.decode()
    assert "示例供方一" in page and f"/accounts/signup/?next={where}&amp;email=li%40example.com" in page


def test_invitation_is_accepted_once_with_its_responsibilities(cast, as_):
    send(as_, cast.supplier, role="owner", handles_energy="", handles_finance="on")
    invitation = Invitation.objects.get()
    li, eve = make_user("li"), make_user("eve")
    assert as_(li).post(f"/invitations/{invitation.token}/").url == "/workspace/organisation/"
    membership = membership_of(li)
    assert membership.is_owner and membership.responsibilities == [Responsibility.FINANCE]
    assert as_(eve).post(f"/invitations/{invitation.token}/").status_code == 410
    assert Notice.objects.get(recipient=cast.supplier).title == "li 已加入“示例供方一”"


def test_invitation_outdoes_an_open_join_request(cast, applicant, as_):
    send(as_, cast.supplier, contact=applicant.email)
    as_(applicant).post(f"/invitations/{Invitation.objects.get().token}/")
    assert membership_of(applicant).state == MemberState.ACTIVE


def test_invitation_by_email_leaves_after_commit(cast, as_, mailoutbox, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        send(as_, cast.supplier)
    assert [mail.to for mail in mailoutbox] == [["li@example.com"]]
