"""Files that support a technology: read by those who may, removed by their owner."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from accounts.roles import is_official
from accounts.uploads import CONTENT_TYPES, kind_of_name
from catalog.enums import TechnologyStep
from catalog.models import Technology, TechnologyDocument
from catalog.services.technologies import remove_document
from catalog.views.own_technologies import own_technology


@require_GET
def technology_document(request, pk, document_pk):
    """Send a document of a technology in public view, or to its supplier or an official of one that is not."""
    document = get_object_or_404(
        TechnologyDocument.objects.select_related("technology"), pk=document_pk, technology=pk
    )
    if not (Technology.objects.public().filter(pk=pk).exists() or may_see_drafts(request.user, pk)):
        raise Http404
    return send(document)


@login_required
@require_GET
def draft_document(request, pk, position):
    """Send a document of the latest draft, counted from 0, to its supplier or an official."""
    if not may_see_drafts(request.user, pk):
        raise Http404
    technology = get_object_or_404(Technology, pk=pk)
    return send(document_at(technology.get_latest_revision_as_object(), position))


@login_required
def remove_technology_document(request, pk, position):
    """Ask once more, then take a document out of the draft."""
    technology = own_technology(request, pk)
    back_url = reverse("catalog:edit_technology_step", args=[pk, TechnologyStep.COOPERATION.value])
    if technology.review_state.is_under_review:
        return redirect("catalog:my_technology", pk)
    version = technology.get_latest_revision_as_object()
    document = document_at(version, position)
    if request.method == "POST":
        if request.POST.get("title") == document.title:
            remove_document(version, position, user=request.user)
            messages.success(request, _("已移除文件“%s”。") % document.title)
        return redirect(back_url)
    return render(
        request, "catalog/workspace/document_remove.html", {"document": document, "back_url": back_url}
    )


def may_see_drafts(user, pk):
    """Whether the user is an official or acts for the technology's organisation."""
    return user.is_authenticated and (
        is_official(user) or Technology.objects.editable_by(user).filter(pk=pk).exists()
    )


def document_at(technology, position):
    documents = list(technology.documents.all())
    if position >= len(documents):
        raise Http404
    return documents[position]


def send(document):
    """Send a stored file as a download under its title, never for display in the page."""
    kind = kind_of_name(document.file.name)
    try:
        file = document.file.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    extension = document.file.name.rpartition(".")[2]
    return FileResponse(
        file,
        as_attachment=True,
        filename=f"{document.title}.{extension}",
        content_type=CONTENT_TYPES.get(kind, "application/octet-stream"),
    )
