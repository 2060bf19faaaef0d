"""The ranked list of technologies for a demand."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, render

from catalog.models import Demand


@login_required
def matches(request, pk):
    """Show which technologies fit a demand, and why."""
    demand = get_object_or_404(Demand.objects.editable_by(request.user), pk=pk)
    return render(request, "matching/matches.html", {"demand": demand})
