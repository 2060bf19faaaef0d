"""What a technology must say before reviewers look at it, and what they will ask about."""

from collections.abc import Callable
from dataclasses import dataclass

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from catalog.enums import EvidenceLevel, TechnologyStep
from catalog.models import Technology

CATALOGUE_CASES = 2


@dataclass(frozen=True)
class Requirement:
    """A figure or text that a good listing has; `fields` are names of form fields, the first is linked to."""

    step: TechnologyStep
    fields: tuple[str, ...]
    sentence: str
    is_met: Callable[[Technology], bool]


def _has_text(name: str) -> Callable[[Technology], bool]:
    return lambda technology: bool(getattr(technology, name).strip())


def _has_any(*names: str) -> Callable[[Technology], bool]:
    return lambda technology: any(getattr(technology, name) is not None for name in names)


REQUIREMENTS = [
    Requirement(TechnologyStep.BASICS, ("summary",), _("用一句话说明节能效果"), _has_text("summary")),
    Requirement(TechnologyStep.FUNCTION, ("principle",), _("说明技术原理"), _has_text("principle")),
    Requirement(
        TechnologyStep.FUNCTION,
        ("systems",),
        _("选择至少一个用能系统"),
        lambda technology: technology.systems.exists(),
    ),
    Requirement(
        TechnologyStep.FUNCTION,
        ("carriers",),
        _("选择节约的能源品种"),
        lambda technology: technology.carriers.exists(),
    ),
    Requirement(
        TechnologyStep.FUNCTION,
        ("applies_to_all_industries", "divisions"),
        _("选择适用行业，或注明各行业通用"),
        lambda technology: technology.applies_to_all_industries or technology.industries.exists(),
    ),
    Requirement(TechnologyStep.CONDITIONS, ("scope",), _("写明适用范围"), _has_text("scope")),
    Requirement(
        TechnologyStep.FIGURES,
        ("saving_rate", "annual_saving"),
        _("填写节能率或典型项目年节能量"),
        _has_any("saving_rate_min", "saving_rate_max", "annual_saving_min_tce", "annual_saving_max_tce"),
    ),
    Requirement(
        TechnologyStep.FIGURES, ("saving_basis",), _("写明节能量的计算依据"), _has_text("saving_basis")
    ),
    Requirement(
        TechnologyStep.FIGURES,
        ("investment", "unit_investment"),
        _("填写典型项目投资或单位投资"),
        _has_any(
            "investment_min_cny", "investment_max_cny", "unit_investment_min_cny", "unit_investment_max_cny"
        ),
    ),
    Requirement(
        TechnologyStep.COOPERATION,
        ("cooperation_modes",),
        _("选择合作方式"),
        lambda technology: bool(technology.cooperation_modes),
    ),
    Requirement(TechnologyStep.COOPERATION, ("contact_name",), _("填写联系人"), _has_text("contact_name")),
    Requirement(
        TechnologyStep.COOPERATION,
        ("contact_phone", "contact_email"),
        _("填写联系电话或邮箱"),
        lambda technology: bool(technology.contact_phone or technology.contact_email),
    ),
]
NEEDED_FIELDS = {name for requirement in REQUIREMENTS for name in requirement.fields}


def missing_for_review(technology: Technology) -> list[Requirement]:
    """Return what must be added before the technology can be sent for review."""
    return [requirement for requirement in REQUIREMENTS if not requirement.is_met(technology)]


def remarks_for_review(technology: Technology) -> list[Requirement]:
    """Return what does not stop a submission but weakens it; reviewers see the same list."""
    remarks = []
    if technology.evidence_level == EvidenceLevel.CATALOGUE:
        years = [case.year for case in technology.cases.all()]
        proven = sum(year is not None and year < timezone.localdate().year for year in years)
        if proven < CATALOGUE_CASES:
            remarks.append(
                _remark(
                    TechnologyStep.CASES,
                    _("入选推荐目录的技术应有至少 2 个稳定运行一年以上的国内应用案例，现有 %d 个") % proven,
                )
            )
        if not technology.source_catalogue:
            remarks.append(
                _remark(TechnologyStep.COOPERATION, _("证据等级为“入选推荐目录”，请写明目录名称和版本"))
            )
    elif not technology.cases.exists():
        remarks.append(_remark(TechnologyStep.CASES, _("没有应用案例，用能单位通常先看案例")))
    if technology.evidence_level != EvidenceLevel.SELF_DECLARED and not technology.documents.exists():
        remarks.append(
            _remark(TechnologyStep.COOPERATION, _("证据等级高于“自我声明”，请上传检测报告等证明材料"))
        )
    if technology.payback_min_years is None and technology.payback_max_years is None:
        remarks.append(
            _remark(TechnologyStep.FIGURES, _("没有投资回收期，用能单位按回收期筛选时看不到该技术"))
        )
    if not technology.conditions.exists():
        remarks.append(
            _remark(TechnologyStep.CONDITIONS, _("没有量化的应用条件，匹配时只能按文字和用能系统判断"))
        )
    return remarks


def _remark(step: TechnologyStep, sentence: str) -> Requirement:
    return Requirement(step, (), sentence, lambda technology: False)
