"""The ranked list of technologies for a demand."""

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, render

from catalog.masking import Level
from catalog.models import Demand
from matching.advice import advise, text_note, weakness_note
from matching.cards import collapse_twins, make_cards, with_card_data
from matching.enums import RefusalReason, Side
from matching.filters import MatchFilter
from matching.models import Feedback
from matching.services.looks import look_at
from matching.services.recommending import recommend_for_demand
from search.comparison import MOST_COMPARED, asked_ids, comparison_rows

PER_PAGE = 10


def own_demand(request, pk):
    """Return a demand of the user's organisations; raise Http404 for anybody else's."""
    return get_object_or_404(Demand.objects.editable_by(request.user).with_details(), pk=pk)


def current_recommendations(demand):
    """Return the stored list, computed first where the demand has changed since."""
    stored = demand.recommendations
    if not demand.is_closed and not stored.filter(computed_at__gte=demand.updated_at).exists():
        recommend_for_demand(demand)
    return stored.current().order_by("rank")


def own_cards(demand, recommendations, *, seen=None):
    return make_cards(
        with_card_data(recommendations),
        demand=demand,
        level=Level.OWNER,
        words=Feedback.objects.filter(demand=demand),
        seen=seen,
    )


@login_required
def matches(request, pk):
    """Show which technologies fit a demand, and why."""
    demand = own_demand(request, pk)
    recommendations = list(with_card_data(current_recommendations(demand)))
    seen = look_at(demand, recommendations, user=request.user)
    cards = make_cards(
        recommendations,
        demand=demand,
        level=Level.OWNER,
        words=Feedback.objects.filter(demand=demand),
        seen=seen,
    )
    context = list_context(request, demand, cards)
    if "print" in request.GET:
        cards = collapse_twins(card for card in context["filter"].kept() if not card.is_set_aside)
        return render(request, "matching/matches_print.html", {**context, "cards": cards})
    advice = [] if demand.is_closed else advise(recommendations)
    notes = {"text_note": text_note(demand), "weakness_note": weakness_note(recommendations)}
    return render(request, "matching/matches.html", {**context, "advice": advice, **notes})


def list_context(request, demand, cards):
    """Return what the list needs, narrowed and cut into pages as the address asks."""
    chosen = MatchFilter(request.GET, cards=cards)
    kept = chosen.kept()
    listed = collapse_twins(card for card in kept if not card.is_refused and not card.is_set_aside)
    return {
        "demand": demand,
        "total": len(collapse_twins(cards)),
        "filter": chosen,
        "refusal_reasons": RefusalReason.of(Side.ENTERPRISE),
        "query": request.GET.urlencode(),
        "page": Paginator(listed, PER_PAGE).get_page(request.GET.get("page")),
        "refused": [card for card in kept if card.is_refused],
        "set_aside": [card for card in kept if card.is_set_aside],
    }


@login_required
def compare(request, pk):
    """Put up to four technologies of a demand's list side by side; the address can be shared in the organisation."""
    demand = own_demand(request, pk)
    asked = asked_ids(request.GET.getlist("technology"))
    chosen = current_recommendations(demand).filter(technology__in=asked[:MOST_COMPARED])
    related = ("conditions", "carriers", "industries", "organisation__area")
    cards = own_cards(demand, chosen.prefetch_related(*(f"technology__{name}" for name in related)))
    rows = comparison_rows([card.technology for card in cards], without={"payback"})
    context = {"demand": demand, "cards": cards, "rows": rows, "is_cut": len(asked) > MOST_COMPARED}
    return render(request, "matching/compare.html", context)
