"""Fields of several forms."""

from allauth.account.fields import PhoneField as AllauthPhoneField
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.urls import reverse_lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Industry
from accounts.services.industries import match_industry
from accounts.validators import normalise_credit_code, normalise_phone, validate_credit_code

is_phone = RegexValidator(
    r"^\+[1-9]\d{5,14}$",
    gettext_lazy("请输入 11 位手机号；境外号码请带国家区号，如 +852。"),
    code="invalid_phone",
)


class PhoneField(AllauthPhoneField):
    """A phone number, stored as E.164; mainland mobile numbers need no country code."""

    def __init__(self, *args, **kwargs):
        kwargs.setdefault("validators", [is_phone])
        super().__init__(*args, **kwargs)
        self.label = gettext_lazy("手机号")
        self.widget.attrs = {"type": "tel", "autocomplete": "tel", "inputmode": "tel"}

    def to_python(self, value):
        value = super().to_python(value)
        return normalise_phone(value) if value else value


class CreditCodeField(forms.CharField):
    """A 统一社会信用代码; full-width, lower-case and spaced input is understood."""

    default_validators = [validate_credit_code]

    def __init__(self, **kwargs):
        kwargs.setdefault("label", gettext_lazy("统一社会信用代码"))
        kwargs.setdefault("max_length", 60)
        super().__init__(**kwargs)
        self.widget.attrs.update(
            {"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        )

    def to_python(self, value):
        value = super().to_python(value)
        return normalise_credit_code(value) if value else value


class IndustryField(forms.CharField):
    """An industry, typed as code or name; the browser offers what fits, without a script the error does."""

    def __init__(self, **kwargs):
        kwargs.setdefault("label", gettext_lazy("所属行业"))
        super().__init__(max_length=120, **kwargs)
        self.widget.attrs.update(
            {
                "list": "industry-options",
                "autocomplete": "off",
                "hx-get": reverse_lazy("accounts:industries"),
                "hx-trigger": "focus once, input changed delay:200ms",
                "hx-target": "#industry-options",
                "hx-swap": "innerHTML",
                "hx-vals": '{"field": "industry"}',
            }
        )

    def prepare_value(self, value):
        if isinstance(value, int):
            value = Industry.objects.filter(pk=value).first()
        return str(value) if isinstance(value, Industry) else value

    def clean(self, value):
        text = super().clean(value)
        if not text:
            return None
        industry, candidates = match_industry(text)
        if industry is not None:
            return industry
        if candidates:
            names = "；".join(str(candidate) for candidate in candidates)
            raise ValidationError(
                _("请写得更具体。您是否指：%(names)s？") % {"names": names}, code="ambiguous"
            )
        raise ValidationError(
            _("国民经济行业分类（GB/T 4754）中没有找到“%(text)s”，请换一个说法或输入代码，如 C26。")
            % {"text": text},
            code="unknown",
        )

    def has_changed(self, initial, data):
        return (self.prepare_value(initial) or "") != (data or "").strip()
