"""People in the Wagtail admin: one name instead of two, and a phone."""

from django import forms
from django.utils.translation import gettext_lazy as _
from wagtail.users.forms import UserCreationForm as WagtailUserCreationForm
from wagtail.users.forms import UserEditForm as WagtailUserEditForm
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from accounts.forms.fields import PhoneField
from accounts.models import User


class PersonFields(forms.ModelForm):
    """Name and phone; a phone that an administrator typed still has to be confirmed at the first log-in."""

    first_name = last_name = None
    name = forms.CharField(label=_("姓名"), max_length=50)
    phone = PhoneField(required=False)

    def clean_phone(self):
        return self.cleaned_data["phone"] or None

    def save(self, commit=True):
        if "phone" in self.changed_data:
            self.instance.phone_verified = False
        return super().save(commit)


class UserCreationForm(PersonFields, WagtailUserCreationForm):
    class Meta(WagtailUserCreationForm.Meta):
        fields = (WagtailUserCreationForm.Meta.fields - {"first_name", "last_name"}) | {"name", "phone"}


class UserEditForm(PersonFields, WagtailUserEditForm):
    class Meta(WagtailUserEditForm.Meta):
        fields = (WagtailUserEditForm.Meta.fields - {"first_name", "last_name"}) | {"name", "phone"}


class UserViewSet(WagtailUserViewSet):
    model = User

    def get_form_class(self, for_update=False):
        return UserEditForm if for_update else UserCreationForm
