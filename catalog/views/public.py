"""What everyone may read of a single listing."""

from django.shortcuts import get_object_or_404, redirect, render

from accounts.models import Organisation
from accounts.roles import is_official
from catalog.enums import EvidenceLevel
from catalog.masking import Level, masked, viewer_level
from catalog.models import Demand, Technology

RELATED_SHOWN = 4


def technology(request, pk):
    """Show a technology; one that was merged leads to the one it became."""
    listing = get_object_or_404(
        Technology.objects.visible_to(request.user).select_related(
            "organisation__area", "organisation__industry", "merged_into"
        ),
        pk=pk,
    )
    if listing.merged_into_id:
        return redirect("catalog:technology", listing.merged_into_id, permanent=True)
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
        "may_see_contact": is_mine or is_official(request.user) or organisations.verified().exists(),
    }
    return render(request, "catalog/technology.html", context)


def demand(request, pk):
    """Show what the enterprise released of its demand to this viewer."""
    listing = get_object_or_404(Demand.objects.visible_to(request.user).with_details(), pk=pk)
    level = viewer_level(listing, request.user)
    context = {
        "demand": masked(listing, level),
        "listing": listing,
        "is_mine": level == Level.OWNER,
        "is_matched": level == Level.MATCHED,
    }
    return render(request, "catalog/demand.html", context)
