"""Coming to an organisation by its credit code, and changing it."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from accounts.enums import MemberRole, MemberState, Verification
from accounts.models import Industry, Membership, Organisation
from notices.models import Notice
from tests.conftest import credit_code, make_member, make_user

NEW = "/workspace/organisation/new/"
PDF = b"%PDF-1.7 licence"


def address(code):
    return f"{NEW}?credit_code={code}"


def form_data(**changes):
    return {"name": "上海新厂有限公司", "is_enterprise": "on", "own-handles_energy": "on", **changes}


def full_width(text):
    return "".join(chr(ord(character) + 0xFEE0) for character in text)


@pytest.fixture
def newcomer(cast):
    return make_user("newcomer")


@pytest.mark.parametrize("spoil", [str.lower, full_width, lambda code: f" {code[:9]} {code[9:]} "])
def test_code_is_understood_in_any_width_and_case(cast, newcomer, as_, spoil):
    page = as_(newcomer).get(NEW, {"credit_code": spoil(credit_code(99))}).content.decode()
    assert credit_code(99) in page and "尚未登记" in page


@pytest.mark.parametrize(
    ("code", "sentence"),
    [
        (credit_code(99)[:-1] + ("0" if credit_code(99)[-1] != "0" else "1"), "校验位不正确"),
        ("91310116", "应为 18 位"),
        ("91310116MA0000OI99", "只含数字和大写字母"),
        ("", "credit_code"),
    ],
)
def test_wrong_code_is_answered_with_a_sentence_and_kept(cast, newcomer, as_, code, sentence):
    page = as_(newcomer).get(NEW, {"credit_code": code}).content.decode()
    assert sentence in page and f'value="{code}"' in page or not code


def test_code_of_an_existing_organisation_does_not_give_its_name_away(cast, newcomer, as_):
    page = as_(newcomer).get(address(cast.supplier_firm.credit_code)).content.decode()
    assert cast.supplier_firm.name not in page
    assert "示＊＊＊一" in page


def test_new_organisation_belongs_to_its_creator_and_waits_for_verification(cast, newcomer, as_):
    Industry.objects.get_or_create(code="C26", defaults={"name": "化学原料和化学制品制造业", "level": 1})
    licence = SimpleUploadedFile("执照.pdf", PDF)
    response = as_(newcomer).post(
        address(credit_code(99)), form_data(industry="化学原料和化学制品制造业", licence=licence)
    )
    assert response.url == "/workspace/organisation/"
    organisation = Organisation.objects.get(credit_code=credit_code(99))
    assert (organisation.verification, organisation.industry.code) == (Verification.PENDING, "C26")
    membership = organisation.memberships.get()
    assert (membership.user, membership.role, membership.state) == (
        newcomer,
        MemberRole.OWNER,
        MemberState.ACTIVE,
    )
    assert (membership.handles_energy, membership.handles_finance) == (True, False)
    assert {notice.recipient for notice in Notice.objects.all()} == {cast.librarian, cast.reviewer}


def test_creation_sent_twice_makes_one_organisation(cast, newcomer, as_):
    client = as_(newcomer)
    for _click in range(2):
        response = client.post(address(credit_code(99)), form_data())
        assert response.url == "/workspace/organisation/"
    assert Organisation.objects.filter(credit_code=credit_code(99)).count() == 1
    assert Membership.objects.filter(user=newcomer).count() == 1


def test_creation_of_a_code_registered_meanwhile_leads_to_the_join_page(cast, newcomer, as_):
    response = as_(newcomer).post(address(cast.supplier_firm.credit_code), form_data())
    page = response.content.decode()
    assert response.status_code == 200 and "申请加入机构" in page


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"is_enterprise": ""}, "请至少选择一种身份"),
        ({"name": ""}, "必需字段"),
        ({"industry": "没有这个行业"}, "没有找到“没有这个行业”"),
        ({"licence": SimpleUploadedFile("执照.pdf", b"MZ\x90")}, "这是可执行程序或脚本"),
    ],
)
def test_creation_with_mistakes_keeps_what_was_typed(cast, newcomer, as_, changes, sentence):
    page = as_(newcomer).post(address(credit_code(99)), form_data(address="金山大道 1 号", **changes))
    assert sentence in page.content.decode() and "金山大道 1 号" in page.content.decode()
    assert not Organisation.objects.filter(credit_code=credit_code(99)).exists()


def test_ambiguous_industry_lists_what_may_be_meant(cast, newcomer, as_):
    for code, name in (("C1711", "棉纺纱加工"), ("C1712", "棉织造加工")):
        Industry.objects.get_or_create(code=code, defaults={"name": name, "level": 3})
    page = as_(newcomer).post(address(credit_code(99)), form_data(industry="棉")).content.decode()
    assert "C1711 棉纺纱加工" in page and "C1712 棉织造加工" in page
    options = as_(newcomer).get("/workspace/organisation/industries/?field=industry&industry=1711")
    assert "C1711" in options.content.decode()


def test_creation_with_html_in_the_name_shows_it_as_text(cast, newcomer, as_):
    client = as_(newcomer)
    client.post(address(credit_code(99)), form_data(name="<script>alert(1)</script>"))
    page = client.get("/workspace/organisation/").content.decode()
    assert "<script>alert(1)</script>" not in page and "&lt;script&gt;" in page


def test_creation_after_an_expired_session_keeps_what_was_typed(cast, newcomer, as_):
    client = as_(newcomer)
    page = client.get(address(credit_code(99))).content.decode()
    token = page.split('name="form_token" value="')[1].split('"')[0]
    client.logout()
    client.post(address(credit_code(99)), form_data(form_token=token))
    client.force_login(newcomer, backend="django.contrib.auth.backends.ModelBackend")
    assert "上海新厂有限公司" in client.get(address(credit_code(99))).content.decode()


def test_join_asks_the_owners_once(cast, newcomer, as_):
    client = as_(newcomer)
    for _click in range(2):
        client.post(
            address(cast.supplier_firm.credit_code), {"message": "设备部王五", "handles_energy": "on"}
        )
    membership = Membership.objects.get(user=newcomer)
    assert (membership.state, membership.asks_official) == (MemberState.PENDING, False)
    assert [notice.recipient for notice in Notice.objects.all()] == [cast.supplier]
    assert not Organisation.objects.of_member(newcomer).exists()


def test_join_of_an_organisation_without_owners_asks_the_officials(cast, newcomer, as_):
    cast.supplier_firm.memberships.all().delete()
    as_(newcomer).post(address(cast.supplier_firm.credit_code), {"message": "设备部王五"})
    assert Membership.objects.for_officials().get().user == newcomer
    assert {notice.recipient for notice in Notice.objects.all()} == {cast.librarian, cast.reviewer}


def test_join_request_can_be_handed_to_the_officials_later(cast, newcomer, as_):
    client, where = as_(newcomer), address(cast.supplier_firm.credit_code)
    client.post(where, {"message": "设备部王五"})
    client.post(where, {"message": "管理员离职", "asks_official": "on"})
    assert Membership.objects.for_officials().get().message == "管理员离职"


def test_join_without_a_message_is_asked_for_one(cast, newcomer, as_):
    page = as_(newcomer).post(address(cast.supplier_firm.credit_code), {}).content.decode()
    assert "必需字段" in page
    assert not Membership.objects.filter(user=newcomer).exists()


def test_join_requests_of_one_person_are_limited(cast, newcomer, as_):
    for number in range(20, 25):
        firm = Organisation.objects.create(name=f"示例{number}", credit_code=credit_code(number))
        Membership.objects.create(user=newcomer, organisation=firm)
    page = as_(newcomer).post(address(cast.supplier_firm.credit_code), {"message": "甲"}).content.decode()
    assert "您已有 5 个申请在等待处理" in page


def test_page_of_a_person_without_organisation_leads_to_the_code(cast, newcomer, as_):
    assert as_(newcomer).get("/workspace/organisation/").url == NEW


def test_new_licence_has_to_be_verified_again(cast, as_):
    firm = cast.supplier_firm
    data = {"name": firm.name, "is_supplier": "on", "licence": SimpleUploadedFile("a.pdf", PDF)}
    assert as_(cast.supplier).post("/workspace/organisation/edit/", data).status_code == 302
    firm.refresh_from_db()
    assert (firm.verification, firm.verified_by) == (Verification.PENDING, None)


def test_new_address_needs_no_verification(cast, as_):
    firm = cast.supplier_firm
    as_(cast.supplier).post(
        "/workspace/organisation/edit/", {"name": firm.name, "is_supplier": "on", "address": "甲"}
    )
    firm.refresh_from_db()
    assert (firm.verification, firm.address) == (Verification.VERIFIED, "甲")


def test_edit_is_for_owners_only(cast, as_):
    colleague = make_member("colleague", cast.supplier_firm, role=MemberRole.MEMBER)
    assert as_(colleague).get("/workspace/organisation/").status_code == 200
    assert as_(colleague).get("/workspace/organisation/edit/").status_code == 404


def test_switch_goes_to_organisations_of_the_user_only(cast, as_):
    Membership.objects.create(
        user=cast.supplier, organisation=cast.bank_firm, state=MemberState.ACTIVE, role=MemberRole.MEMBER
    )
    client = as_(cast.supplier)
    client.post("/workspace/organisation/switch/", {"organisation": cast.bank_firm.pk})
    assert "<h1>示例银行</h1>" in client.get("/workspace/organisation/").content.decode()
    for foreign in (cast.enterprise_firm.pk, "abc", "9" * 40, ""):
        response = client.post("/workspace/organisation/switch/", {"organisation": foreign})
        assert response.status_code == 404


def test_industries_take_a_text_that_no_database_stores(cast, as_):
    assert (
        as_(cast.supplier)
        .get("/workspace/organisation/industries/", {"industry": "\0", "field": "industry"})
        .status_code
        == 200
    )


@pytest.mark.parametrize(
    ("who", "status"),
    [
        ("supplier", 200),
        ("reviewer", 200),
        ("librarian", 200),
        ("pusher", 404),
        ("second_supplier", 404),
        ("visitor", 302),
    ],
)
def test_licence_is_shown_to_owners_and_verifying_officials_only(cast, as_, who, status):
    firm = cast.supplier_firm
    firm.licence.save("a.pdf", SimpleUploadedFile("a.pdf", PDF))
    response = as_(getattr(cast, who)).get(f"/workspace/organisations/{firm.pk}/licence/")
    assert response.status_code == status
    if status == 200:
        assert b"".join(response.streaming_content) == PDF
        assert response["Content-Type"] == "application/pdf"


def test_licence_has_no_public_address_and_a_name_nobody_guesses(cast, client):
    firm = cast.supplier_firm
    firm.licence.save("执照.pdf", SimpleUploadedFile("执照.pdf", PDF))
    assert "执照" not in firm.licence.name
    assert client.get(f"/media/{firm.licence.name}").status_code == 404
