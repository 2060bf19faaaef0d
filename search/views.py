"""The lists of both libraries and the search over both."""

from django.shortcuts import render

from catalog.models import Demand, Technology


def technologies(request):
    """List the technology library."""
    return render(request, "search/plain.html", {"listings": Technology.objects.public()[:50]})


def demands(request):
    """List the demand library."""
    return render(request, "search/plain.html", {"listings": Demand.objects.public()[:50]})


def search(request):
    """Search both libraries."""
    listings = Technology.objects.public().filter(title__icontains=request.GET.get("q", "")[:100])[:50]
    return render(request, "search/plain.html", {"listings": listings})
