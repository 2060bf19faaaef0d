"""The result of a list as a file."""

from django.contrib.auth.decorators import login_required
from django.http import Http404
from django.views.decorators.http import require_GET

from catalog.exports import csv_file, xlsx_file
from search.browsing import Browsing
from search.exporting import Export, may_export

FILES = {"csv": csv_file, "xlsx": xlsx_file}


@login_required
@require_GET
def export(request, kind, file_format):
    """Send every hit of a list that this person may have; anybody else's request is not found."""
    if not may_export(request.user):
        raise Http404
    taken = Export(Browsing(kind, request.GET), request.user)
    taken.record(file_format)
    return FILES[file_format](taken.name, taken.headings, taken.rows())
