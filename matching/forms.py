"""What officials gather into a push and how they weigh the reserve, and what people say of a match."""

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Area
from catalog.forms.figures import AmountField
from matching.engine.reserve import FACTORS
from matching.enums import Audience, RefusalReason, Side, Verdict
from matching.models import FairnessSettings, LearningOptions, ReserveWeights, SupplierTerms


class PreparePushForm(forms.Form):
    """What to gather into a push."""

    audience = forms.ChoiceField(label=_("推送给"), choices=Audience, widget=forms.RadioSelect)
    minimum_score = forms.IntegerField(
        label=_("最低匹配度（%）"), min_value=0, max_value=100, initial=50,
        help_text=_("只收集匹配度不低于此值、没有硬性冲突、双方都未拒绝过的匹配。"),
    )  # fmt: skip
    per_person = forms.IntegerField(
        label=_("每人最多条数"), min_value=1, max_value=20, initial=5, help_text=_("按匹配度从高到低选取。")
    )
    note = forms.CharField(
        label=_("附言"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("放在消息开头，可留空。"),
    )  # fmt: skip

    def clean_minimum_score(self):
        return self.cleaned_data["minimum_score"] / 100


class FeedbackForm(forms.Form):
    """The word of one side; a refusal needs one of the reasons of that side, an implementation its date."""

    verdict = forms.ChoiceField(choices=Verdict.choices)
    reason_code = forms.ChoiceField(
        label=_("原因"), required=False, error_messages={"invalid_choice": _("请选择不合适的原因。")}
    )
    note = forms.CharField(label=_("补充说明"), max_length=500, required=False)
    implemented_on = forms.DateField(
        label=_("实施日期"), required=False, error_messages={"invalid": _("请按“年-月-日”填写实施日期。")}
    )
    verified_saving_tce = forms.DecimalField(
        label=_("核定年节能量（tce）"), required=False, min_value=0, max_digits=12, decimal_places=2,
        error_messages={"invalid": _("核定节能量应为数字。"), "min_value": _("核定节能量不能为负数。")},
    )  # fmt: skip
    verified_saving_cny = forms.DecimalField(
        label=_("核定年节约费用（元）"), required=False, min_value=0, max_digits=14, decimal_places=2,
        error_messages={"invalid": _("核定节约费用应为数字。"), "min_value": _("核定节约费用不能为负数。")},
    )  # fmt: skip

    def __init__(self, *args, side: Side, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason_code"].choices = [
            ("", "—"),
            *((item, item.label) for item in RefusalReason.of(side)),
        ]

    @property
    def first_error(self):
        """Return the first sentence about what is wrong."""
        return next((errors[0] for errors in self.errors.values()), "")


class OutcomeForm(FeedbackForm):
    """What an official records in place of the enterprise."""

    verdict = forms.ChoiceField(label=_("进展"), widget=forms.RadioSelect)
    implemented_on = forms.DateField(
        label=_("实施日期"), required=False, help_text=_("“已实施”必填。"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )  # fmt: skip

    def __init__(self, *args, **kwargs):
        super().__init__(*args, side=Side.ENTERPRISE, **kwargs)
        self.fields.pop("reason_code")
        self.fields["verdict"].choices = [(each.value, each.label) for each in Verdict.outcomes()]


class LearningOptionsForm(forms.ModelForm):
    """How much each kind of feedback counts; not a number, infinite and negative ones are refused."""

    class Meta:
        model = LearningOptions
        fields = ["interested", "introduced", "implemented", "refused", "activates_at_once"]


class ReserveWeightsForm(forms.ModelForm):
    """How much each factor of the reserve score counts, from 0 to 100."""

    class Meta:
        model = ReserveWeights
        fields = FACTORS


class FairnessForm(forms.ModelForm):
    """How lists may be re-ordered for both sides."""

    class Meta:
        model = FairnessSettings
        fields = (
            "largest_share",
            "near_points",
            "uses_supplier_view",
            "new_days",
            "new_first_ten",
            "new_margin_points",
        )


class SupplierTermsForm(forms.ModelForm):
    """What projects a supplier takes on."""

    smallest_project_cny = AmountField(
        "money",
        label=_("愿意承接的最小投资额"),
        required=False,
        help_text=_("如 30万元；不写单位按万元计，可留空"),
    )
    # Choices are compared in memory: no database takes every number that a form can hold.
    areas = forms.MultipleChoiceField(
        label=_("服务区域"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("不选表示没有说明；选了上级区域即包括其下各镇和园区"),
    )

    class Meta:
        model = SupplierTerms
        fields = ("takes_needs", "smallest_project_cny", "areas")

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["areas"].choices = [
            (area.code, area.name) for area in Area.objects.order_by("kind", "code")
        ]
        self.initial["areas"] = [area.code for area in self.initial.get("areas", ())]

    def clean_areas(self):
        return Area.objects.filter(code__in=self.cleaned_data["areas"])
