"""Answer "why not?": any public technology against an own demand, any public need against an own technology."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.vary import vary_on_headers

from accounts.models import Industry, Organisation
from catalog.enums import TechnologyStep
from catalog.masking import Level, masked, viewer_level
from catalog.models import Demand, Technology
from matching.explaining import (
    DEMAND_SENTENCES,
    TECHNOLOGY_SENTENCES,
    change_lines,
    demand_address,
    part_rows,
    supplier_lines,
    verdict_lines,
)
from matching.models import Recommendation
from matching.services.needs import suppliers_of
from matching.services.why_not import (
    as_row,
    explain_to_enterprise,
    explain_to_supplier,
    find_demands,
    find_technologies,
    is_among_needs,
)
from matching.views.matches import current_recommendations, own_demand
from matching.wording import Names, reason_lines

LONGEST_TEXT = 100
FORM_STEPS = {
    "condition": TechnologyStep.CONDITIONS,
    "payback": TechnologyStep.FIGURES,
    "budget": TechnologyStep.FIGURES,
    "system": TechnologyStep.FUNCTION,
    "carrier": TechnologyStep.FUNCTION,
    "industry": TechnologyStep.FUNCTION,
}


def names_for(rows: list[Recommendation], changes) -> Names:
    """Return the names of the codes in reasons and changes."""
    names = Names.load(rows)
    codes = {code for change in changes if change.code == "industry" for code in change.params["fitting"]}
    missing = codes - set(names.industries)
    if not missing:
        return names
    more = dict(Industry.objects.filter(code__in=missing).values_list("code", "name"))
    return Names(names.systems, names.carriers, {**names.industries, **more})


@login_required
@vary_on_headers("HX-Request")
def find_technology(request, pk):
    """Find the technology that somebody misses on the list of a demand; as they type, where htmx runs."""
    demand = own_demand(request, pk)
    text = request.GET.get("q", "").replace("\0", "")[:LONGEST_TEXT]
    on_list = dict(current_recommendations(demand).values_list("technology", "rank"))
    found = [(technology, on_list.get(technology.pk)) for technology in find_technologies(text)]
    template = "why_not_found" if request.htmx else "why_not_search"
    context = {"demand": demand, "sought": text.strip(), "found": found}
    return render(request, f"matching/{template}.html", context)


@login_required
def why_not(request, pk, technology_pk):
    """Show where a technology stands for a demand, why it is not on the list and what would change that."""
    demand = own_demand(request, pk)
    technology = get_object_or_404(
        Technology.objects.public().select_related("organisation"), pk=technology_pk
    )
    listed = list(current_recommendations(demand).select_related("technology"))
    finding = explain_to_enterprise(demand, technology, listed)
    context = {"demand": demand, "technology": technology, "finding": finding}
    if finding is None:
        return render(request, "matching/why_not.html", context)
    # What the list shows counts, the enterprise's own feedback included.
    own = finding.stored or as_row(finding.standing.match, demand)
    own.demand, own.technology = demand, technology
    columns = [own, *finding.compared.values()]
    for column in columns:
        column.demand = demand
    names = names_for([own], finding.changes)
    context |= {
        "recommendation": own,
        "is_named": True,
        "verdicts": verdict_lines(finding),
        "is_listed": finding.stored is not None and not finding.stored.is_set_aside and not finding.word,
        "compared": finding.compared,
        "parts": part_rows(columns, Level.OWNER),
        "columns": columns,
        "lines": reason_lines(own, Level.OWNER, names),
        "changes": change_lines(finding.changes, names, DEMAND_SENTENCES, demand_address(demand)),
    }
    return render(request, "matching/why_not.html", context)


@login_required
def choose_demand(request, technology_pk):
    """Let a member of an enterprise choose which of its demands to compare with a technology."""
    technology = get_object_or_404(Technology.objects.public(), pk=technology_pk)
    demands = Demand.objects.editable_by(request.user).order_by("closed_at", "-updated_at", "-pk")
    if not demands and not Organisation.objects.of_member(request.user).filter(is_enterprise=True).exists():
        raise Http404
    context = {"technology": technology, "demands": demands}
    return render(request, "matching/choose_demand.html", context)


def own_technology(request, pk):
    """Return a public technology of the user's suppliers; raise Http404 for any other."""
    public = Technology.objects.public().filter(organisation__in=suppliers_of(request.user))
    return get_object_or_404(public, pk=pk)


@login_required
@vary_on_headers("HX-Request")
def find_need(request):
    """Find the public need that a supplier misses among those for its technologies."""
    suppliers = suppliers_of(request.user)
    if not suppliers:
        raise Http404
    technologies = list(Technology.objects.public().filter(organisation__in=suppliers).order_by("title"))
    text = request.GET.get("q", "").replace("\0", "")[:LONGEST_TEXT]
    key = request.GET.get("technology", "")
    chosen = next((each for each in technologies if str(each.pk) == key), next(iter(technologies), None))
    context = {
        "sought": text.strip(),
        "technologies": technologies,
        "chosen": chosen,
        "found": find_demands(text) if technologies else [],
    }
    template = "why_not_need_found" if request.htmx else "why_not_need_search"
    return render(request, f"matching/{template}.html", context)


def form_address(technology: Technology, change) -> str:
    """Return the step of the technology's form where a fact is said."""
    step = FORM_STEPS.get(change.code)
    return reverse("catalog:edit_technology_step", args=[technology.pk, step]) if step else ""


@login_required
def why_not_need(request, demand_pk, technology_pk):
    """Show a supplier why a public need is not among those for its technology, from what it may know."""
    technology = own_technology(request, technology_pk)
    demand = get_object_or_404(Demand.objects.public().with_details(), pk=demand_pk)
    level = viewer_level(demand, request.user)
    shown = masked(demand, level)
    is_listed = is_among_needs(demand, technology)
    finding = explain_to_supplier(shown, technology, is_listed=is_listed)
    context = {"demand": shown, "technology": technology, "finding": finding, "is_listed": is_listed}
    if finding is None:
        return render(request, "matching/why_not_need.html", context)
    own = as_row(finding.standing.match, demand)
    columns = [own, *(as_row(match, demand) for match in finding.compared.values())]
    names = names_for([own], finding.changes)
    context |= {
        "recommendation": own,
        "verdicts": supplier_lines(finding, is_listed=is_listed),
        # Nothing hidden went into these figures, so nothing is left out of them.
        "parts": part_rows(columns, Level.OWNER),
        "columns": columns,
        "lines": reason_lines(own, level, names),
        "changes": change_lines(
            finding.changes,
            names,
            TECHNOLOGY_SENTENCES,
            lambda change: form_address(technology, change),
            hidden=shown.hidden,
        ),
        "is_partly_hidden": bool(shown.hidden),
    }
    return render(request, "matching/why_not_need.html", context)
