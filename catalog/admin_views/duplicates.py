"""Likely duplicates in the technology library: compared side by side, merged, parted again."""

from dataclasses import dataclass

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.roles import Duty
from catalog.admin_views.access import duty_required
from catalog.admin_views.review import header
from catalog.enums import EvidenceLevel
from catalog.errors import ListingError
from catalog.models import Technology, TechnologyMerge
from catalog.services.duplicates import call_distinct, likely_duplicates
from catalog.services.facts import facts_of
from catalog.services.merging import (
    BOTH,
    CHILDREN,
    OTHER,
    SURVIVOR,
    better_first,
    check_mergeable,
    merge_technologies,
    undo_merge,
)

PAGE = 30
JOINABLE = {"systems", "carriers", "industries"}
# Decided by the merger itself.
FIXED = {"origin"}


@dataclass
class Row:
    """One fact of both technologies; `choice` is which one is kept."""

    name: str
    label: str
    survivor: str
    other: str
    choice: str

    @property
    def is_same(self):
        return self.survivor == self.other

    @property
    def is_list(self):
        return self.name in CHILDREN

    @property
    def is_open(self):
        """Whether the official chooses."""
        return not self.is_same and not self.is_list and self.name not in FIXED

    @property
    def is_joinable(self):
        return self.name in JOINABLE


@duty_required(Duty.LIBRARY)
@require_GET
def duplicates(request):
    """List pairs that are probably one, most alike first."""
    page = Paginator(likely_duplicates(), PAGE).get_page(request.GET.get("p"))
    keys = {key for pair in page.object_list for key in (pair.first_id, pair.second_id)}
    found = Technology.objects.select_related("organisation").in_bulk(keys)
    pairs = [
        (pair, found[pair.first_id], found[pair.second_id])
        for pair in page.object_list
        if pair.first_id in found and pair.second_id in found
    ]
    context = {**header(_("疑似重复"), icon="copy"), "page": page, "pairs": pairs}
    return render(request, "catalog/admin/duplicates.html", context)


@duty_required(Duty.LIBRARY)
@require_POST
def keep_both(request, first_pk, second_pk):
    """Remember that two technologies are not the same."""
    first, second = pair_or_404(first_pk, second_pk)
    call_distinct(first, second, user=request.user)
    messages.success(request, _("已记下：两个条目不重复，以后不再提示。"))
    return redirect("catalog_duplicates:list")


@duty_required(Duty.LIBRARY)
def compare(request, first_pk, second_pk):
    """Show two technologies side by side; ask once more, then merge them as chosen."""
    one, two = pair_or_404(first_pk, second_pk)
    survivor, other = better_first(one, two)
    wanted = request.POST.get("survivor") or request.GET.get("survivor")
    if wanted and wanted == str(other.pk):
        survivor, other = other, survivor
    rows = rows_of(survivor, other, request.POST)
    try:
        check_mergeable(survivor, other)
    except ListingError as error:
        messages.error(request, str(error))
        return redirect("catalog_duplicates:list")
    if request.method == "POST" and "is_confirmed" in request.POST:
        choices = {row.name: row.choice for row in rows if row.is_open}
        try:
            merge_technologies(survivor, other, choices=choices, user=request.user)
        except ListingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已将“%(other)s”并入“%(survivor)s”。") % names(survivor, other))
        return redirect("catalog_duplicates:list")
    title = _("确认合并") if request.method == "POST" else _("对比与合并")
    context = {
        **header(title, (_("疑似重复"), reverse("catalog_duplicates:list")), icon="copy"),
        "survivor": survivor,
        "other": other,
        "rows": rows,
        "kept": [row for row in rows if row.is_open],
        "copied": [row for row in rows if row.is_list and row.other],
    }
    template = "merge_confirm" if request.method == "POST" else "merge_compare"
    return render(request, f"catalog/admin/{template}.html", context)


@duty_required(Duty.LIBRARY)
@require_GET
def mergers(request):
    """List mergers, latest first, with a way to undo them."""
    records = TechnologyMerge.objects.select_related("survivor", "merged", "merged_by", "undone_by")
    page = Paginator(records, PAGE).get_page(request.GET.get("p"))
    trail = (_("疑似重复"), reverse("catalog_duplicates:list"))
    context = {**header(_("合并记录"), trail, icon="history"), "page": page}
    return render(request, "catalog/admin/mergers.html", context)


@duty_required(Duty.LIBRARY)
def undo(request, pk):
    """Ask once more, then part two merged technologies."""
    record = get_object_or_404(TechnologyMerge.objects.select_related("survivor", "merged"), pk=pk)
    if request.method == "POST":
        try:
            undo_merge(record, user=request.user)
        except ListingError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("已撤销合并，“%s”恢复公开。") % record.merged.title)
        return redirect("catalog_duplicates:mergers")
    trail = (_("合并记录"), reverse("catalog_duplicates:mergers"))
    context = {**header(_("撤销合并"), trail, icon="rotate"), "record": record}
    return render(request, "catalog/admin/merge_undo.html", context)


def pair_or_404(first_pk, second_pk):
    found = Technology.objects.select_related("organisation").in_bulk([first_pk, second_pk])
    if len(found) != 2:
        raise Http404
    return found[first_pk], found[second_pk]


def rows_of(survivor, other, posted):
    """Return the facts of both that are not empty, with the posted or the sensible choice."""
    theirs = {fact.name: fact.text for fact in facts_of(other)}
    rows = []
    for fact in facts_of(survivor):
        if not (fact.text or theirs[fact.name]):
            continue
        sensible = BOTH if fact.name in JOINABLE else SURVIVOR if fact.text else OTHER
        if fact.name == "evidence_level" and better_evidence(other, survivor):
            sensible = OTHER
        choice = posted.get(f"choice_{fact.name}", sensible)
        allowed = {SURVIVOR, OTHER, BOTH} if fact.name in JOINABLE else {SURVIVOR, OTHER}
        rows.append(
            Row(
                fact.name,
                fact.label,
                fact.text,
                theirs[fact.name],
                choice if choice in allowed else sensible,
            )
        )
    return rows


def better_evidence(one, two):
    """Whether one technology is better proved than another."""
    levels = EvidenceLevel.values
    return levels.index(one.evidence_level) > levels.index(two.evidence_level)


def names(survivor, other):
    return {"survivor": survivor.title, "other": other.title}
