"""Members and invitations."""

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import is_phone
from accounts.forms.organisations import RESPONSIBILITIES
from accounts.models import Invitation, Membership
from accounts.validators import normalise_phone, to_half_width


class MemberForm(forms.ModelForm):
    """A member's role and responsibilities."""

    class Meta:
        model = Membership
        fields = ["role", *RESPONSIBILITIES]
        widgets = {"role": forms.RadioSelect}


class InvitationForm(forms.ModelForm):
    """Whom to invite, by e-mail or phone in one field."""

    contact = forms.CharField(
        label=gettext_lazy("邮箱或手机号"),
        max_length=254,
        help_text=gettext_lazy("对方会收到一个 14 天内有效的加入链接，没有账号也可以接受。"),
    )

    class Meta:
        model = Invitation
        fields = ["role", *RESPONSIBILITIES]
        widgets = {"role": forms.RadioSelect}

    field_order = ["contact"]

    def clean_contact(self):
        typed = to_half_width(self.cleaned_data["contact"]).strip()
        try:
            if "@" in typed:
                validate_email(typed)
                self.instance.email, self.instance.phone = typed.lower(), ""
            else:
                self.instance.email, self.instance.phone = "", normalise_phone(typed)
                is_phone(self.instance.phone)
        except ValidationError as error:
            raise ValidationError(_("请输入正确的邮箱或 11 位手机号。"), code="contact") from error
        return typed
