"""Show what adds up to a score, without what the reader may not know."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from catalog.masking import Level
from matching.models import Recommendation
from matching.wording import OWN_FEEDBACK, may_know

PART_LABELS = {
    "title": _("需求名称与技术名称"),
    "problem": _("问题描述与技术名称"),
    "body": _("需求与技术说明"),
    "topic": _("主题相近"),
    "concept": _("领域与概念"),
    "system": _("用能系统"),
    "conditions": _("工况条件"),
    "industry": _("行业"),
    "carrier": _("能源品种"),
    "payback": _("投资回收期"),
    "budget": _("投资与预算"),
    "saving": _("节能量与目标"),
    "cases": _("应用案例"),
    "evidence": _("证据等级"),
    "prior": _("同类措施的实施比例"),
    "hard_conflict": _("必要条件不满足"),
    "feedback": _("贵单位的反馈"),
}
PART_USES = {
    "problem": ("problem", "process"),
    "body": ("problem", "process"),
    "topic": ("problem", "process"),
    "concept": ("problem", "process"),
    "conditions": ("quantities",),
    "hard_conflict": ("quantities",),
    "industry": ("industry",),
    "cases": ("industry",),
    "payback": ("max_payback_years",),
    "budget": ("budget_cny",),
    "saving": ("target_saving_tce", "annual_use_tce", "energy_uses"),
    "feedback": (OWN_FEEDBACK,),
}


@dataclass(frozen=True, slots=True)
class ScorePart:
    """What one aspect adds to the score; ``value`` is None when it is unknown."""

    name: str
    label: str
    value: float | None
    contribution: float


def _uses(recommendation: Recommendation, part: str) -> tuple[str, ...]:
    """Return the fields that a part draws on; conditions may have been read from texts."""
    if part not in ("conditions", "hard_conflict"):
        return PART_USES.get(part, ())
    judged = [
        each["uses"]
        for each in recommendation.reasons
        if each["code"] == "condition" and "given" in each["params"]
    ]
    return tuple({name for uses in judged for name in uses}) if judged else PART_USES[part]


def score_parts(recommendation: Recommendation, level: Level) -> list[ScorePart]:
    """Return the parts of the score that a reader of that level may see; with all of them, they add up to it."""
    return [
        ScorePart(part["name"], str(PART_LABELS[part["name"]]), part["value"], part["contribution"])
        for part in recommendation.parts
        if part["name"] in PART_LABELS
        and may_know(recommendation.demand, _uses(recommendation, part["name"]), level)
    ]
