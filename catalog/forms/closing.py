"""How a demand ended."""

from django import forms
from django.utils.translation import gettext_lazy

from catalog.enums import DemandOutcome


class CloseDemandForm(forms.Form):
    """Ask for the outcome of a demand."""

    outcome = forms.ChoiceField(
        label=gettext_lazy("结果"), choices=DemandOutcome.choices, widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("说明"), max_length=500, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
