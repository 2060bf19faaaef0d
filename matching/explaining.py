"""Say why a technology is not among the matches, and what would change that."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _

from catalog.masking import Level
from catalog.models import Demand
from matching.breakdown import ScorePart, score_parts
from matching.engine.why_not import MISSING, Change
from matching.figures import as_written, figure, money, quantity_name, quantity_span
from matching.models import Recommendation
from matching.rounding import points, whole_points
from matching.services.why_not import Finding
from matching.wording import Names, listed


@dataclass(frozen=True, slots=True)
class Cell:
    """Points of one part for one technology; None when the part is unknown."""

    points: int | None


@dataclass(frozen=True, slots=True)
class PartRow:
    """One part of the score across the technologies compared."""

    name: str
    label: str
    cells: list[Cell]


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """What would lift the technology, with the result and the place in a form where it can be said."""

    text: str
    url: str
    points: int
    place: int
    is_listed: bool
    is_missing: bool


def part_rows(recommendations: Iterable[Recommendation], level: Level) -> list[PartRow]:
    """Return the parts that any of the recommendations has, side by side, in points that add up to each score."""
    columns = [points_of(score_parts(each, level), each.score) for each in recommendations]
    labels = {name: part.label for column in columns for name, (part, _points) in column.items()}
    rows = []
    for name, label in labels.items():
        cells = [column.get(name, (None, None)) for column in columns]
        if any(part is not None and (part.value is not None or found) for part, found in cells):
            rows.append(PartRow(name, label, [Cell(found) for _part, found in cells]))
    return rows


def points_of(parts: list[ScorePart], score: float) -> dict[str, tuple[ScorePart, int | None]]:
    """Return each part by name with its points, None for an unknown one; all of them add up to the score shown."""
    shares = whole_points([part.contribution for part in parts], points(score))
    return {
        part.name: (part, None if part.value is None and not part.contribution else found)
        for part, found in zip(parts, shares, strict=True)
    }


def verdict_lines(finding: Finding) -> list[str]:
    """Say in sentences why the technology is not on the enterprise's list, empty when it is."""
    found, limits, lines = finding.standing, finding.limits, []
    if finding.word is not None:
        reason = finding.word.get_reason_code_display() or _("未说明")
        lines.append(_("贵单位曾标记该技术不合适，原因：%(reason)s。可在清单中撤销。") % {"reason": reason})
    elif finding.stored is not None and finding.stored.is_set_aside:
        lines.append(_("根据贵单位对其他技术的反馈，该技术不再推荐。"))
    if finding.stored is not None:
        return lines
    values = {"score": points(found.score), "limit": points(limits.score), "length": limits.length}
    if found.obstacle == "conflict":
        lines.append(_("有必须满足的条件不满足，匹配度因此乘以 0.2。"))
    elif found.obstacle == "score":
        if values["score"] == values["limit"]:
            values["score"] = figure(found.score * 100)
        lines.append(_("匹配度 %(score)s，低于进入清单所需的 %(limit)s。") % values)
    elif found.obstacle == "length":
        lines.append(_("清单最多 %(length)s 项，有 %(length)s 项以上的技术匹配度更高。") % values)
    elif not lines:
        lines.append(_("匹配度已达到清单要求；清单更新后会列出。"))
    return lines


def supplier_lines(finding: Finding, *, is_listed: bool) -> list[str]:
    """Say why a need is not among those for a technology, from what the supplier may know."""
    found, limits = finding.standing, finding.limits
    if is_listed:
        return []
    values = {"score": points(found.score), "limit": points(limits.score), "length": limits.length}
    if found.obstacle == "conflict":
        return [_("贵单位技术的必要条件与企业公开的工况不符。")]
    if found.obstacle == "score":
        return [_("按企业公开的信息，匹配度 %(score)s，低于适配需求所需的 %(limit)s。") % values]
    if found.obstacle == "length":
        return [_("每项需求最多列出 %(length)s 项技术，有 %(length)s 项以上的技术匹配度更高。") % values]
    return [_("按企业公开的信息可以匹配；企业未公开的内容也参与匹配，可能是未列入的原因。")]


def change_lines(
    changes: Iterable[Change],
    names: Names,
    sentences: Mapping,
    address,
    *,
    hidden: frozenset[str] = frozenset(),
) -> list[ChangeLine]:
    """Return the changes in words; `address` gives the place in a form, those that touch a hidden field are left out."""
    return [
        ChangeLine(
            text=sentences[change.code](change, names),
            url=address(change),
            points=points(change.score),
            place=change.place,
            is_listed=not change.obstacle,
            is_missing=change.kind == MISSING,
        )
        for change in changes
        if change.code in sentences and not hidden & set(change.uses)
    ]


def demand_address(demand: Demand):
    """Return a function from a change to the field of the demand's form where the fact is said."""
    form = reverse("catalog:edit_demand", args=[demand.pk])
    rows = [each.quantity for each in demand.quantities.all()]

    def address(change: Change) -> str:
        if change.code == "industry":
            return reverse("accounts:organisation_edit")
        if change.code == "all":
            return ""
        anchor = FORM_FIELDS.get(change.code, "")
        if change.code == "condition":
            quantity = change.params["quantity"]
            place = rows.index(quantity) if quantity in rows else len(rows)
            anchor = f"id_conditions-{place}-{'amount' if quantity in rows else 'quantity'}"
        return f"{form}?more=1#{anchor}"

    return address


FORM_FIELDS = {
    "payback": "id_max_payback_years",
    "budget": "id_budget_cny",
    "system": "id_systems",
    "carrier": "id_carriers",
    "words": "id_problem",
}


def condition_change(change: Change, names: Names) -> str:
    params = change.params
    values = {
        "name": quantity_name(params["quantity"]),
        "fitting": quantity_span(params["quantity"], params["fitting"]),
    }
    if change.kind == MISSING:
        values["fitting"] = quantity_span(params["quantity"], params["needed"])
        return _("若%(name)s在 %(fitting)s 范围内（需求未填写）") % values
    values["given"] = quantity_span(params["quantity"], params["given"])
    if "given_quantity" in params:
        values["other"] = quantity_name(params["given_quantity"])
        return _("若%(name)s达到 %(fitting)s（未填写，按%(other)s %(given)s 比较，请确认）") % values
    if "given_text" in params:
        return _("若%(name)s达到 %(fitting)s（从文字读出 %(given)s，请确认）") % values
    return _("若%(name)s达到 %(fitting)s（现填 %(given)s）") % values


def payback_change(change: Change, names: Names) -> str:
    values = {"fitting": figure(change.params["fitting"])}
    if change.kind == MISSING:
        return _("若可接受的回收期不短于 %(fitting)s 年（需求未填写）") % values
    values["given"] = figure(change.params["given"])
    return _("若可接受的回收期放宽到 %(fitting)s 年（现填 %(given)s 年）") % values


def budget_change(change: Change, names: Names) -> str:
    values = {"fitting": money([change.params["fitting"]] * 2)}
    if change.kind == MISSING:
        return _("若预算不少于 %(fitting)s（需求未填写）") % values
    values["given"] = money([change.params["given"]] * 2)
    return _("若预算增加到 %(fitting)s（现填 %(given)s）") % values


def system_change(change: Change, names: Names) -> str:
    return _("若用能系统也包括%(names)s") % {"names": listed(change.params["fitting"], names.systems)}


def carrier_change(change: Change, names: Names) -> str:
    return _("若能源品种也包括%(names)s") % {"names": listed(change.params["fitting"], names.carriers)}


def industry_change(change: Change, names: Names) -> str:
    return _("若所属行业为%(names)s（单位信息中未填写）") % {
        "names": listed(change.params["fitting"][:3], names.industries)
    }


def words_change(change: Change, names: Names) -> str:
    return _("若现状中确有并写明%(words)s") % {
        "words": _("、").join(f"“{as_written(word)}”" for word in change.params["words"])
    }


def all_changes(change: Change, names: Names) -> str:
    return _("若以上 %(count)d 项同时满足") % change.params


DEMAND_SENTENCES = {
    "condition": condition_change,
    "payback": payback_change,
    "budget": budget_change,
    "system": system_change,
    "carrier": carrier_change,
    "industry": industry_change,
    "words": words_change,
    "all": all_changes,
}


def offered_condition(change: Change, names: Names) -> str:
    quantity = change.params["quantity"]
    values = {
        "name": quantity_name(quantity),
        "fitting": quantity_span(quantity, change.params["fitting"]),
        "given": quantity_span(quantity, change.params["given"]),
    }
    if "given_text" in change.params:
        return _("若技术的%(name)s适用范围为 %(fitting)s（从说明读出 %(given)s，请确认）") % values
    return _("若技术的%(name)s适用范围为 %(fitting)s（现为 %(given)s）") % values


def offered_payback(change: Change, names: Names) -> str:
    return _("若填写回收期且不超过 %(fitting)s 年") % {"fitting": figure(change.params["fitting"])}


def offered_budget(change: Change, names: Names) -> str:
    return _("若填写典型项目投资且不超过 %(fitting)s") % {"fitting": money([change.params["fitting"]] * 2)}


def offered_system(change: Change, names: Names) -> str:
    return _("若填写用能系统且包括%(names)s") % {"names": listed(change.params["fitting"], names.systems)}


def offered_carrier(change: Change, names: Names) -> str:
    return _("若填写节约的能源品种且包括%(names)s") % {
        "names": listed(change.params["fitting"], names.carriers)
    }


def offered_industry(change: Change, names: Names) -> str:
    return _("若填写适用行业且包括%(names)s") % {
        "names": listed(change.params["fitting"][:3], names.industries)
    }


TECHNOLOGY_SENTENCES = {
    "condition": offered_condition,
    "payback": offered_payback,
    "budget": offered_budget,
    "system": offered_system,
    "carrier": offered_carrier,
    "industry": offered_industry,
    "all": all_changes,
}
