"""Forms behind officials' edit pages in the Wagtail admin."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from accounts.models import Industry
from catalog.enums import CooperationMode
from catalog.importers.choice_synonyms import INDUSTRY_SYNONYMS
from catalog.importers.choices import ChoiceIndex
from catalog.importers.problems import ValueProblem


class IndustriesField(forms.CharField):
    """Industries typed by name or code, separated by 、; the value is a list of Industry."""

    def __init__(self, **options):
        options.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(**options)

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return []
        index = ChoiceIndex(
            Industry.objects.values_list("code", "name"), label=_("行业分类"), synonyms=INDUSTRY_SYNONYMS
        )
        try:
            codes = index.parse_many(text)
        except ValueProblem as problem:
            raise ValidationError(f"{problem}{problem.example}") from problem
        return list(Industry.objects.filter(code__in=codes))

    def prepare_value(self, value):
        """Show industries as code and name, and typed text as it was typed."""
        if isinstance(value, str) or value is None:
            return value
        return "、".join(str(industry) for industry in value)

    def has_changed(self, initial, data):
        return self.prepare_value(initial) != data


class TechnologyAdminForm(WagtailAdminModelForm):
    """Ranges must not be upside down, cooperation is ticked, industries are typed."""

    industries = IndustriesField(
        label=gettext_lazy("适用行业"),
        help_text=gettext_lazy("填写名称或代码，用顿号隔开，如“纺织业、C2614”。"),
        required=False,
    )
    cooperation_modes = forms.MultipleChoiceField(
        label=gettext_lazy("合作方式"),
        choices=CooperationMode,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
