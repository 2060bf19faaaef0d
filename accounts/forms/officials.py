"""What officials decide and hand out."""

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import ApiToken, Organisation
from accounts.validators import normalise_credit_code


class VerificationForm(forms.Form):
    """Pass or refuse; a refusal needs its reason."""

    decision = forms.ChoiceField(
        label=gettext_lazy("核验结论"),
        choices=[("verify", gettext_lazy("通过")), ("reject", gettext_lazy("不通过"))],
        widget=forms.RadioSelect,
    )
    note = forms.CharField(
        label=gettext_lazy("说明"),
        max_length=500,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=gettext_lazy("不通过时必填，会发给机构管理员，如“执照名称与填写不一致”。"),
    )

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("decision") == "reject" and not (cleaned.get("note") or "").strip():
            self.add_error("note", _("请填写不通过的原因，便于对方更正。"))
        return cleaned


class ApiTokenForm(forms.ModelForm):
    """A new key: what for, for whom, until when."""

    codes = forms.CharField(
        label=gettext_lazy("限定机构"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=gettext_lazy("每行一个统一社会信用代码；留空则可读取全部机构，请谨慎。"),
    )

    class Meta:
        model = ApiToken
        fields = ["name", "purpose", "expires_at"]
        widgets = {"expires_at": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        help_texts = {
            "name": gettext_lazy("使用方与系统，如“智慧能耗平台”。"),
            "expires_at": gettext_lazy("建议不超过一年；留空则长期有效。"),
        }

    def clean_expires_at(self):
        expires_at = self.cleaned_data["expires_at"]
        if expires_at and expires_at <= timezone.now():
            raise ValidationError(_("失效日期应在今天之后。"), code="past")
        return expires_at

    def clean_codes(self):
        codes = {normalise_credit_code(line) for line in self.cleaned_data["codes"].split() if line}
        organisations = list(Organisation.objects.filter(credit_code__in=codes))
        unknown = codes - {organisation.credit_code for organisation in organisations}
        if unknown:
            raise ValidationError(
                _("平台上没有这些代码的机构：%(codes)s") % {"codes": "、".join(sorted(unknown))},
                code="unknown",
            )
        return organisations
