"""Who may know what of a demand."""

from decimal import Decimal

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.enums import MemberState
from accounts.models import Area, Industry, Membership
from catalog.enums import Visibility
from catalog.masking import Contact, Level, masked, masked_for, viewer_level, viewer_levels
from catalog.models import Demand, DemandEnergyUse, DemandQuantity
from catalog.models.demands import FIELD_VISIBILITY
from catalog.signals import matches_asked

VALUES = {
    "problem": "余热直接排放",
    "process": "空压站",
    "annual_use_tce": Decimal(3200),
    "annual_cost_cny": Decimal(6_400_000),
    "target_saving_tce": Decimal(200),
    "budget_cny": Decimal(3_000_000),
    "max_payback_years": Decimal(3),
    "shutdown_window": "春节",
    "space_limit": "机房无空地",
    "tried_before": "更换过滤器",
    "wants_finance": True,
    "source_file": "2025年审计报告",
    "source_page": "12",
    "contact_name": "张工",
    "contact_phone": "021-12345678",
}


@pytest.fixture
def demand(cast, taxonomy, make_demand):
    firm = cast.enterprise_firm
    firm.area = Area.objects.create(code="t1", name="示例镇", kind="town")
    firm.industry, _ = Industry.objects.get_or_create(code="C26", defaults={"name": "化学", "level": 1})
    firm.save()
    demand = make_demand(
        organisation=firm, systems=[taxonomy.compressed_air], carriers=[taxonomy.electricity], **VALUES
    )
    demand.quantities = [DemandQuantity(quantity="heat_source_temperature_c", minimum=80, maximum=90)]
    demand.energy_uses = [DemandEnergyUse(carrier=taxonomy.electricity, annual_amount=1000)]
    demand.save()
    return demand


@pytest.fixture
def matched_with(monkeypatch):
    """Return a function that makes one user, and nobody else, matched with some demands."""

    def match(person, *demands):
        ids = {demand.pk for demand in demands}

        def answer(sender, user, demand_ids, **kwargs):
            return ids & set(demand_ids) if user == person else set()

        kept.append(answer)
        matches_asked.connect(answer)

    kept = []
    monkeypatch.setattr(matches_asked, "receivers", [])
    matches_asked.sender_receivers_cache.clear()
    yield match
    matches_asked.sender_receivers_cache.clear()


@pytest.mark.parametrize("level", Level)
@pytest.mark.parametrize("visibility", Visibility)
def test_each_field_is_shown_exactly_to_those_whom_the_enterprise_chose(demand, visibility, level):
    is_permitted = {
        Level.OWNER: True,
        Level.OFFICIALS: True,
        Level.MATCHED: visibility in ("public", "matched"),
        Level.PUBLIC: visibility == "public",
    }[level]
    everything = masked(demand, Level.OWNER)
    other = Visibility.OFFICIALS if visibility == Visibility.PUBLIC else Visibility.PUBLIC
    for name in FIELD_VISIBILITY:
        demand.visibility = {**dict.fromkeys(FIELD_VISIBILITY, other), name: visibility}
        view = masked(demand, level)
        assert getattr(everything, name) not in (None, "", ()), name
        assert view.hides(name) is not is_permitted, name
        assert getattr(view, name) == (getattr(everything, name) if is_permitted else None), name


def test_price_is_hidden_with_the_cost_that_it_would_tell(demand, taxonomy):
    demand.energy_uses = [
        DemandEnergyUse(carrier=taxonomy.electricity, annual_amount=1000, unit_price_cny="0.7")
    ]
    demand.visibility = {"energy_uses": "public", "annual_cost_cny": "matched"}
    (shown,) = masked(demand, Level.PUBLIC).energy_uses
    assert (shown.annual_amount, shown.unit_price_cny) == (1000, None)
    assert masked(demand, Level.MATCHED).energy_uses[0].unit_price_cny is not None


@pytest.mark.parametrize("level", Level)
def test_field_without_a_valid_choice_follows_the_default(demand, level):
    demand.visibility = dict.fromkeys(FIELD_VISIBILITY, "nonsense")
    expected = {name for name, default in FIELD_VISIBILITY.items() if default not in level.permits}
    assert masked(demand, level).hidden == expected


def test_title_system_carrier_and_deadline_are_always_shown(demand):
    demand.visibility = dict.fromkeys(FIELD_VISIBILITY, Visibility.OFFICIALS)
    view = masked(demand, Level.PUBLIC)
    assert (view.title, view.deadline) == (demand.title, demand.deadline)
    assert [item.code for item in view.systems + view.carriers] == ["compressed_air", "electricity"]
    assert view.hidden == frozenset(FIELD_VISIBILITY)


def test_hidden_source_file_hides_its_page_too(demand):
    view = masked(demand, Level.PUBLIC)
    assert (view.source_file, view.source_page) == (None, None)


def test_hidden_organisation_has_a_label_that_says_so(demand):
    assert masked(demand, Level.PUBLIC).organisation_label == "企业名称未公开"
    assert masked(demand, Level.OWNER).organisation_label == "示例用能单位"


def test_contact_account_never_reveals_more_than_the_name(demand, cast):
    demand.contact_name = demand.contact_phone = ""
    demand.contact = cast.enterprise
    assert masked(demand, Level.OWNER).contact == Contact("enterprise", "")
    cast.enterprise.name = ""
    assert masked(demand, Level.OWNER).contact is None


def test_masked_demand_cannot_be_changed(demand):
    with pytest.raises(AttributeError):
        masked(demand, Level.PUBLIC).problem = "x"


@pytest.mark.parametrize(
    ("person", "level"),
    [
        ("enterprise", Level.OWNER),
        ("librarian", Level.OFFICIALS),
        ("reviewer", Level.OFFICIALS),
        ("pusher", Level.OFFICIALS),
        ("supplier", Level.MATCHED),
        ("second_supplier", Level.PUBLIC),
        ("bank", Level.PUBLIC),
    ],
)
def test_level_of_each_person(demand, cast, matched_with, person, level):
    matched_with(cast.supplier, demand)
    assert viewer_level(demand, getattr(cast, person)) == level


def test_visitor_sees_the_public_level(demand):
    assert viewer_level(demand, AnonymousUser()) == Level.PUBLIC


@pytest.mark.parametrize("state", [MemberState.PENDING, MemberState.REMOVED])
def test_member_without_active_state_is_no_owner(demand, cast, state):
    Membership.objects.filter(user=cast.enterprise).update(state=state)
    assert viewer_level(demand, cast.enterprise) == Level.PUBLIC


def test_locked_official_loses_the_view(demand, cast):
    cast.reviewer.is_active = False
    assert viewer_level(demand, cast.reviewer) == Level.PUBLIC


def test_levels_differ_by_demand(demand, cast, matched_with, make_demand):
    other = make_demand("另一个")
    matched_with(cast.supplier, other)
    levels = viewer_levels([demand, other], cast.supplier)
    assert levels == {demand.pk: Level.PUBLIC, other.pk: Level.MATCHED}


def test_number_of_queries_does_not_grow(
    demand, cast, taxonomy, make_demand, django_assert_num_queries, matched_with
):
    def read():
        return masked_for(Demand.objects.with_details(), cast.supplier)

    read()  # the duties are kept with the person
    with django_assert_num_queries(7):
        assert len(read()) == 1
    for number in (2, 3):
        extra = make_demand(str(number), organisation=cast.enterprise_firm, systems=[taxonomy.waste_heat])
        extra.energy_uses = [DemandEnergyUse(carrier=taxonomy.electricity, annual_amount=number)]
        extra.save()
    with django_assert_num_queries(7):
        assert len(read()) == 3


@pytest.mark.parametrize(
    ("person", "count"), [("enterprise", 2), ("reviewer", 3), ("supplier", 1), ("bank", 1)]
)
def test_drafts_are_visible_to_their_owner_and_officials(demand, cast, make_demand, person, count):
    make_demand("未发布", organisation=cast.enterprise_firm, live=False)
    make_demand("他人未发布", live=False)
    assert Demand.objects.visible_to(getattr(cast, person)).count() == count
