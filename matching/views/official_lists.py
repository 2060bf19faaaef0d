"""The list of a demand as officials see it: to read, not to answer."""

from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.views.decorators.http import require_GET

from catalog.masking import Level
from catalog.models import Demand
from matching.cards import make_cards, with_card_data
from matching.models import Feedback
from matching.views.matches import current_recommendations
from matching.views.officials import officials_only


@officials_only
@require_GET
def demand_matches(request, pk):
    """Show a demand's ranked list without leaving a trace on it: nothing counts as seen by the enterprise."""
    demand = get_object_or_404(Demand.objects.with_details(), pk=pk)
    cards = make_cards(
        with_card_data(current_recommendations(demand)),
        demand=demand,
        level=Level.OFFICIALS,
        words=Feedback.objects.filter(demand=demand),
    )
    context = {"demand": demand, "cards": cards, "back_url": reverse("catalog:demand", args=[pk])}
    return render(request, "matching/matches_official.html", context)
