"""What a person can take along, and what is left of one who was erased."""

import json

import pytest
from allauth.account.models import EmailAddress
from django.core.management import CommandError, call_command
from django.urls import reverse
from wagtail.models import Revision

from accounts.models import Invitation, Membership, User
from catalog.services.publishing import save_draft
from marketplace.privacy import OWN, SHARED, CannotErase, erase_person, personal_data, relations_to_people
from notices.models import Mail
from tests.conftest import make_member

pytestmark = pytest.mark.django_db
PHONE = "+8613900000001"


@pytest.fixture
def person(cast):
    """An owner with everything: addresses, messages, an invitation, a demand that names them."""
    user = cast.enterprise
    user.phone = PHONE
    user.save()
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    make_member("colleague", cast.enterprise_firm)
    return user


def test_every_relation_to_a_person_is_decided():
    assert set(relations_to_people()) == OWN | SHARED
    assert set() == OWN & SHARED


def test_personal_data_holds_no_secret_and_nobody_else(person, cast):
    text = json.dumps(personal_data(person), default=str, ensure_ascii=False)
    assert person.email in text
    assert person.password not in text
    assert cast.supplier.email not in text


def test_erased_person_is_found_nowhere(person, cast, make_demand):
    demand = make_demand(
        organisation=cast.enterprise_firm, contact=person, contact_name="王某", contact_phone=PHONE
    )
    demand.contact_name = "王某某"
    save_draft(demand, user=person)
    Mail.objects.create(address=person.email, subject="邀请", body="x", due_at=demand.created_at)
    Invitation.objects.create(organisation=cast.second_firm, email=person.email, expires_at=demand.created_at)
    erase_person(person)
    demand.refresh_from_db()
    assert (demand.contact, demand.contact_name, demand.contact_phone) == (None, "", "")
    contents = json.dumps(
        list(Revision.objects.values_list("content", flat=True)), default=str, ensure_ascii=False
    )
    assert PHONE not in contents
    assert "王某" not in contents
    left = User.objects.get(pk=person.pk)
    assert (left.email, left.phone, left.is_active, left.has_usable_password()) == ("", None, False, False)
    assert not Membership.objects.filter(user=person).exists()
    assert not Mail.objects.filter(address=person.email).exists()
    assert not Invitation.objects.filter(email=person.email).exists()
    assert demand.title


def test_only_owner_of_others_is_not_erased(person, cast):
    Membership.objects.filter(organisation=cast.enterprise_firm).exclude(user=person).update(role="member")
    with pytest.raises(CannotErase, match="唯一的管理员"):
        erase_person(person)
    person.refresh_from_db()
    assert person.is_active


def test_pages_show_hand_out_and_erase_after_the_password(person, as_, cast, client):
    assert as_(None).get(reverse("my_data")).status_code == 302
    as_(person)
    assert "邮箱" in client.get(reverse("my_data")).content.decode()
    assert "reauthenticate" in client.get(reverse("my_data_download")).url
    assert "reauthenticate" in client.post(reverse("my_data_erase"), {"confirmation": "注销"}).url
    client.post(reverse("account_reauthenticate"), {"password": "a-long-password-1"})
    answer = client.get(reverse("my_data_download"))
    assert json.loads(answer.content)["data"]
    assert client.post(reverse("my_data_erase"), {"confirmation": "是"}).status_code == 422
    assert User.objects.get(pk=person.pk).is_active
    assert client.post(reverse("my_data_erase"), {"confirmation": "注销"}).url == reverse("my_data_erased")
    assert client.get(reverse("my_data")).status_code == 302
    assert not User.objects.get(pk=person.pk).is_active


def test_commands_find_a_person_by_mail_or_phone(person, tmp_path):
    call_command("export_person", person.email.upper(), tmp_path / "one.json", verbosity=0)
    call_command("export_person", PHONE, tmp_path / "two.json", verbosity=0)
    assert (tmp_path / "one.json").stat().st_mode & 0o077 == 0
    with pytest.raises(CommandError, match="已存在"):
        call_command("export_person", PHONE, tmp_path / "two.json")
    with pytest.raises(CommandError, match="没有邮箱或手机号"):
        call_command("erase_person", "nobody@example.com", yes=True)
    call_command("erase_person", PHONE, yes=True)
    assert not User.objects.get(pk=person.pk).is_active


def test_first_administrator_chooses_the_password_by_a_link(cast, client, capsys):
    call_command("create_administrator", "First@Example.com ", name="第一位")
    link = capsys.readouterr().out.strip().splitlines()[-1]
    user = User.objects.get(email="first@example.com")
    assert (user.is_superuser, user.has_usable_password()) == (True, False)
    page = client.get(link[link.index("/accounts") :], follow=True)
    address = page.redirect_chain[-1][0]
    done = client.post(address, {"password1": "Another-long-1", "password2": "Another-long-1"})
    assert done.status_code == 302
    user.refresh_from_db()
    assert user.check_password("Another-long-1")
    with pytest.raises(CommandError, match="已有账号"):
        call_command("create_administrator", "first@example.com")
