"""What a person says about a saved search."""

from django import forms
from django.utils.translation import gettext_lazy as _

from notices.enums import Rhythm
from search.models import SavedSearch


class SavedSearchForm(forms.ModelForm):
    """Name and rhythm."""

    rhythm = forms.ChoiceField(
        label=_("有新条目时提醒"),
        choices=Rhythm.choices,
        widget=forms.RadioSelect,
        help_text=_("每天一次在早上 8 点，每周一次在周一早上 8 点，与其他消息合并为一封邮件。"),
    )

    class Meta:
        model = SavedSearch
        fields = ["name", "rhythm"]

    def clean_rhythm(self):
        return Rhythm(self.cleaned_data["rhythm"])
