"""The cast of the access tests and what every test stands on."""

import os
from types import SimpleNamespace

import pytest
from django.contrib.auth.models import Group
from django.db import connection
from django.test.utils import CaptureQueriesContext
from stdnum.cn import uscc

from accounts.enums import MemberRole, MemberState, Verification
from accounts.models import Membership, Organisation, User
from accounts.roles import Duty
from accounts.services.setup import set_up_accounts
from catalog.models import Demand, EnergyCarrier, EnergySystem, Technology
from catalog.services.setup import set_up_libraries
from notices.services.setup import set_up_notices

os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.fixture(autouse=True)
def _quick_and_local(settings, tmp_path):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    settings.CELERY_TASK_ALWAYS_EAGER = True
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.MATCHING_DIR = tmp_path / "matching"
    settings.STORAGES = {
        **settings.STORAGES,
        "private": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": tmp_path / "private"},
        },
        "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
    }


def credit_code(number: int) -> str:
    """Return a valid, invented 统一社会信用代码."""
    body = f"91310116MA{number:07d}"
    return body + uscc.calc_check_digit(body)


def make_user(name: str, **fields) -> User:
    fields = {"email": f"{name}@example.com", "name": name, **fields}
    return User.objects.create_user(username=name, password="a-long-password-1", **fields)


def make_member(name: str, organisation: Organisation, **fields) -> User:
    user = make_user(name)
    fields = {"role": MemberRole.OWNER, "state": MemberState.ACTIVE, **fields}
    Membership.objects.create(user=user, organisation=organisation, **fields)
    return user


def make_organisation(number: int, name: str, **fields) -> Organisation:
    fields = {"verification": Verification.VERIFIED, **fields}
    return Organisation.objects.create(name=name, credit_code=credit_code(number), **fields)


@pytest.fixture
def cast(db):
    """Two suppliers, an enterprise, a bank, three officials with one duty each, and a visitor."""
    set_up_libraries()
    set_up_accounts()
    set_up_notices()
    supplier_firm = make_organisation(1, "示例供方一", is_supplier=True)
    second_firm = make_organisation(2, "示例供方二", is_supplier=True)
    enterprise_firm = make_organisation(3, "示例用能单位", is_enterprise=True)
    bank_firm = make_organisation(4, "示例银行", is_financial=True)
    people = {
        "supplier": make_member("supplier", supplier_firm),
        "second_supplier": make_member("second_supplier", second_firm),
        "enterprise": make_member("enterprise", enterprise_firm),
        "bank": make_member("bank", bank_firm),
        "librarian": make_user("librarian"),
        "reviewer": make_user("reviewer"),
        "pusher": make_user("pusher"),
        "visitor": None,
    }
    for name, duty in (("librarian", Duty.LIBRARY), ("reviewer", Duty.REVIEW), ("pusher", Duty.PUSH)):
        people[name].groups.add(Group.objects.get(name=duty.value))
    return SimpleNamespace(
        **people,
        supplier_firm=supplier_firm,
        second_firm=second_firm,
        enterprise_firm=enterprise_firm,
        bank_firm=bank_firm,
    )


@pytest.fixture
def as_(client):
    """Return a function that logs a person of the cast in (None for the visitor) and returns the client."""

    def log_in(user):
        client.logout()
        if user is not None:
            client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return log_in


@pytest.fixture
def taxonomy(db):
    """A few energy systems and carriers."""
    system, _ = EnergySystem.objects.get_or_create(code="compressed_air", defaults={"name": "压缩空气"})
    heat, _ = EnergySystem.objects.get_or_create(code="waste_heat", defaults={"name": "余热余压利用"})
    electricity, _ = EnergyCarrier.objects.get_or_create(
        code="electricity", defaults={"name": "电力", "unit": "kWh", "tce_per_unit": "0.0001229"}
    )
    return SimpleNamespace(compressed_air=system, waste_heat=heat, electricity=electricity)


@pytest.fixture
def make_technology(db):
    """Return a function that makes a live technology."""

    def make(title="空压机余热回收", *, systems=(), carriers=(), industries=(), **fields):
        technology = Technology(title=title, **fields)
        technology.systems.set(systems)
        technology.carriers.set(carriers)
        technology.industries.set(industries)
        technology.save()
        return technology

    return make


@pytest.fixture
def make_demand(db):
    """Return a function that makes a live demand."""

    def make(title="空压站余热没有利用", *, systems=(), carriers=(), **fields):
        demand = Demand(title=title, **fields)
        demand.systems.set(systems)
        demand.carriers.set(carriers)
        demand.save()
        return demand

    return make


@pytest.fixture
def count_queries():
    """Return a function that calls another and returns how many queries it made."""

    def count(call):
        with CaptureQueriesContext(connection) as queries:
            call()
        return len(queries)

    return count
