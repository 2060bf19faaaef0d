"""What officials decide in the Wagtail admin."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.enums import MemberRole, MemberState, TokenPurpose, Verification
from accounts.models import ApiToken, Membership, Organisation, User
from notices.enums import MailState
from notices.models import Mail, Notice
from tests.conftest import credit_code, make_member, make_organisation

ORGANISATIONS = "/admin/organisations/"


@pytest.fixture
def firm(cast):
    cast.supplier_firm.verification = Verification.PENDING
    cast.supplier_firm.save()
    return cast.supplier_firm


def verify(client, firm, **data):
    return client.post(f"{ORGANISATIONS}verify/{firm.pk}/", data)


@pytest.mark.parametrize("who", ["librarian", "reviewer"])
def test_verifying_officials_pass_an_organisation_and_its_owner_is_told(cast, firm, as_, who):
    client = as_(getattr(cast, who))
    assert firm.credit_code in client.get(f"{ORGANISATIONS}verify/{firm.pk}/").content.decode()
    verify(client, firm, decision="verify")
    firm.refresh_from_db()
    assert (firm.verification, firm.verified_by) == (Verification.VERIFIED, getattr(cast, who))
    assert Notice.objects.get().title == "“示例供方一”已通过核验"


def test_refusal_needs_a_reason_that_the_owner_reads(cast, firm, as_):
    client = as_(cast.reviewer)
    assert "请填写不通过的原因" in verify(client, firm, decision="reject", note=" ").content.decode()
    verify(client, firm, decision="reject", note="执照看不清")
    assert Notice.objects.get().body == "执照看不清"
    assert "执照看不清" in as_(cast.supplier).get("/workspace/organisation/").content.decode()


@pytest.mark.parametrize("who", ["pusher", "supplier", "visitor"])
def test_others_verify_nothing(cast, firm, as_, who):
    client = as_(getattr(cast, who))
    assert verify(client, firm, decision="verify").status_code in {302, 403}
    firm.refresh_from_db()
    assert firm.verification == Verification.PENDING


def test_many_organisations_are_verified_at_once(cast, as_):
    firms = [make_organisation(n, f"示例{n}", verification=Verification.PENDING) for n in (30, 31)]
    ids = "&".join(f"id={firm.pk}" for firm in firms)
    where = f"/admin/bulk/accounts/organisation/verify/?{ids}&next=/admin/"
    client = as_(cast.reviewer)
    assert "示例30" in client.get(where).content.decode()
    client.post(where)
    assert (
        Organisation.objects.filter(verification=Verification.VERIFIED, verified_by=cast.reviewer).count()
        == 2
    )


def test_bulk_verification_is_refused_without_the_duty(cast, as_):
    firm = make_organisation(30, "示例30", verification=Verification.PENDING)
    as_(cast.pusher).post(f"/admin/bulk/accounts/organisation/verify/?id={firm.pk}&next=/admin/")
    firm.refresh_from_db()
    assert firm.verification == Verification.PENDING


def test_list_filters_by_state_and_does_not_query_for_each_row(cast, as_, django_assert_max_num_queries):
    for number in range(30, 36):
        make_organisation(number, f"示例{number}", verification=Verification.PENDING)
    client = as_(cast.reviewer)
    client.get(ORGANISATIONS)
    with django_assert_max_num_queries(24):
        page = client.get(f"{ORGANISATIONS}?verification=pending").content.decode()
    assert "示例35" in page and "示例供方一" not in page


def test_librarian_corrects_an_organisation(cast, firm, as_):
    data = {"name": "新名", "credit_code": f" {firm.credit_code.lower()}", "is_supplier": "on"}
    as_(cast.librarian).post(f"{ORGANISATIONS}edit/{firm.pk}/", data)
    firm.refresh_from_db()
    assert (firm.name, firm.credit_code) == ("新名", credit_code(1))


@pytest.mark.parametrize(
    ("decision", "state", "role"),
    [
        ("member", MemberState.ACTIVE, MemberRole.MEMBER),
        ("owner", MemberState.ACTIVE, MemberRole.OWNER),
        ("refuse", MemberState.REMOVED, MemberRole.MEMBER),
    ],
)
def test_official_decides_a_request_that_no_owner_can(cast, as_, decision, state, role):
    cast.supplier_firm.memberships.all().delete()
    applicant = make_member(
        "applicant", cast.supplier_firm, role=MemberRole.MEMBER, state=MemberState.PENDING
    )
    client, pk = as_(cast.reviewer), Membership.objects.get(user=applicant).pk
    assert "applicant" in client.get("/admin/accounts_join_requests/").content.decode()
    assert "applicant" in client.get(f"/admin/accounts_join_requests/{pk}/").content.decode()
    client.post(f"/admin/accounts_join_requests/{pk}/", {"decision": decision})
    membership = Membership.objects.get(user=applicant)
    assert (membership.state, membership.role) == (state, role)


def test_request_that_an_owner_decides_is_not_the_officials_matter(cast, as_):
    applicant = make_member("applicant", cast.supplier_firm, state=MemberState.PENDING)
    client, pk = as_(cast.reviewer), Membership.objects.get(user=applicant).pk
    assert "applicant" not in client.get("/admin/accounts_join_requests/").content.decode()
    assert client.post(f"/admin/accounts_join_requests/{pk}/", {"decision": "member"}).status_code == 404


def test_token_shows_its_key_once_and_works_until_revoked(cast, as_):
    client = as_(cast.pusher)
    data = {
        "name": "智慧能耗平台",
        "purpose": TokenPurpose.READ_RECOMMENDATIONS,
        "codes": credit_code(3).lower(),
        "expires_at": (timezone.localdate() + timedelta(days=30)).isoformat(),
    }
    response = client.post("/admin/accounts_tokens/new/", data)
    token = ApiToken.objects.get()
    assert list(token.organisations.all()) == [cast.enterprise_firm]
    page = client.get(response.url).content.decode()
    key = page.split('readonly value="')[1].split('"')[0]
    assert ApiToken.objects.with_key(key, purpose=TokenPurpose.READ_RECOMMENDATIONS) == token
    assert key not in client.get(response.url).content.decode()
    assert "智慧能耗平台" in client.get("/admin/accounts_tokens/").content.decode()
    client.post(response.url)
    assert ApiToken.objects.with_key(key, purpose=TokenPurpose.READ_RECOMMENDATIONS) is None


def test_token_for_an_unknown_organisation_or_a_past_day_is_refused(cast, as_):
    data = {
        "name": "甲",
        "purpose": TokenPurpose.READ_RECOMMENDATIONS,
        "codes": "XYZ",
        "expires_at": "2020-01-01",
    }
    page = as_(cast.pusher).post("/admin/accounts_tokens/new/", data).content.decode()
    assert "平台上没有这些代码的机构：XYZ" in page and "失效日期应在今天之后" in page


@pytest.mark.parametrize("who", ["librarian", "reviewer", "supplier"])
def test_token_is_made_by_the_push_duty_only(cast, as_, who):
    assert as_(getattr(cast, who)).get("/admin/accounts_tokens/new/").status_code in {302, 403}


def test_failed_mail_is_seen_and_sent_again_by_officials(cast, as_):
    mail = Mail.objects.create(
        address="a@example.com", subject="失败的邮件", body="", due_at=timezone.now(), state=MailState.FAILED
    )
    client = as_(cast.pusher)
    assert "失败的邮件" in client.get("/admin/notices_mails/?state=failed").content.decode()
    client.post(f"/admin/notices_mails/{mail.pk}/")
    mail.refresh_from_db()
    assert mail.state == MailState.WAITING
    assert as_(cast.reviewer).get(f"/admin/notices_mails/{mail.pk}/").status_code in {302, 403}


def test_administrator_adds_an_official_with_one_name_and_no_phone(cast, as_):
    cast.librarian.is_superuser = True
    cast.librarian.save()
    data = {
        "username": "li",
        "name": "李四",
        "email": "li@example.com",
        "phone": "",
        "password1": "a-long-password-1",
        "password2": "a-long-password-1",
    }
    client = as_(cast.librarian)
    assert "姓名" in client.get("/admin/users/new/").content.decode()
    client.post("/admin/users/new/", data)
    user = User.objects.get(username="li")
    assert (user.name, user.phone) == ("李四", None)
    page = client.post(f"/admin/users/edit/{user.pk}/", {**data, "phone": "123"}).content.decode()
    assert "请输入 11 位手机号" in page
    client.post(f"/admin/users/edit/{user.pk}/", {**data, "phone": "138 0000 0001", "is_active": "on"})
    user.refresh_from_db()
    assert (user.phone, user.phone_verified) == ("+8613800000001", False)
