"""Needs that fit a supplier's technologies, masked as each enterprise chose."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render

from accounts.models import Organisation
from catalog.demand_facts import Fact, demand_facts
from catalog.masking import MaskedDemand, masked, viewer_levels
from catalog.models import EnergySystem, Technology
from matching.engine.feedback import Effect
from matching.enums import RefusalReason, Side, Verdict
from matching.filters import NeedFilter
from matching.models import Feedback, Recommendation
from matching.services.needs import needs_for, suppliers_of
from matching.services.repeated_needs import fold_repeated
from matching.services.supplier_order import order_needs
from matching.supplier_wording import order_lines
from matching.wording import Names, ReasonLines, reason_lines

PER_PAGE = 20
# What decides whether a supplier can take a need on; the rest stands on the need's own page.
SHOWN = [
    "industry", "area", "problem", "process", "quantities", "energy_uses", "annual_use_tce", "target_saving_tce",
    "budget_cny", "max_payback_years", "shutdown_window", "space_limit", "deadline", "contact",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Need:
    """One need for one technology, as the supplier may know it."""

    recommendation: Recommendation
    demand: MaskedDemand
    lines: ReasonLines
    facts: list[Fact]
    hidden: list[str]
    answer: str
    answer_reason: str
    wish: str
    wish_reason: str
    said: Feedback | None
    order_lines: list[str]
    repeated: Sequence[MaskedDemand] = ()

    @property
    def is_unconfirmed(self):
        """Tell whether the supplier says that something happened which the enterprise has not said itself."""
        answer, wish = self.recommendation.answer, self.recommendation.wish
        return answer in Verdict.outcomes() and wish not in {answer, Verdict.IMPLEMENTED}

    @property
    def key(self):
        return str(self.recommendation.pk)

    @property
    def is_refused(self):
        return self.recommendation.answer == Verdict.REFUSED


def make_needs(
    recommendations,
    user,
    effects: Mapping[int, list[Effect]],
    repeated: Mapping[int, Sequence[MaskedDemand]],
) -> list[Need]:
    """Return what the user may know of each need, in order, in a fixed number of queries.

    `effects` are what the supplier's own words change, `repeated` the needs that stand under one, by the key of the
    recommendation.
    """
    recommendations = list(recommendations)
    levels = viewer_levels({item.demand.pk: item.demand for item in recommendations}.values(), user)
    names = Names.load(recommendations)
    said = Feedback.objects.filter(
        side=Side.SUPPLIER,
        demand__in={item.demand_id for item in recommendations},
        technology__in={item.technology_id for item in recommendations},
    )
    words = {(word.demand_id, word.technology_id): word for word in said}
    needs = []
    for item in recommendations:
        level = levels[item.demand_id]
        shown = masked(item.demand, level)
        facts = demand_facts(shown)
        needs.append(
            Need(
                recommendation=item,
                demand=shown,
                lines=reason_lines(item, level, names),
                facts=[fact for fact in facts if fact.name in SHOWN and not fact.is_hidden],
                hidden=[fact.label for fact in facts if fact.is_hidden],
                answer=Verdict(item.answer).label if item.answer else "",
                answer_reason=RefusalReason(item.answer_reason).label if item.answer_reason else "",
                wish=Verdict(item.wish).label if item.wish else "",
                wish_reason=RefusalReason(item.wish_reason).label if item.wish_reason else "",
                said=words.get((item.demand_id, item.technology_id)),
                order_lines=order_lines(effects.get(item.pk, ())),
                repeated=repeated.get(item.pk, ()),
            )
        )
    return needs


@login_required
def needs(request):
    """Show a supplier the needs that fit, technology by technology."""
    suppliers = suppliers_of(request.user)
    if not suppliers:
        if Organisation.objects.of_member(request.user).exists():
            raise Http404
        return render(request, "matching/no_supplier.html")
    return render(request, "matching/needs.html", list_context(request, suppliers))


def list_context(request, suppliers):
    """Return what the list of needs shows, in the order that the supplier's own words make."""
    found = needs_for(request.user)
    technologies = Technology.objects.public().filter(organisation__in=suppliers).order_by("title")
    systems = EnergySystem.objects.filter(demands__recommendations__in=found.order_by()).distinct()
    chosen = NeedFilter(request.GET, technologies=technologies, systems=systems)
    narrowed = chosen.apply(found)
    order = order_needs(narrowed, request.user)
    folded = fold_repeated(narrowed, order.keys, request.user)
    page = Paginator(folded.keys, PER_PAGE).get_page(request.GET.get("page"))
    rows = {row.pk: row for row in found.filter(pk__in=list(page.object_list))}
    return {
        "needs": make_needs(
            [rows[pk] for pk in page.object_list], request.user, order.effects, folded.repeated
        ),
        "page": page,
        "filter": chosen,
        "has_technologies": bool(technologies),
        "technologies": technologies,
        "refusal_reasons": RefusalReason.of(Side.SUPPLIER),
        "query": request.GET.urlencode(),
    }
