"""What everyone may read of a single listing."""

from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.roles import is_official
from catalog.enums import EvidenceLevel
from catalog.masking import Level, masked, viewer_level
from catalog.models import Demand, Technology

RELATED_SHOWN = 4
HIDDEN_LABELS = {
    "organisation": _("企业名称"),
    "area": _("所在区域"),
    "industry": _("所属行业"),
    "problem": _("现状与问题"),
    "process": _("工艺或设备"),
    "quantities": _("工况参数"),
    "energy_uses": _("年用能"),
    "annual_use_tce": _("相关系统年用能量"),
    "annual_cost_cny": _("相关系统年用能费用"),
    "target_saving_tce": _("期望年节能量"),
    "budget_cny": _("预算"),
    "max_payback_years": _("可接受的最长回收期"),
    "shutdown_window": _("可停机时间"),
    "space_limit": _("场地限制"),
    "tried_before": _("已尝试的措施"),
    "wants_finance": _("融资意愿"),
    "source_file": _("来源文件"),
    "contact": _("联系方式"),
}


def technology(request, pk):
    """Show a technology; one that was merged leads to the one it became."""
    listing = get_object_or_404(
        Technology.objects.visible_to(request.user).select_related(
            "organisation__area", "organisation__industry", "merged_into"
        ),
        pk=pk,
    )
    if listing.merged_into_id:
        # Not for ever: officials may undo a merger.
        return redirect("catalog:technology", listing.merged_into_id)
    organisations = Organisation.objects.of_member(request.user)
    is_mine = (
        listing.organisation_id is not None and organisations.filter(pk=listing.organisation_id).exists()
    )
    context = {
        "technology": listing,
        "systems": listing.systems.all(),
        "carriers": listing.carriers.all(),
        "industries": listing.industries.all(),
        "conditions": listing.conditions.all(),
        "cases": listing.cases.select_related("industry"),
        "documents": listing.documents.all(),
        "related": Technology.objects.public().related_to(listing)[:RELATED_SHOWN],
        "evidence_levels": list(EvidenceLevel),
        "is_mine": is_mine,
        "may_ask_fit": listing.is_public and Demand.objects.editable_by(request.user).exists(),
        "may_see_contact": is_mine or is_official(request.user) or organisations.verified().exists(),
    }
    return render(request, "catalog/technology.html", context)


def demand(request, pk):
    """Show what the enterprise released of its demand to this viewer."""
    listing = get_object_or_404(Demand.objects.visible_to(request.user).with_details(), pk=pk)
    level = viewer_level(listing, request.user)
    shown = masked(listing, level)
    context = {
        "demand": shown,
        "hidden_labels": [label for name, label in HIDDEN_LABELS.items() if shown.hides(name)],
        "is_mine": level == Level.OWNER,
        "is_matched": level == Level.MATCHED,
        "is_official": level == Level.OFFICIALS,
        "may_ask_fit": Organisation.objects.of_member(request.user).filter(is_supplier=True).exists(),
    }
    return render(request, "catalog/demand.html", context)
