"""The form in which an enterprise states a demand: five fields are enough, more make the match better."""

from dataclasses import dataclass
from datetime import timedelta
from decimal import Decimal

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxLengthValidator
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.enums import Visibility
from catalog.formats import number_text
from catalog.forms.demand_rows import (
    MOST_ROWS,
    EnergyUseFormSet,
    QuantityFormSet,
    conversions,
    energy_use_rows,
    quantity_rows,
)
from catalog.forms.figures import AmountField
from catalog.models import Demand, EnergyCarrier, EnergySystem
from catalog.models.demands import FIELD_VISIBILITY

DEFAULT_PERIOD = timedelta(days=180)
LONGEST_TEXT = 5000
LONGEST_PERIOD = timedelta(days=3 * 365)
FIRST_ROWS = {"uses": 2, "conditions": 3}
MORE_ROWS = 3

# Fields of the form by section; the five that are enough come first.
BASICS = ["title", "problem", "systems", "carriers", "deadline"]
SECTIONS = [
    (
        gettext_lazy("工艺与用能"),
        ["process", "energy_uses", "annual_use_tce", "annual_cost_cny", "quantities"],
    ),
    (
        gettext_lazy("目标与限制"),
        ["target_saving_tce", "budget_cny", "max_payback_years", "shutdown_window", "space_limit"],
    ),
    (gettext_lazy("背景与联系"), ["tried_before", "wants_finance", "source_file", "contact"]),
]
# Fields that belong to one choice of visibility.
TOGETHER = {
    "source_file": ["source", "source_file", "source_page"],
    "contact": ["contact_name", "contact_phone"],
}
IDENTITY = {
    "organisation": gettext_lazy("企业名称"),
    "area": gettext_lazy("所在街镇或园区"),
    "industry": gettext_lazy("所属行业"),
}


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under one choice of visibility: fields or the rows of a form set."""

    name: str
    fields: list
    rows: object | None
    visibility: object | None


class DemandForm(forms.ModelForm):
    """A demand with its rows and the visibility of each field.

    With `is_complete` the five basic fields are required; without, anything may still be missing. What is typed
    into figures is read as people write it.
    """

    annual_use_tce = AmountField(
        "energy",
        label=gettext_lazy("相关系统年用能量"),
        help_text=gettext_lazy("如 350 tce；不填时按上面各品种合计"),
    )
    annual_cost_cny = AmountField(
        "money",
        label=gettext_lazy("相关系统年用能费用"),
        help_text=gettext_lazy("如 120万元；不写单位按万元计"),
    )
    target_saving_tce = AmountField(
        "energy",
        label=gettext_lazy("期望年节能量"),
        help_text=gettext_lazy("如 300 tce、280万kWh（自动折算）"),
    )
    budget_cny = AmountField(
        "money", label=gettext_lazy("预算"), help_text=gettext_lazy("如 300万元；不写单位按万元计")
    )
    max_payback_years = AmountField(
        "years", label=gettext_lazy("可接受的最长回收期"), help_text=gettext_lazy("如 3年、18个月")
    )

    class Meta:
        model = Demand
        fields = [
            "organisation", "title", "problem", "systems", "carriers", "deadline", "process", "annual_use_tce",
            "annual_cost_cny", "target_saving_tce", "budget_cny", "max_payback_years", "shutdown_window",
            "space_limit", "tried_before", "wants_finance", "source", "source_file", "source_page",
            "contact_name", "contact_phone",
        ]  # fmt: skip
        widgets = {
            "systems": forms.CheckboxSelectMultiple,
            "carriers": forms.CheckboxSelectMultiple,
            "deadline": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "problem": forms.Textarea(attrs={"rows": 5, "maxlength": LONGEST_TEXT}),
            "tried_before": forms.Textarea(attrs={"rows": 3, "maxlength": LONGEST_TEXT}),
        }
        help_texts = {
            "title": gettext_lazy(
                "一句话说清要解决什么，如“空压站余热没有利用”。名称对所有人公开，请不要写企业名称"
            ),
            "problem": gettext_lazy("设备、工况、问题出在哪里，想达到什么效果；写得越具体，匹配越准"),
            "deadline": gettext_lazy("到期后不再公开，可随时延长"),
            "shutdown_window": gettext_lazy("如 春节停产 10 天"),
            "space_limit": gettext_lazy("如 机房外有 30 平方米空地"),
            "tried_before": gettext_lazy("做过哪些改造、效果如何，避免重复推荐"),
            "wants_finance": gettext_lazy("把此项的可见范围设为“公开”，金融机构才能看到"),
        }

    def __init__(self, data=None, *, organisations, is_complete=False, instance=None, more=False, **kwargs):
        super().__init__(data, instance=instance, **kwargs)
        self.is_complete = is_complete
        self._choose_organisation(organisations)
        for name in BASICS:
            self.fields[name].required = is_complete or not self.is_bound
            self.fields[name].error_messages["required"] = (
                _("请至少选择一项。") if name in ("systems", "carriers") else _("请填写此项。")
            )
        for name in ("problem", "tried_before"):
            self.fields[name].validators.append(MaxLengthValidator(LONGEST_TEXT))
        self.fields["systems"].queryset = EnergySystem.objects.all()
        self.fields["carriers"].queryset = EnergyCarrier.objects.all()
        if self.instance.deadline is None:
            self.initial["deadline"] = timezone.localdate() + DEFAULT_PERIOD
        for name in FIELD_VISIBILITY:
            self.fields[f"visibility_{name}"] = forms.ChoiceField(
                label=_("谁能看到"),
                choices=Visibility.choices,
                required=False,
                initial=self.instance.visibility_of(name),
            )
        self._make_rows(data, more=more)

    def _choose_organisation(self, organisations):
        field = self.fields["organisation"]
        field.queryset = organisations
        field.required, field.empty_label = True, None
        if len(organisations) == 1:
            field.widget = forms.HiddenInput()
        if self.instance.organisation_id is None:
            self.initial["organisation"] = organisations[0].pk

    def _make_rows(self, data, *, more):
        carriers = list(self.fields["carriers"].queryset)
        data = self._with_more_rows(data) if more else data
        uses, conditions = ([], []) if data is not None else self._stored_rows()
        self.uses = EnergyUseFormSet(data, initial=uses, prefix="uses", form_kwargs={"carriers": carriers})
        self.conditions = QuantityFormSet(data, initial=conditions, prefix="conditions")
        for rows, stored in ((self.uses, uses), (self.conditions, conditions)):
            rows.extra = max(FIRST_ROWS[rows.prefix] - len(stored), 1)

    def _stored_rows(self):
        return energy_use_rows(self.instance), quantity_rows(self.instance)

    @staticmethod
    def _with_more_rows(data):
        data = data.copy()
        for prefix in FIRST_ROWS:
            total = data.get(f"{prefix}-TOTAL_FORMS", "")
            if total.isdecimal():
                data[f"{prefix}-TOTAL_FORMS"] = str(min(int(total) + MORE_ROWS, MOST_ROWS))
        return data

    def is_valid(self):
        """Check fields and rows together, so that every problem shows at once."""
        rows_are_valid = [self.uses.is_valid(), self.conditions.is_valid()]
        is_valid = super().is_valid() and all(rows_are_valid)
        for name in BASICS:
            # Only the check of a draft is lenient: on the page they stay what is needed to send.
            self.fields[name].required = True
        return is_valid

    def clean_title(self):
        return self.cleaned_data["title"] or _("未命名需求")

    def clean_deadline(self):
        deadline, today = self.cleaned_data["deadline"], timezone.localdate()
        if deadline and self.is_complete and deadline < today:
            raise ValidationError(_("截止日期已过，请选择今天以后的日期。"))
        if deadline and deadline > today + LONGEST_PERIOD:
            raise ValidationError(_("截止日期太远，请选择三年以内的日期。"))
        return deadline

    def filled_instance(self):
        """Return the demand with everything typed, in memory only; the form must be valid."""
        demand = self.save(commit=False)
        self.save_m2m()
        demand.energy_uses = self.uses.rows()
        demand.quantities = self.conditions.rows()
        demand.visibility = {
            name: self.cleaned_data.get(f"visibility_{name}") or default
            for name, default in FIELD_VISIBILITY.items()
        }
        return demand

    @property
    def problems(self):
        """Return what is wrong, rows included: the place on the page, the label and the sentence."""
        if not self.is_bound:
            return []
        found = [("", "", error) for error in self.non_field_errors()]
        for form in (self, *self.uses.forms, *self.conditions.forms):
            for name, errors in form.errors.items():
                if name in form.fields:
                    field = form[name]
                    found.append((field.id_for_label or field.auto_id, field.label, errors[0]))
        rows = [*self.uses.non_form_errors(), *self.conditions.non_form_errors()]
        return found + [("", "", error) for error in rows]

    @property
    def conversion(self):
        """Return the rows converted to tce, from what is valid so far."""
        if self.is_bound:
            return conversions(form.row() for form in self.uses if form.is_valid() and form.is_filled)
        return conversions(self.instance.energy_uses.all())

    @property
    def conversion_total(self):
        """Return the sum of the converted rows as text."""
        return number_text(round(sum((line.tce for line in self.conversion if line.tce), Decimal(0)), 1))

    @property
    def basics(self):
        """Return the entries of the five fields that are enough."""
        return [self.entry(name) for name in BASICS]

    @property
    def sections(self):
        """Return the optional sections: a label and entries each."""
        return [(label, [self.entry(name) for name in names]) for label, names in SECTIONS]

    @property
    def identity(self):
        """Return what is told about the organisation itself: label and choice of visibility."""
        return [(label, self[f"visibility_{name}"]) for name, label in IDENTITY.items()]

    @property
    def is_extended(self):
        """Whether an optional part holds anything, so that it must not be folded away."""
        names = [
            field.name
            for _label, entries in self.sections
            for entry in entries
            for field in entry.fields
            # A source is always chosen, and the form itself fills in who asks.
            if field.name not in ("source", "contact_name")
        ]
        if self.is_bound:
            rows = [*self.uses.forms, *self.conditions.forms]
            return any(self.data.get(name) for name in names) or any(form.has_changed() for form in rows)
        return (
            any(getattr(self.instance, name) for name in names)
            or bool(self.uses.initial)
            or bool(self.conditions.initial)
        )

    def entry(self, name):
        rows = {"energy_uses": self.uses, "quantities": self.conditions}.get(name)
        fields = [] if rows is not None else [self[field] for field in TOGETHER.get(name, [name])]
        is_chosen = name in FIELD_VISIBILITY
        return Entry(name, fields, rows, self[f"visibility_{name}"] if is_chosen else None)
