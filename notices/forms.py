"""How often each channel may speak."""

from django import forms

from notices.enums import Channel, Rhythm, Topic
from notices.services.preferences import rhythms_for, set_rhythms


class PreferencesForm(forms.Form):
    """One choice for each topic and channel."""

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        for (topic, channel), rhythm in rhythms_for(user).items():
            self.fields[f"{topic}-{channel}"] = forms.ChoiceField(
                label=channel.label,
                choices=Rhythm.choices,
                initial=rhythm,
            )

    def rows(self):
        """Return each topic with its fields in the order of the channels, for a table."""
        return [(topic, [self[f"{topic}-{channel}"] for channel in Channel]) for topic in Topic]

    def save(self):
        choices = {
            (topic, channel): Rhythm(self.cleaned_data[f"{topic}-{channel}"])
            for topic in Topic
            for channel in Channel
        }
        set_rhythms(self.user, choices)
