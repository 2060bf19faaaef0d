"""A masked demand as lines of label and text, the same on every page that shows one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.formats import energy_text, money_text, number_text, range_text, years_text
from catalog.masking import MaskedDemand


@dataclass(frozen=True, slots=True)
class Fact:
    """One line; `is_hidden` says that the enterprise keeps it from this viewer."""

    name: str
    label: str
    text: str
    is_hidden: bool = False


def demand_facts(demand: MaskedDemand) -> list[Fact]:
    """Return what is known, in reading order, then what is hidden; nothing for what was never stated."""
    values = [
        ("organisation", _("用能单位"), demand.organisation.name if demand.organisation else ""),
        ("industry", _("所属行业"), demand.industry.name if demand.industry else ""),
        ("area", _("所在街镇或园区"), demand.area.name if demand.area else ""),
        ("systems", _("用能系统"), _("、").join(item.name for item in demand.systems)),
        ("carriers", _("能源品种"), _("、").join(item.name for item in demand.carriers)),
        ("deadline", _("截止日期"), demand.deadline.isoformat() if demand.deadline else ""),
        ("problem", _("现状与问题"), demand.problem),
        ("process", _("工艺或设备"), demand.process),
        ("energy_uses", _("年用能"), energy_uses_text(demand.energy_uses or ())),
        ("annual_use_tce", _("相关系统年用能量"), energy_text(demand.annual_use_tce)),
        ("annual_cost_cny", _("相关系统年用能费用"), money_text(demand.annual_cost_cny)),
        ("quantities", _("工况参数"), quantities_text(demand.quantities or ())),
        ("target_saving_tce", _("期望年节能量"), energy_text(demand.target_saving_tce)),
        ("budget_cny", _("预算"), money_text(demand.budget_cny)),
        ("max_payback_years", _("可接受的最长回收期"), years_text(demand.max_payback_years)),
        ("shutdown_window", _("可停机时间"), demand.shutdown_window),
        ("space_limit", _("场地限制"), demand.space_limit),
        ("tried_before", _("已尝试的措施"), demand.tried_before),
        ("wants_finance", _("希望对接融资"), _("是") if demand.wants_finance else ""),
        ("source_file", _("来源"), source_text(demand)),
        ("contact", _("联系人"), contact_text(demand)),
    ]
    known = [Fact(name, label, text) for name, label, text in values if text and not demand.hides(name)]
    hidden = [Fact(name, label, "", is_hidden=True) for name, label, _text in values if demand.hides(name)]
    return known + hidden


def energy_uses_text(uses) -> str:
    return "\n".join(energy_use_text(use) for use in uses)


def energy_use_text(use) -> str:
    carrier = use.carrier
    text = f"{carrier.name} {number_text(use.annual_amount)} {carrier.unit}"
    if use.unit_price_cny is None:
        return text
    price = _("%(price)s 元/%(unit)s") % {"price": number_text(use.unit_price_cny), "unit": carrier.unit}
    return f"{text} ({price})"


def quantities_text(quantities) -> str:
    return "\n".join(
        f"{item.get_quantity_display()}：{range_text(item.minimum, item.maximum)}" for item in quantities
    )


def source_text(demand: MaskedDemand) -> str:
    parts = [str(demand.source.label), demand.source_file]
    if demand.source_page:
        parts.append(_("第 %s 页") % demand.source_page)
    return " ".join(part for part in parts if part)


def contact_text(demand: MaskedDemand) -> str:
    return (
        " ".join(part for part in (demand.contact.name, demand.contact.phone) if part)
        if demand.contact
        else ""
    )
