"""The start page after log-in."""

from django.contrib.auth.decorators import login_required
from django.shortcuts import render

from accounts.services import current_organisation
from cms.workspace import sections_for
from notices.models import Notice

NOTICES_SHOWN = 5


@login_required
def workspace(request):
    """Show each role what to do next and what is new."""
    context = {
        "sections": sections_for(request.user, current_organisation(request)),
        "notices": Notice.objects.inbox_of(request.user)[:NOTICES_SHOWN],
    }
    return render(request, "cms/workspace.html", context)
