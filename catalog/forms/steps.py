"""The steps in which a supplier lists a technology; each may be saved with anything missing but the title."""

from functools import cached_property

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Industry, Organisation
from accounts.uploads import DOCUMENT_KINDS, accept_attribute, validate_upload
from catalog.enums import CooperationMode, TechnologyStep
from catalog.forms.figures import AmountField, RangeField, RangesMixin
from catalog.forms.industries import industries_named, industries_text
from catalog.models import Technology
from catalog.models.technologies import RANGES
from catalog.services.requirements import NEEDED_FIELDS

DIVISION = 1
COMMON_SECTIONS = {"C", "D", "H", "O"}
SHORT = forms.Textarea(attrs={"rows": 3})
LONG = forms.Textarea(attrs={"rows": 6})


class StepForm(RangesMixin, forms.ModelForm):
    """A part of a technology; fields that reviewers need are marked, not demanded."""

    use_required_attribute = False

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name, field in self.fields.items():
            field.is_needed_for_review = name in NEEDED_FIELDS and not field.required

    def apply(self):
        """Return the technology with what was typed, not saved."""
        technology = self.save(commit=False)
        self.save_m2m()
        return technology


class BasicsForm(StepForm):
    """What it is called and who offers it; a new listing names its organisation here."""

    class Meta:
        model = Technology
        fields = ["organisation", "title", "summary", "owner_name", "trl", "intellectual_property"]
        widgets = {"summary": SHORT, "intellectual_property": SHORT}
        labels = {"summary": gettext_lazy("一句话说明效果")}
        help_texts = {
            "title": gettext_lazy("写明设备或工艺与用途，如“喷油螺杆空压机余热回收供热水技术”。"),
            "summary": gettext_lazy("面向用能单位：用在哪里、能省多少，不超过 300 字。"),
            "owner_name": gettext_lazy("与发布机构不同时填写，如专利权人或设备厂家。"),
            "trl": gettext_lazy("1 为原理阶段，9 为已在实际环境中成熟应用。"),
            "intellectual_property": gettext_lazy("专利号、软件著作权、标准编号等。"),
        }

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        organisations = Organisation.objects.of_member(user).filter(is_supplier=True)
        if self.instance.pk or len(organisations) == 1:
            del self.fields["organisation"]
            if not self.instance.pk:
                self.instance.organisation = organisations[0]
        else:
            self.fields["organisation"] = forms.ModelChoiceField(
                organisations, label=_("发布机构"), empty_label=_("请选择"), required=True
            )
            self.fields["organisation"].error_messages["required"] = _("请选择以哪个机构的名义发布。")
        self.fields["trl"].widget = forms.Select(
            choices=[("", _("未填写")), *((level, f"TRL {level}") for level in range(1, 10))]
        )


class FunctionForm(StepForm):
    """How it works and where it is used."""

    divisions = forms.ModelMultipleChoiceField(
        Industry.objects.filter(level=DIVISION).select_related("parent"),
        label=gettext_lazy("适用行业（大类）"),
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    more_industries = forms.CharField(
        label=gettext_lazy("更细或其他行业"),
        help_text=gettext_lazy("填写国民经济行业的名称或代码，用顿号隔开，如“印染精加工、C2614”。"),
        max_length=1000,
        required=False,
    )

    class Meta:
        model = Technology
        fields = ["principle", "process", "systems", "carriers", "applies_to_all_industries"]
        widgets = {
            "principle": LONG,
            "process": LONG,
            "systems": forms.CheckboxSelectMultiple,
            "carriers": forms.CheckboxSelectMultiple,
        }
        labels = {"applies_to_all_industries": gettext_lazy("各行业通用，不限行业")}

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        chosen = list(self.instance.industries.all()) if self.instance.pk else []
        self.initial["divisions"] = [industry.pk for industry in chosen if industry.level == DIVISION]
        self.initial["more_industries"] = industries_text(
            industry for industry in chosen if industry.level != DIVISION
        )

    def clean_more_industries(self):
        """Return the industries named; say which name is unknown and what it might mean."""
        text = self.cleaned_data["more_industries"]
        return industries_named(text) if text else []

    def apply(self):
        technology = super().apply()
        chosen = {*self.cleaned_data["divisions"], *self.cleaned_data["more_industries"]}
        technology.industries.set(sorted(chosen, key=lambda industry: industry.code))
        return technology

    @cached_property
    def industry_groups(self):
        """Return (section, bound boxes, number chosen) for each section of the industry tree."""
        chosen = {str(getattr(value, "pk", value)) for value in self["divisions"].value() or []}
        groups = {}
        divisions = {str(industry.pk): industry for industry in self.fields["divisions"].queryset}
        for box in self["divisions"].subwidgets:
            value = str(box.data["value"])
            groups.setdefault(divisions[value].parent, []).append((box, value in chosen))
        return [
            (section, [box for box, _chosen in boxes], sum(is_chosen for _box, is_chosen in boxes))
            for section, boxes in groups.items()
        ]

    @staticmethod
    def is_common(section):
        """Whether most plants of the district belong to the section; the others are folded away."""
        return section.code in COMMON_SECTIONS

    @property
    def common_groups(self):
        return [group for group in self.industry_groups if self.is_common(group[0])]

    @property
    def other_groups(self):
        return [group for group in self.industry_groups if not self.is_common(group[0])]

    @property
    def others_chosen(self):
        return sum(chosen for _section, _boxes, chosen in self.other_groups)


class ConditionsForm(StepForm):
    """Where it fits and where not; the measurable conditions are rows beside it."""

    class Meta:
        model = Technology
        fields = ["scope", "not_suitable", "conditions_note"]
        widgets = {"scope": LONG, "not_suitable": SHORT, "conditions_note": SHORT}
        help_texts = {
            "scope": gettext_lazy("适用的设备、工艺、规模和工况。"),
            "not_suitable": gettext_lazy("哪些情况下效果不好或不能用，写明可减少无效对接。"),
            "conditions_note": gettext_lazy("场地、水质、停机时间等不便量化的条件。"),
        }


class FiguresForm(StepForm):
    """What it saves and costs."""

    ranges = {name: (low, high) for name, (low, high, _kind, _label) in RANGES.items()}

    saving_rate = RangeField("share", label=RANGES["saving_rate"][3])
    annual_saving = RangeField("energy", label=RANGES["annual_saving"][3])
    investment = RangeField("money", label=RANGES["investment"][3])
    unit_investment = RangeField("yuan", label=RANGES["unit_investment"][3])
    payback = RangeField("years", label=RANGES["payback"][3])
    penetration_now = AmountField("share", label=gettext_lazy("目前推广比例"))
    penetration_in_5_years = AmountField("share", label=gettext_lazy("预计 5 年后推广比例"))

    field_order = [
        "saving_rate", "annual_saving", "saving_basis", "co2_reduction_t", "investment", "unit_investment",
        "investment_unit", "payback", "penetration_now", "penetration_in_5_years", "indicators",
    ]  # fmt: skip

    class Meta:
        model = Technology
        fields = [
            "saving_basis",
            "co2_reduction_t",
            "investment_unit",
            "penetration_now",
            "penetration_in_5_years",
            "indicators",
        ]
        widgets = {"saving_basis": SHORT, "indicators": LONG}
        labels = {"investment_unit": gettext_lazy("单位投资按什么计")}
        help_texts = {
            "saving_basis": gettext_lazy("基准、改造前后对比方法、运行小时数等，让用能单位能复算。"),
            "investment_unit": gettext_lazy("如“元/kW”“元/(t/h)”。"),
            "co2_reduction_t": gettext_lazy("典型项目每年减排的二氧化碳，吨。"),
            "indicators": gettext_lazy("能效、出口温度、排放等主要指标，每行一项。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for name in RANGES:
            self.fields[name].widget.attrs["inputmode"] = "text"
        self.fields["saving_rate"].help_text = _("%(hint)s。占所改造用能系统年用能量的比例") % {
            "hint": self.fields["saving_rate"].help_text
        }


class CasesForm(StepForm):
    """Where it runs: only the rows beside it."""

    class Meta:
        model = Technology
        fields = []


class CooperationForm(StepForm):
    """How to work together, what proves it, whom to ask."""

    cooperation_modes = forms.MultipleChoiceField(
        label=gettext_lazy("合作方式"),
        choices=CooperationMode,
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    document_title = forms.CharField(label=gettext_lazy("文件名称"), max_length=100, required=False)
    document = forms.FileField(label=gettext_lazy("上传文件"), required=False)

    class Meta:
        model = Technology
        fields = [
            "cooperation_modes",
            "contact_name",
            "contact_phone",
            "contact_email",
            "evidence_level",
            "source_catalogue",
            "source_edition",
            "source_item",
            "valid_until",
        ]
        widgets = {"valid_until": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")}
        labels = {"source_catalogue": gettext_lazy("入选目录名称")}
        help_texts = {
            "evidence_level": gettext_lazy("由审核人员核对；高于“自我声明”的请上传证明材料。"),
            "source_catalogue": gettext_lazy("曾入选国家或省市推荐目录的，写明目录全称。"),
            "valid_until": gettext_lazy("过期后自动退出公开展示，长期有效可不填。"),
        }

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        field = self.fields["document"]
        field.widget.attrs["accept"] = accept_attribute()
        field.help_text = _("可上传%s。审核通过后随技术公开。") % "、".join(
            str(kind.label) for kind in DOCUMENT_KINDS
        )
        self.fields["document_title"].help_text = _("如“第三方检测报告”；不填则用文件名。")

    def clean_document(self):
        """Refuse what is not a document, whatever it is called."""
        file = self.cleaned_data["document"]
        if file:
            validate_upload(file)
        return file


STEP_FORMS = {
    TechnologyStep.BASICS: BasicsForm,
    TechnologyStep.FUNCTION: FunctionForm,
    TechnologyStep.CONDITIONS: ConditionsForm,
    TechnologyStep.FIGURES: FiguresForm,
    TechnologyStep.CASES: CasesForm,
    TechnologyStep.COOPERATION: CooperationForm,
}
