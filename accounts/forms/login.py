"""Signing up and logging in; allauth does the rest."""

from allauth.account import forms as allauth_forms
from django import forms
from django.urls import reverse_lazy
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.validators import normalise_phone


class SignupForm(allauth_forms.SignupForm):
    """Name, e-mail or phone, a password and consent."""

    name = forms.CharField(
        label=gettext_lazy("姓名"),
        max_length=50,
        help_text=gettext_lazy("请填写真实姓名，便于同事和对接方联系。"),
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    accepts_terms = forms.BooleanField(
        error_messages={"required": gettext_lazy("请先阅读并同意服务条款与隐私说明。")}
    )
    field_order = ["name", "phone", "email", "password1", "password2", "accepts_terms"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, label in (("email", _("邮箱")), ("phone", _("手机号"))):
            self.fields[name].required = False
            self.fields[name].label = label
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["phone"].help_text = _("手机号和邮箱填一个即可，用来登录和接收验证码。")
        self.fields["password1"].label, self.fields["password2"].label = _("密码"), _("再次输入密码")
        for name in ("password1", "password2"):
            self.fields[name].widget.attrs.pop("placeholder", None)
        self.fields["accepts_terms"].label = format_html(
            _('我已阅读并同意<a href="{}" target="_blank">服务条款与隐私说明</a>'),
            reverse_lazy("accounts:terms"),
        )

    def clean_email(self):
        return super().clean_email() if self.cleaned_data.get("email") else ""

    def clean(self):
        cleaned = super().clean()
        has_contact = cleaned.get("email") or cleaned.get("phone")
        if not has_contact and not self.errors.keys() & {"email", "phone"}:
            self.add_error("phone", _("请填写手机号或邮箱。"))
        return cleaned


class LoginForm(allauth_forms.LoginForm):
    """E-mail or phone in one field."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["login"].label = _("邮箱或手机号")
        self.fields["login"].widget.attrs = {"autocomplete": "username"}
        self.fields["password"].label = _("密码")
        self.fields["password"].widget.attrs.pop("placeholder", None)

    def clean_login(self):
        login = super().clean_login()
        return login if "@" in login else normalise_phone(login)


class CodeFieldMixin:
    """Six digits, with the keyboard for digits on a phone."""

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["code"].label = _("验证码")
        self.fields["code"].widget.attrs = {"autocomplete": "one-time-code", "inputmode": "numeric"}


class LoginCodeForm(CodeFieldMixin, allauth_forms.ConfirmLoginCodeForm):
    """The code of a log-in without password."""


class EmailCodeForm(CodeFieldMixin, allauth_forms.ConfirmEmailVerificationCodeForm):
    """The code that proves an e-mail address."""


class PhoneCodeForm(CodeFieldMixin, allauth_forms.VerifyPhoneForm):
    """The code that proves a phone."""
