"""An organisation and how one comes to it."""

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.forms.fields import CreditCodeField, IndustryField
from accounts.models import Area, Membership, Organisation
from accounts.uploads import LICENCE_KINDS, accept_attribute, validate_upload

LICENCE_LIMIT_MB = 10
KINDS = ("is_supplier", "is_enterprise", "is_financial")
RESPONSIBILITIES = ["handles_energy", "handles_production", "handles_finance"]


class CreditCodeForm(forms.Form):
    """Which organisation the person belongs to."""

    credit_code = CreditCodeField(
        help_text=gettext_lazy("营业执照上的 18 位代码，全角、小写或带空格都可以。")
    )


class LicenceInput(forms.ClearableFileInput):
    """A file field that does not link to the file: it lies where no address reaches it."""

    template_name = "django/forms/widgets/file.html"


class OrganisationForm(forms.ModelForm):
    """What the owners say about their organisation."""

    industry = IndustryField(
        required=False,
        help_text=gettext_lazy("输入名称或代码搜索，按国民经济行业分类（GB/T 4754），如“有机化学”或 C26。"),
    )

    class Meta:
        model = Organisation
        fields = ["name", *KINDS, "industry", "area", "address", "introduction", "licence"]
        widgets = {
            "licence": LicenceInput(attrs={"accept": accept_attribute(LICENCE_KINDS)}),
            "introduction": forms.Textarea(attrs={"rows": 4}),
        }
        help_texts = {
            "name": gettext_lazy("与营业执照一致的全称。"),
            "licence": gettext_lazy(
                "PDF 或清晰照片，不超过 10 MB，只有本机构管理员和主管部门能看到。核验后机构名旁显示“已核验”。"
            ),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = Area.objects.order_by("kind", "code")
        self.fields["area"].empty_label = _("不在本区或暂不选择")

    def kind_fields(self):
        return [self[name] for name in KINDS]

    def clean_licence(self):
        licence = self.cleaned_data.get("licence")
        if licence and "licence" in self.changed_data:
            validate_upload(licence, kinds=LICENCE_KINDS, max_mb=LICENCE_LIMIT_MB)
        return licence

    def clean(self):
        cleaned = super().clean()
        if not any(cleaned.get(name) for name in KINDS):
            self.add_error("is_supplier", _("请至少选择一种身份：技术供方、用能单位或金融机构。"))
        return cleaned


class ResponsibilitiesForm(forms.ModelForm):
    """What a member answers for; messages go to those who answer for their subject."""

    class Meta:
        model = Membership
        fields = RESPONSIBILITIES


class JoinForm(ResponsibilitiesForm):
    """A request to be let in."""

    class Meta(ResponsibilitiesForm.Meta):
        fields = ["message", *RESPONSIBILITIES, "asks_official"]
        widgets = {"message": forms.Textarea(attrs={"rows": 2})}
        labels = {"asks_official": gettext_lazy("管理员已离职或联系不上，请主管部门处理")}
        help_texts = {"message": gettext_lazy("说明您的部门和职务，便于对方确认。")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["message"].required = True
