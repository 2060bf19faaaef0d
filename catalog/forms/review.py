"""What reviewers choose and write."""

from django import forms
from django.utils.translation import gettext_lazy as _

from catalog.services.review import APPROVE, RETURN, RETURN_REASONS

WAITING = [("", _("全部")), ("3", _("超过 3 天")), ("7", _("超过 7 天")), ("30", _("超过 30 天"))]


class QueueFilterForm(forms.Form):
    """Which submissions are listed."""

    kind = forms.ChoiceField(
        label=_("库"),
        choices=[("", _("全部")), ("technology", _("技术")), ("demand", _("需求"))],
        required=False,
    )
    word = forms.CharField(label=_("名称或机构"), max_length=100, required=False)
    waiting = forms.ChoiceField(label=_("等待时间"), choices=WAITING, required=False)


class DecisionForm(forms.Form):
    """A decision with its reason; returning needs a ready-made sentence or an own one."""

    action = forms.ChoiceField(choices=[(APPROVE, _("通过")), (RETURN, _("退回"))], widget=forms.HiddenInput)
    reasons = forms.MultipleChoiceField(
        label=_("常用意见"), widget=forms.CheckboxSelectMultiple, required=False
    )
    text = forms.CharField(
        label=_("意见"), widget=forms.Textarea(attrs={"rows": 4}), max_length=2000, required=False
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reasons"].choices = [(str(i), reason) for i, reason in enumerate(RETURN_REASONS)]

    def clean(self):
        """Join the chosen sentences and the own text to one comment."""
        cleaned = super().clean()
        chosen = [str(RETURN_REASONS[int(i)]) for i in cleaned.get("reasons", [])]
        cleaned["comment"] = "\n".join([*chosen, cleaned.get("text", "").strip()]).strip()
        if cleaned.get("action") == RETURN and not cleaned["comment"] and "text" not in self.errors:
            self.add_error("text", _("退回时请勾选或写明原因，供提交方修改。"))
        return cleaned
