"""Forms behind officials' edit pages in the Wagtail admin."""

from django import forms
from django.utils.translation import gettext_lazy
from wagtail.admin.forms import WagtailAdminModelForm

from catalog.enums import CooperationMode
from catalog.forms.industries import industries_named, industries_text


class IndustriesField(forms.CharField):
    """Industries typed by name or code, separated by 、 or ；; the value is a list of Industry."""

    def __init__(self, **options):
        options.setdefault("widget", forms.Textarea(attrs={"rows": 2}))
        super().__init__(**options)

    def to_python(self, value):
        text = super().to_python(value)
        if not text:
            return []
        return industries_named(text)

    def prepare_value(self, value):
        """Show industries as code and name, and typed text as it was typed."""
        if isinstance(value, str) or value is None:
            return value
        return industries_text(value)

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
