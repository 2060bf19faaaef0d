"""Sample organisations, people, technologies and demands: openly invented, to try the platform with.

The files in `marketplace/data/sample` are the source. An organisation that exists is left alone with all it has, so
that a second run changes nothing and what users did with the sample stays.
"""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path

from allauth.account.models import EmailAddress
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group
from django.db import transaction
from django.utils import timezone
from stdnum.cn import uscc

from accounts.enums import MemberRole, MemberState, Responsibility, Verification
from accounts.models import Area, Industry, Membership, Organisation, User
from accounts.roles import Duty
from catalog.models import (
    Demand,
    DemandEnergyUse,
    DemandQuantity,
    EnergyCarrier,
    EnergySystem,
    Technology,
    TechnologyCase,
    TechnologyCondition,
)
from catalog.models.listings import Listing
from catalog.services.publishing import save_draft, submit_for_review

DATA = Path(__file__).resolve().parent / "data" / "sample"
PASSWORD = "Shili-2026-Yanshi"
LIVE, IN_REVIEW, RETURNED = "live", "review", "returned"
# Keys of the files that are not fields of the listing itself.
NOT_FIELDS = {
    "organisation",
    "state",
    "reason",
    "industries",
    "systems",
    "carriers",
    "cases",
    "conditions",
    "energy_uses",
    "quantities",
    "contact",
    "deadline_days",
}
SHOWN_LOGINS = (
    ("技术供方", "supplier@example.com"),
    ("用能单位", "enterprise@example.com"),
    ("金融机构", "bank@example.com"),
    ("储备库管理", "library@example.com"),
    ("审核", "review@example.com"),
    ("推送", "push@example.com"),
    ("运维", "operate@example.com"),
)


@dataclass
class Created:
    """Rows that one run created."""

    people: int = 0
    organisations: int = 0
    technologies: int = 0
    demands: int = 0


def sample_logins() -> list[tuple[str, str, str]]:
    """Return what to announce at the start: who, e-mail, password."""
    return [(label, email, PASSWORD) for label, email in SHOWN_LOGINS]


def read_sample(name: str) -> dict[str, list[dict]]:
    """Return the tables of one sample file, decimals as Decimal."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"), parse_float=Decimal)


def sample_credit_code(number: int) -> str:
    """Return a code with a right check digit in an area (990000) that does not exist."""
    body = f"91990000MA{number:07d}"
    return body + uscc.calc_check_digit(body)


@transaction.atomic
def load_sample() -> Created:
    """Create the sample organisations that are missing, with their people and listings; needs reference data."""
    created = Created()
    organisations = read_sample("organisations")
    officials = {row["duty"]: _official(row, created) for row in organisations["official"]}
    reviewer = officials[Duty.REVIEW.value]
    new = {}
    for row in organisations["organisation"]:
        code = sample_credit_code(row["number"])
        if not Organisation.objects.filter(credit_code=code).exists():
            new[row["slug"]] = _organisation(row, code, reviewer, created)
    codes = _Codes()
    for kind, build in (("technology", _technology), ("demand", _demand)):
        for row in _rows(kind):
            if row["organisation"] in new:
                organisation, people = new[row["organisation"]]
                listing = build(row, organisation, codes, people)
                _bring_to_state(listing, row, author=people[0], reviewer=reviewer)
                name = "technologies" if kind == "technology" else "demands"
                setattr(created, name, getattr(created, name) + 1)
    return created


def _rows(kind: str) -> Iterator[dict]:
    name = "technologies" if kind == "technology" else "demands"
    yield from read_sample(name)[kind]


class _Codes:
    """Taxonomies by code, read once."""

    def __init__(self):
        self.industries = {row.code: row for row in Industry.objects.all()}
        self.systems = {row.code: row for row in EnergySystem.objects.all()}
        self.carriers = {row.code: row for row in EnergyCarrier.objects.all()}


@cache
def _password_hash() -> str:
    """Hash the one sample password once: a slow hash for each of 30 people would take most of the first start."""
    return make_password(PASSWORD)


def _person(email: str, name: str, created: Created) -> User:
    user, is_new = User.objects.get_or_create(
        email=email, defaults={"username": email, "name": name, "password": _password_hash()}
    )
    if is_new:
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        created.people += 1
    return user


def _official(row: dict, created: Created) -> User:
    before = created.people
    user = _person(row["email"], row["name"], created)
    if created.people > before:
        user.groups.add(Group.objects.get(name=Duty(row["duty"]).value))
    return user


def _organisation(
    row: dict, credit_code: str, reviewer: User, created: Created
) -> tuple[Organisation, list[User]]:
    verification = Verification(row.get("verification", Verification.VERIFIED))
    is_verified = verification == Verification.VERIFIED
    organisation = Organisation.objects.create(
        name=row["name"],
        credit_code=credit_code,
        **{f"is_{role}": True for role in row["roles"]},
        industry=Industry.objects.get(code=row["industry"]),
        area=Area.objects.get(code=row["area"]),
        address=row["address"],
        introduction=row["introduction"],
        verification=verification,
        verified_by=reviewer if is_verified else None,
        verified_at=timezone.now() if is_verified else None,
        is_sample=True,
    )
    created.organisations += 1
    people = []
    for member in row["members"]:
        user = _person(member["email"], member["name"], created)
        Membership.objects.create(
            user=user,
            organisation=organisation,
            role=MemberRole.MEMBER if people else MemberRole.OWNER,
            state=MemberState.ACTIVE,
            **{f"handles_{item}": item in member["handles"] for item in Responsibility},
        )
        people.append(user)
    return organisation, people


def _fields(row: dict) -> dict:
    return {name: value for name, value in row.items() if name not in NOT_FIELDS}


def _technology(row: dict, organisation: Organisation, codes: _Codes, people: list[User]) -> Technology:
    technology = Technology(organisation=organisation, is_sample=True, **_fields(row))
    technology.owner_name = organisation.name
    technology.industries.set([codes.industries[code] for code in row.get("industries", [])])
    technology.systems.set([codes.systems[code] for code in row["systems"]])
    technology.carriers.set([codes.carriers[code] for code in row["carriers"]])
    technology.conditions = [TechnologyCondition(**item) for item in row.get("conditions", [])]
    technology.cases = [
        TechnologyCase(**(item | {"industry": codes.industries[item["industry"]]}))
        for item in row.get("cases", [])
    ]
    return technology


def _demand(row: dict, organisation: Organisation, codes: _Codes, people: list[User]) -> Demand:
    demand = Demand(organisation=organisation, is_sample=True, **_fields(row))
    contact = next(person for person in people if person.email == row["contact"])
    demand.contact, demand.contact_name = contact, contact.name
    if "deadline_days" in row:
        demand.deadline = timezone.localdate() + timedelta(days=row["deadline_days"])
    uses = [item | {"carrier": codes.carriers[item["carrier"]]} for item in row.get("energy_uses", [])]
    if uses:
        used = sum(item["annual_amount"] * item["carrier"].tce_per_unit for item in uses)
        demand.annual_use_tce = used.quantize(Decimal("0.1"))
        demand.annual_cost_cny = sum(item["annual_amount"] * item["unit_price_cny"] for item in uses)
    demand.systems.set([codes.systems[code] for code in row["systems"]])
    demand.carriers.set([item["carrier"] for item in uses])
    demand.energy_uses = [DemandEnergyUse(**item) for item in uses]
    demand.quantities = [DemandQuantity(**item) for item in row.get("quantities", [])]
    return demand


def _bring_to_state(listing: Listing, row: dict, *, author: User, reviewer: User) -> None:
    state = row.get("state", LIVE)
    listing = save_draft(listing, user=author)
    if state == LIVE:
        listing.latest_revision.publish(user=reviewer, skip_permission_checks=True)
    elif state in (IN_REVIEW, RETURNED):
        listing = submit_for_review(listing, user=author)
        if state == RETURNED:
            task_state = listing.current_workflow_state.current_task_state
            task_state.task.specific.on_action(task_state, reviewer, "reject", comment=row["reason"])
