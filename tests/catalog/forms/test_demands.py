"""The demand form."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.http import QueryDict
from django.utils import timezone
from django.utils.http import urlencode

from accounts.models import Organisation
from catalog.enums import Visibility
from catalog.forms.demands import DemandForm
from catalog.models import Demand, DemandEnergyUse, DemandQuantity
from catalog.models.demands import FIELD_VISIBILITY
from tests.catalog.demand_data import EMPTY_ROWS, posted


@pytest.fixture
def form_of(cast, taxonomy):
    """Return a function that makes a checked form of the five fields and what else is given."""

    def make(is_complete=True, **extra):
        data = QueryDict(urlencode(posted(taxonomy, cast.enterprise_firm, **extra), doseq=True))
        organisations = Organisation.objects.filter(pk=cast.enterprise_firm.pk)
        form = DemandForm(data, organisations=organisations, is_complete=is_complete)
        form.is_valid()
        return form

    return make


def test_five_fields_are_enough(form_of, taxonomy):
    form = form_of()
    assert form.is_valid(), form.errors
    demand = form.filled_instance()
    demand.save()
    stored = Demand.objects.get()
    assert (stored.title, stored.organisation.name) == ("空压站余热没有利用", "示例用能单位")
    assert list(stored.systems.all()) == [taxonomy.compressed_air]
    assert stored.visibility == FIELD_VISIBILITY


@pytest.mark.parametrize("name", ["title", "problem", "systems", "carriers", "deadline"])
def test_each_of_the_five_is_needed_to_send_but_not_to_save(form_of, name):
    nothing = [] if name in ("systems", "carriers") else ""
    assert list(form_of(**{name: nothing}).errors) == [name]
    assert form_of(is_complete=False, **{name: nothing}).is_valid()


def test_draft_without_title_gets_one(form_of):
    assert form_of(is_complete=False, title="").filled_instance().title == "未命名需求"


def test_figures_are_read_as_people_write_them(form_of):
    form = form_of(
        budget_cny="1200万元",
        max_payback_years="约3年",
        annual_use_tce="３２００",
        annual_cost_cny="640",
        target_saving_tce="300吨标准煤",
    )
    demand = form.filled_instance()
    assert demand.budget_cny == 12_000_000
    assert demand.max_payback_years == 3
    assert demand.annual_use_tce == 3200
    assert demand.annual_cost_cny == 6_400_000
    assert demand.target_saving_tce == 300


def test_figure_that_cannot_be_read_stays_and_is_explained(form_of):
    form = form_of(is_complete=False, budget_cny="看情况")
    assert "看不出是哪个数值。" in form.errors["budget_cny"][0]
    assert 'value="看情况"' in str(form["budget_cny"])


@pytest.mark.parametrize(("days", "sentence"), [(-1, "截止日期已过"), (4 * 365, "截止日期太远")])
def test_deadline_must_lie_ahead(form_of, days, sentence):
    deadline = (timezone.localdate() + timedelta(days=days)).isoformat()
    assert sentence in form_of(deadline=deadline).errors["deadline"][0]


def test_rows_are_read_with_units(form_of, taxonomy):
    form = form_of(
        **{
            "uses-0-carrier": taxonomy.electricity.pk,
            "uses-0-amount": "120万kWh",
            "uses-0-price": "0.75",
            "conditions-0-quantity": "heat_source_temperature_c",
            "conditions-0-amount": "80~95℃",
            "conditions-2-quantity": "running_hours",
            "conditions-2-amount": "≥6000",
        }
    )
    demand = form.filled_instance()
    uses = [(use.annual_amount, use.unit_price_cny) for use in demand.energy_uses.all()]
    assert uses == [(1_200_000, Decimal("0.75"))]
    assert [(item.quantity, item.minimum, item.maximum) for item in demand.quantities.all()] == [
        ("heat_source_temperature_c", 80, 95),
        ("running_hours", 6000, None),
    ]


@pytest.mark.parametrize(
    ("extra", "sentence"),
    [
        ({"uses-0-amount": "100"}, "请选择能源品种"),
        ({"uses-0-carrier": "E", "uses-0-amount": "很多"}, "看不出是哪个数值"),
        ({"uses-0-carrier": "E", "uses-0-amount": "100~200"}, "请不要填写范围"),
        ({"uses-0-carrier": "E", "uses-0-price": "1"}, "请填写年用量"),
        ({"uses-0-carrier": "E", "uses-0-amount": "1", "uses-0-price": "贵"}, "看不出是哪个数值"),
        ({"uses-0-carrier": "999999", "uses-0-amount": "1"}, "999999"),
        (
            {
                "uses-0-carrier": "E",
                "uses-0-amount": "1",
                "uses-1-carrier": "E",
                "uses-1-amount": "2",
            },
            "已在上面填写",
        ),
        ({"conditions-0-amount": "80"}, "请选择参数"),
        ({"conditions-0-quantity": "power_kw"}, "请填写数值"),
        ({"conditions-0-quantity": "power_kw", "conditions-0-amount": "80℃"}, "不是这一项的单位"),
        ({"conditions-0-quantity": "power_kw", "conditions-0-amount": "9~1"}, "前一个数大于后一个数"),
    ],
)
def test_row_that_cannot_be_read_is_explained(form_of, taxonomy, extra, sentence):
    extra = {name: taxonomy.electricity.pk if value == "E" else value for name, value in extra.items()}
    form = form_of(**extra)
    assert not form.is_valid()
    rows = [*form.uses, *form.conditions]
    assert sentence in " ".join(str(row.errors) for row in rows)


def test_conversion_shows_coefficient_and_sum(form_of, taxonomy):
    form = form_of(**{"uses-0-carrier": taxonomy.electricity.pk, "uses-0-amount": "120万"})
    (line,) = form.conversion
    assert (line.amount_text, line.factor_text, line.tce_text) == ("1200000", "0.0001229", "147.5")
    assert form.conversion_total == "147.5"


def test_visibility_is_kept_as_chosen(form_of):
    form = form_of(visibility_budget_cny="public", visibility_problem="officials")
    demand = form.filled_instance()
    assert demand.visibility_of("budget_cny") == Visibility.PUBLIC
    assert demand.visibility_of("problem") == Visibility.OFFICIALS
    assert demand.visibility_of("contact") == FIELD_VISIBILITY["contact"]


def test_unknown_visibility_is_refused(form_of):
    assert "visibility_problem" in form_of(visibility_problem="everyone").errors


def test_organisation_of_others_is_refused(form_of, cast):
    assert "organisation" in form_of(organisation=cast.supplier_firm.pk).errors


def test_stored_demand_is_shown_as_it_can_be_typed_again(cast, taxonomy, make_demand):
    demand = make_demand(organisation=cast.enterprise_firm, budget_cny=12_000_000, max_payback_years=3)
    demand.energy_uses = [DemandEnergyUse(carrier=taxonomy.electricity, annual_amount=1_200_000)]
    demand.quantities = [
        DemandQuantity(quantity="heat_source_temperature_c", minimum=80, maximum=95),
        DemandQuantity(quantity="power_kw", minimum=None, maximum=400),
        DemandQuantity(quantity="running_hours", minimum=6000, maximum=6000),
    ]
    demand.save()
    organisations = Organisation.objects.filter(pk=cast.enterprise_firm.pk)
    form = DemandForm(instance=demand, organisations=organisations)
    assert form["budget_cny"].value() == "1200 万元"
    assert [row["amount"].value() for row in form.uses][:1] == ["1200000"]
    assert [row["amount"].value() for row in form.conditions] == ["80~95", "≤400", "6000", None]
    assert form.is_extended


def test_fresh_form_has_a_deadline_and_folded_details(cast):
    form = DemandForm(organisations=Organisation.objects.filter(pk=cast.enterprise_firm.pk))
    assert form["deadline"].value() == timezone.localdate() + timedelta(days=180)
    assert not form.is_extended
    assert form["organisation"].is_hidden


def test_more_rows_keep_what_was_typed(cast, taxonomy):
    data = posted(taxonomy, cast.enterprise_firm, **{"conditions-0-amount": "80"})
    organisations = Organisation.objects.filter(pk=cast.enterprise_firm.pk)
    form = DemandForm(QueryDict(urlencode(data, doseq=True)), organisations=organisations, more=True)
    assert len(form.conditions.forms) == int(EMPTY_ROWS["conditions-TOTAL_FORMS"]) + 3
    assert form.conditions.forms[0]["amount"].value() == "80"


def test_damaged_row_count_is_an_error_not_a_crash(form_of):
    assert not form_of(**{"uses-TOTAL_FORMS": "x"}).is_valid()
