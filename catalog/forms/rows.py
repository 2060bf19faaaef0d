"""Rows of a technology's form: cases and measurable conditions, with “one more row” that works without JavaScript."""

from datetime import date

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Industry
from catalog.enums import Quantity, TechnologyStep
from catalog.formats import range_text
from catalog.forms.figures import AmountField
from catalog.importers.problems import ValueProblem
from catalog.importers.quantities import parse_quantity
from catalog.models import TechnologyCase, TechnologyCondition

MOST_ROWS = 50


class RowForm(forms.ModelForm):
    """One row; a row in which nothing was typed does not exist."""

    use_required_attribute = False
    key = forms.IntegerField(required=False, widget=forms.HiddenInput)
    not_typed = {"key", "DELETE"}

    def has_changed(self):
        return any(
            self[name].value() not in (None, "", False) for name in self.fields if name not in self.not_typed
        )


class CaseForm(RowForm):
    """Where the technology runs."""

    investment_cny = AmountField("money", label=gettext_lazy("投资"))
    annual_saving_tce = AmountField("energy", label=gettext_lazy("年节能量"))
    payback_years = AmountField("years", label=gettext_lazy("投资回收期"))

    class Meta:
        model = TechnologyCase
        fields = [
            "site",
            "industry",
            "year",
            "scale",
            "investment_cny",
            "annual_saving_tce",
            "payback_years",
            "verified_by",
            "description",
        ]
        widgets = {"description": forms.Textarea(attrs={"rows": 2})}
        help_texts = {
            "site": gettext_lazy("不便公开名称的，可写“某印染企业”。"),
            "scale": gettext_lazy("如“2 台 160 kW 空压机”。"),
            "verified_by": gettext_lazy("如“某检测机构”“业主验收”。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["industry"].queryset = Industry.objects.filter(level__lte=1)
        self.fields["industry"].empty_label = _("未填写")
        if self.instance.industry_id:
            self.fields["industry"].queryset |= Industry.objects.filter(pk=self.instance.industry_id)

    def clean_year(self):
        year = self.cleaned_data["year"]
        if year and year > date.today().year:
            raise ValidationError(_("投运年份不能晚于今年；尚未投运的项目请不要填作案例。"))
        return year


class ConditionForm(RowForm):
    """A measurable condition, its range typed as one text."""

    not_typed = RowForm.not_typed | {"is_hard"}
    span = forms.CharField(
        label=gettext_lazy("范围"),
        help_text=gettext_lazy("如 60-95、≥200、不超过0.8"),
        max_length=60,
        error_messages={"required": gettext_lazy("请填写数值或范围。")},
    )

    class Meta:
        model = TechnologyCondition
        fields = ["quantity", "span", "is_hard", "note"]
        labels = {"quantity": gettext_lazy("参数（单位）"), "is_hard": gettext_lazy("必须满足，否则不推荐")}
        error_messages = {"quantity": {"required": gettext_lazy("请选择参数。")}}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["quantity"].choices = [("", _("请选择")), *Quantity.choices]
        if not self.is_bound and (self.instance.minimum is not None or self.instance.maximum is not None):
            self.initial["span"] = range_text(self.instance.minimum, self.instance.maximum)

    def clean(self):
        """Read the range in the unit of the quantity."""
        cleaned = super().clean()
        if cleaned.get("quantity") and cleaned.get("span"):
            try:
                found = parse_quantity(cleaned["span"], cleaned["quantity"])
            except ValueProblem as problem:
                self.add_error("span", f"{problem}{problem.expected}")
            else:
                self.instance.minimum, self.instance.maximum = (
                    None if end is None else round(end, 3) for end in (found.minimum, found.maximum)
                )
                if any(abs(end) >= 10**11 for end in (found.minimum, found.maximum) if end is not None):
                    self.add_error("span", _("数值过大，请检查单位。"))
        return cleaned


class RowFormSet(forms.BaseFormSet):
    """Rows bound to the children a technology already has; `rows` are the children after editing."""

    def __init__(self, data=None, *, children, **kwargs):
        self.children = list(children)
        if data is None:
            kwargs["initial"] = [{"key": child.pk} for child in self.children]
        super().__init__(data, **kwargs)

    def _construct_form(self, i, **kwargs):
        if not self.is_bound:
            if i < len(self.children):
                kwargs["instance"] = self.children[i]
        else:
            kwargs["instance"] = self._child_with_key(self.data.get(f"{self.add_prefix(i)}-key"))
        return super()._construct_form(i, **kwargs)

    def _child_with_key(self, key):
        return next((child for child in self.children if child.pk and str(child.pk) == key), None)

    @property
    def rows(self):
        """Return the children that remain, in the order typed."""
        return [
            form.instance for form in self.forms if form.has_changed() and not form.cleaned_data.get("DELETE")
        ]


def rows_of(form, *, extra):
    return forms.formset_factory(
        form,
        formset=RowFormSet,
        extra=extra,
        can_delete=True,
        max_num=MOST_ROWS,
        absolute_max=MOST_ROWS + 1,
        validate_max=True,
    )


# Step: name of the children, form set without and with an empty row at its end.
STEP_ROWS = {
    TechnologyStep.CONDITIONS: ("conditions", rows_of(ConditionForm, extra=1)),
    TechnologyStep.CASES: ("cases", rows_of(CaseForm, extra=1)),
}


def with_another_row(data, prefix):
    """Return posted data in which one more, empty row is counted."""
    data = data.copy()
    try:
        count = int(data.get(f"{prefix}-TOTAL_FORMS", 0))
    except ValueError:
        count = 0
    data[f"{prefix}-TOTAL_FORMS"] = str(min(count + 1, MOST_ROWS))
    return data
