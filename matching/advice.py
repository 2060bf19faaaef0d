"""What the enterprise could still say to make its list surer."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.models import Demand
from matching.engine.quoting import telling_words
from matching.engine.text import LONGEST_TEXT, normalise
from matching.figures import figure, quantity_name
from matching.models import Recommendation
from matching.models.recommendations import MATCHED_SCORE

MOST_PIECES = 4
HAN = re.compile("[\u3400-\u9fff]")  # data: the range of the script
LETTER = re.compile("[a-z]")
# What a reason leaves open when the demand does not say it, and where that stands in the form.
FORM_PLACES = {
    "payback": "id_max_payback_years",
    "budget": "id_budget_cny",
    "saving": "id_uses-0-amount",
    "condition": "id_conditions-0-quantity",
}


@dataclass(frozen=True, slots=True)
class Advice:
    """One thing to add: the sentence and the place in the form."""

    text: str
    anchor: str
    count: int


def text_note(demand: Demand) -> str:
    """Say in one sentence what keeps the text of a demand from being compared well, empty when nothing does."""
    text = normalise(f"{demand.title}\n{demand.problem}")
    if telling_words(text) and HAN.search(text):
        if len(demand.problem) > LONGEST_TEXT:
            return _("现状描述很长，匹配只比较前 %(count)s 字；请把要点写在前面。") % {
                "count": figure(LONGEST_TEXT)
            }
        return ""
    if LETTER.search(text) and not HAN.search(text):
        return _("需求文字中没有中文，只能按少量英文术语匹配；请补充中文描述。")
    return _("需求文字中没有可识别的技术词；请写明设备、介质和要解决的问题。")


def weakness_note(recommendations: Iterable[Recommendation]) -> str:
    """Say that nothing on a list is a good match, empty when something is or nothing is listed."""
    scores = [each.base_score for each in recommendations if not each.has_conflict]
    if not scores or max(scores) >= MATCHED_SCORE:
        return ""
    return _(
        "目前没有匹配度达到 %(score)d 的技术，以下只有部分内容相近，请先核对；新技术入库后会自动匹配。"
    ) % {"score": MATCHED_SCORE * 100}


def advise(recommendations: Iterable[Recommendation]) -> list[Advice]:
    """Return what is missing in the demand, the most often needed first."""
    missing: Counter[tuple[str, str]] = Counter()
    for recommendation in recommendations:
        found = set()
        for reason in recommendation.reasons:
            code, params = reason["code"], reason["params"]
            if reason.get("missing") == "demand" and code in FORM_PLACES:
                found.add((code, params.get("quantity", "")))
            elif code == "saving" and params.get("basis") == "typical_project":
                found.add((code, ""))
        missing.update(found)
    return [
        Advice(advice_text(code, quantity, count), FORM_PLACES[code], count)
        for (code, quantity), count in missing.most_common(MOST_PIECES)
    ]


def advice_text(code: str, quantity: str, count: int) -> str:
    """Return the sentence for one missing thing and the number of technologies that need it."""
    values = {"name": quantity_name(quantity), "count": count}
    return {
        "condition": _("补充%(name)s，可判断 %(count)d 项技术的适用条件"),
        "payback": _("填写可接受的最长回收期，可核对 %(count)d 项技术"),
        "budget": _("填写预算，可核对 %(count)d 项技术的投资"),
        "saving": _("填写年用能，%(count)d 项技术的节能量可按贵单位数据估算"),
    }[code] % values
