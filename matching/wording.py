"""Put stored reasons into sentences, and leave out what the reader may not know.

A reason names the fields of the need that it draws on; when one of them is hidden from the reader, the sentence is
left out, whatever it says.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Industry
from catalog.masking import Level
from catalog.models import EnergyCarrier, EnergySystem
from catalog.models.demands import FIELD_VISIBILITY, Demand
from matching.condition_wording import CONDITION_WRITERS
from matching.engine.reasons import CONFLICT, FITS, UNKNOWN
from matching.feedback_wording import FEEDBACK_WRITERS
from matching.figures import as_written, figure, money, percentage, quantity_name, quantity_span, span
from matching.models import Recommendation
from matching.order_wording import ORDER_WRITERS

OWN_FEEDBACK = "own_feedback"
"""Named like a field by what follows from the words of the enterprise; only itself and officials read that."""


@dataclass(frozen=True, slots=True)
class ReasonLines:
    """Hold the sentences about a pair."""

    fits: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)
    unknown: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Names:
    """Names of the codes that stand in reasons."""

    systems: Mapping[str, str]
    carriers: Mapping[str, str]
    industries: Mapping[str, str]

    @classmethod
    def load(cls, recommendations: Iterable[Recommendation]) -> "Names":
        """Read the names that some recommendations need, in three queries."""
        codes = {
            code
            for recommendation in recommendations
            for reason in recommendation.reasons
            if reason["code"] in {"industry", "cases"}
            for value in reason["params"].values()
            for code in ([value] if isinstance(value, str) else value if isinstance(value, list) else [])
        }
        return cls(
            dict(EnergySystem.objects.values_list("code", "name")),
            dict(EnergyCarrier.objects.values_list("code", "name")),
            dict(Industry.objects.filter(code__in=codes).values_list("code", "name")),
        )


def reason_lines(
    recommendation: Recommendation, level: Level, names: Names | None = None, *, is_brief: bool = False
) -> ReasonLines:
    """Return the sentences that a reader of that level may see.

    Pass ``names`` loaded once for a page with several recommendations. Reads ``recommendation.demand``. In brief,
    everything that the need leaves open is one sentence, and what is neither for nor against stays out.
    """
    names = names or Names.load([recommendation])
    lines = ReasonLines()
    groups = {FITS: lines.fits, CONFLICT: lines.conflicts}
    known = [each for each in recommendation.reasons if may_know(recommendation.demand, each["uses"], level)]
    open_in_need = [each for each in known if is_brief and each.get("missing") == "demand"]
    if len(open_in_need) > 1:
        known = [each for each in known if each not in open_in_need]
    if is_brief:
        known = [each for each in known if not _stands_elsewhere(each)]
    for reason in merge_words(known):
        sentence = word(reason, names)
        if sentence:
            # Partly within a limit: it depends on the project, so it is neither a fit nor a conflict.
            is_open = reason["code"].endswith("_partly")
            group = lines.unknown if is_open else groups.get(reason["verdict"], lines.unknown)
            group.append(sentence)
    if len(open_in_need) > 1:
        lines.unknown.append(what_is_open(open_in_need))
    return lines


def _stands_elsewhere(reason: Mapping[str, Any]) -> bool:
    """Tell whether a card says this among its figures or in its score."""
    if reason["code"] == "prior":
        return reason["verdict"] == UNKNOWN
    return reason["code"] == "saving" and reason["params"].get("basis") == "typical_project"


def what_is_open(reasons: Iterable[Mapping[str, Any]]) -> str:
    """Say in one sentence what a need leaves open, with what the technology asks for."""
    named = []
    for reason in reasons:
        code, params = reason["code"], reason["params"]
        values = {}
        if code == "condition":
            values["name"] = quantity_name(params["quantity"])
            values["range"] = quantity_span(params["quantity"], params["needed"])
            text = _("%(name)s（适用 %(range)s）")
        elif code == "payback":
            values["range"] = span([params["minimum"], params["maximum"]])
            text = _("可接受的回收期（一般 %(range)s 年）")
        elif code == "budget":
            values["range"] = money([params["minimum"], params["maximum"]])
            text = _("预算（典型项目 %(range)s）")
        else:
            text = _("相关系统的年用能量")
        named.append(text % values)
    return _("需求未填写，需确认：%(names)s") % {"names": _("、").join(named)}


def merge_words(reasons: Iterable[Mapping[str, Any]]) -> list[Mapping[str, Any]]:
    """Return the reasons with the words found in one place of the technology put into one reason."""
    merged, places = [], {}
    for reason in reasons:
        place = reason["params"].get("field") if reason["code"] == "words" else None
        if place in places:
            longest = sorted([*places[place], *reason["params"]["words"]], key=len, reverse=True)
            places[place][:] = [
                word
                for number, word in enumerate(longest)
                if not any(word in other for other in longest[:number])
            ]
        elif place:
            places[place] = list(reason["params"]["words"])
            merged.append({**reason, "params": {"words": places[place], "field": place}})
        else:
            merged.append(reason)
    return merged


def may_know(demand: Demand, fields: Iterable[str], level: Level) -> bool:
    """Tell whether every field of the demand is open to a reader of that level."""
    if OWN_FEEDBACK in fields and level not in {Level.OWNER, Level.OFFICIALS}:
        return False
    return all(
        demand.visibility_of(name) in Level(level).permits for name in fields if name in FIELD_VISIBILITY
    )


def word(reason: Mapping[str, Any], names: Names) -> str:
    """Return the sentence for a stored reason, empty for one that this version does not know."""
    writer = WRITERS.get(reason["code"])
    try:
        return writer(reason, reason["params"], names) if writer else ""
    except KeyError:
        # Stored by an older version with other figures; the next computation words it anew.
        return ""


def words(reason, params, names):
    quoted = _("、").join(map(as_written, params["words"]))
    if params["field"] == "title":
        return _("需求与技术名称都提到：%(words)s") % {"words": quoted}
    return _("需求与技术说明都提到：%(words)s") % {"words": quoted}


def synonyms(reason, params, names):
    quoted = _quoted_pairs(_("%(own)s（即%(other)s）"), params["pairs"])
    if params["field"] == "title":
        return _("需求与技术名称说的是同一事物：%(words)s") % {"words": quoted}
    return _("需求与技术说明说的是同一事物：%(words)s") % {"words": quoted}


def kinds(reason, params, names):
    quoted = _quoted_pairs(_("%(own)s（%(other)s属于此类）"), params["pairs"])
    if params["field"] == "title":
        return _("技术名称提到需求所说的一种：%(words)s") % {"words": quoted}
    return _("技术说明提到需求所说的一种：%(words)s") % {"words": quoted}


def _quoted_pairs(text, pairs):
    return _("、").join(text % {"own": as_written(own), "other": as_written(other)} for own, other in pairs)


def system(reason, params, names):
    if reason["verdict"] == FITS:
        return _("用能系统一致：%(systems)s") % {"systems": listed(params["systems"], names.systems)}
    return _("用能系统不同：需求为%(wanted)s，技术面向%(offered)s") % both(params, names.systems)


def system_related(reason, params, names):
    return _("用能系统相近：需求为%(wanted)s，技术面向%(related)s") % both(params, names.systems)


def carrier(reason, params, names):
    if reason["verdict"] == FITS:
        return _("节约的能源品种一致：%(carriers)s") % {
            "carriers": listed(params["carriers"], names.carriers)
        }
    return _("节约的能源品种不同：需求为%(wanted)s，技术节约%(offered)s") % both(params, names.carriers)


def industry(reason, params, names):
    if reason["verdict"] == FITS:
        return _("适用行业包含或接近本企业行业：%(industry)s") % {
            "industry": names.industries.get(params["industry"], params["industry"])
        }
    if reason["verdict"] == CONFLICT:
        return _("技术的适用行业（%(offered)s）与本企业行业不同") % {
            "offered": listed(params["offered"][:3], names.industries)
        }
    if "offered" in params:
        return _("技术列出的适用行业为%(offered)s，未列本企业行业，需确认") % {
            "offered": listed(params["offered"][:3], names.industries)
        }
    return _("技术未说明适用行业，需确认")


def industry_all(reason, params, names):
    return _("技术为各行业通用")


def payback(reason, params, names):
    values = {"limit": figure(params["limit"]) if "limit" in params else ""}
    if "minimum" not in params:
        return _("技术未给出投资回收期，需与可接受的 %(limit)s 年核对") % values
    values["offered"] = span([params["minimum"], params["maximum"]])
    if "limit" not in params:
        return _("需求未填写可接受的回收期；该技术一般为 %(offered)s 年") % values
    if reason["code"] == "payback_partly":
        return _("回收期 %(offered)s 年，上限超过可接受的 %(limit)s 年") % values
    if reason["verdict"] == FITS:
        return _("回收期 %(offered)s 年，不超过可接受的 %(limit)s 年") % values
    return _("回收期 %(offered)s 年，超过可接受的 %(limit)s 年") % values


def budget(reason, params, names):
    values = {"limit": money([params["limit"]] * 2) if "limit" in params else ""}
    if "minimum" not in params:
        return _("技术未给出投资额，需与预算 %(limit)s 核对") % values
    values["offered"] = money([params["minimum"], params["maximum"]])
    if "limit" not in params:
        return _("需求未填写预算；典型项目投资 %(offered)s") % values
    if reason["code"] == "budget_partly":
        return _("典型项目投资 %(offered)s，上限超过预算 %(limit)s") % values
    if reason["verdict"] == FITS:
        return _("典型项目投资 %(offered)s，在预算 %(limit)s内") % values
    return _("典型项目投资 %(offered)s，超过预算 %(limit)s") % values


DOUBTS = {
    "other_system": gettext_lazy("（节能率针对其他用能系统，没有按本需求的年用能估算）"),
    "part_of_use": gettext_lazy("（年用能还包括该技术不涉及的用能系统，实际会更少）"),
    "capped": gettext_lazy("（典型项目超过本需求的年用能，以年用能为上限）"),
}


def saving(reason, params, names):
    doubt = params.get("doubt")
    if "saving_tce" not in params:
        if doubt:
            return _("技术的节能率针对其他用能系统，不能按本需求的年用能估算节能量")
        if reason["missing"] == "demand":
            return _("需求未填写相关系统的年用能量，无法估算节能量")
        return _("技术未给出节能率，无法估算节能量")
    values = {"saving": span(params["saving_tce"], "tce")}
    if params["basis"] == "own_use":
        values["use"] = figure(params["annual_use_tce"])
        values["rate"] = percentage(params["saving_rate"])
        sentence = _("按年用能 %(use)s tce 与节能率 %(rate)s 估算：年节能 %(saving)s") % values
    else:
        sentence = _("典型项目年节能 %(saving)s") % values
    if doubt:
        sentence += str(DOUBTS[doubt])
    if params["saving_cny"]:
        values = {"money": money(params["saving_cny"])}
        if params["price_basis"] == "typical_price":
            return sentence + _("，约 %(money)s（按能源典型单价）") % values
        return sentence + _("，约 %(money)s") % values
    return sentence


def target(reason, params, names):
    values = {"saving": span(params["saving_tce"], "tce"), "target": figure(params["target_tce"])}
    if reason["verdict"] == FITS:
        return _("估算年节能 %(saving)s，可达到期望的 %(target)s tce") % values
    return _("估算年节能 %(saving)s，低于期望的 %(target)s tce") % values


def cases(reason, params, names):
    return _("在相同或相近行业有 %(count)d 个应用案例") % {"count": params["count"]}


def cases_elsewhere(reason, params, names):
    return _("有 %(count)d 个应用案例，行业不同或未说明") % {"count": params["count"]}


def prior(reason, params, names):
    first, last = params["years"]
    values = {
        "share": figure(round(params["share"] * 100)),
        "overall": figure(round(params["overall"] * 100)),
    }
    values |= {"first": first, "last": last}
    if reason["verdict"] == FITS:
        return _("同类措施在美国工业评估中约 %(share)s%% 被实施（IAC %(first)d–%(last)d，仅供参考）") % values
    return (
        _(
            "同类措施在美国工业评估中约 %(share)s%% 被实施，低于平均的 %(overall)s%%（IAC %(first)d–%(last)d，仅供参考）"
        )
        % values
    )


WRITERS = {
    "words": words,
    "synonyms": synonyms,
    "kinds": kinds,
    "system": system,
    "system_related": system_related,
    "carrier": carrier,
    "industry": industry,
    "industry_all": industry_all,
    "payback": payback,
    "payback_partly": payback,
    "budget": budget,
    "budget_partly": budget,
    "saving": saving,
    "target": target,
    "cases": cases,
    "cases_elsewhere": cases_elsewhere,
    "prior": prior,
    **CONDITION_WRITERS,
    **ORDER_WRITERS,
    **FEEDBACK_WRITERS,
}


def listed(codes: Iterable[str], names: Mapping[str, str]) -> str:
    """Return names for codes, joined."""
    return _("、").join(names.get(code, code) for code in codes)


def both(params: Mapping[str, list[str]], names: Mapping[str, str]) -> dict[str, str]:
    """Return every list of codes of some params as names."""
    return {key: listed(codes, names) for key, codes in params.items()}
