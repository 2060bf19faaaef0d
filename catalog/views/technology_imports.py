"""A supplier's own upload: many technologies of its organisation from one table, ending in drafts or in review."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.held_files import HeldFiles
from accounts.models import Organisation
from accounts.services.current import current_organisation
from accounts.submissions import once
from catalog.enums import ImportKind, ImportMode, ImportRowState, ImportState
from catalog.forms.imports import OwnConfirmForm, OwnUploadForm, column_rows, decisions_from, field_groups
from catalog.importers.inspecting import create_batch, decide_mapping, is_mapping_sure
from catalog.importers.problems import FileProblem
from catalog.importers.reports import cell_reports
from catalog.importers.running import resume, start
from catalog.importers.workbooks import bad_rows_workbook, template_workbook
from catalog.models import ImportBatch
from catalog.tasks import run_import
from catalog.views.own_technologies import lead_to_supplier

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
CHOOSING = {ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED}


def own_batch(request, pk):
    """Return a batch of an organisation for which the user acts, else raise Http404."""
    mine = Organisation.objects.of_member(request.user)
    return get_object_or_404(
        ImportBatch.objects.filter(organisation__in=mine, kind=ImportKind.TECHNOLOGIES), pk=pk
    )


def carry_on(batch, state):
    """Start a step of the batch in the background; nothing happens when it is not ready for it."""
    if start(batch, state):
        transaction.on_commit(lambda: run_import.delay(batch_id=batch.pk))


@login_required
@once
def import_technologies(request):
    """Take a table for the current organisation; below stand the earlier ones."""
    if elsewhere := lead_to_supplier(request):
        return elsewhere
    organisation = current_organisation(request)
    if not organisation.is_supplier:
        organisation = Organisation.objects.of_member(request.user).filter(is_supplier=True).first()
    files = HeldFiles(request, "file")
    form = OwnUploadForm(request.POST or None, files.chosen)
    if request.method == "POST" and form.is_valid():
        try:
            batch = create_batch(
                form.cleaned_data["file"],
                kind=ImportKind.TECHNOLOGIES,
                user=request.user,
                organisation=organisation,
                mode=ImportMode.DRAFT,
            )
        except FileProblem as problem:
            form.add_error("file", str(problem))
        else:
            files.release()
            if is_mapping_sure(batch):
                carry_on(batch, ImportState.CHECKING)
            return redirect("catalog:import_batch", batch.pk)
    files.keep(form)
    batches = ImportBatch.objects.filter(organisation=organisation, kind=ImportKind.TECHNOLOGIES)
    context = {"form": form, "organisation": organisation, "batches": batches[:10]}
    return render(request, "catalog/workspace/import_start.html", context)


@login_required
@require_GET
def import_template(request):
    return attachment(template_workbook(ImportKind.TECHNOLOGIES, is_own=True), "technologies-template.xlsx")


@login_required
def import_columns(request, pk):
    """Show the guessed columns; posting them starts the check."""
    batch = own_batch(request, pk)
    if batch.state not in CHOOSING:
        return redirect("catalog:import_batch", pk)
    if request.method == "POST":
        try:
            decide_mapping(batch, decisions_from(request.POST, batch))
        except FileProblem as problem:
            messages.error(request, str(problem))
        else:
            batch.state = ImportState.UPLOADED
            batch.save()
            carry_on(batch, ImportState.CHECKING)
            return redirect("catalog:import_batch", pk)
    context = {"batch": batch, "columns": column_rows(batch), "groups": field_groups(batch)}
    return render(request, "catalog/workspace/import_columns.html", context)


@login_required
@require_GET
def import_batch(request, pk):
    """Show where the batch stands: being checked, checked with errors by cell, or imported."""
    batch = own_batch(request, pk)
    if batch.state == ImportState.UPLOADED:
        return redirect("catalog:import_columns", pk)
    bad = batch.rows.filter(state=ImportRowState.BAD).exclude(errors=[])
    page = Paginator(bad, 50).get_page(request.GET.get("page"))
    remarks = batch.rows.exclude(warnings=[])[:50]
    context = {
        "batch": batch,
        "counts": batch.counts(),
        "page": page,
        "cells": cell_reports(page, of="errors"),
        "remarks": cell_reports(remarks, of="warnings"),
        "form": OwnConfirmForm(),
    }
    return render(request, "catalog/workspace/import_batch.html", context)


@login_required
@require_GET
def import_progress(request, pk):
    batch = own_batch(request, pk)
    response = render(request, "catalog/workspace/import_progress.html", {"batch": batch})
    if not batch.is_busy:
        response["HX-Refresh"] = "true"
    return response


@login_required
@require_POST
def confirm_import(request, pk):
    batch = own_batch(request, pk)
    form = OwnConfirmForm(request.POST)
    if form.is_valid() and batch.state == ImportState.CHECKED:
        batch.mode = form.cleaned_data["mode"]
        batch.save(update_fields=["mode"])
        carry_on(batch, ImportState.APPLYING)
    return redirect("catalog:import_batch", pk)


@login_required
@require_POST
def resume_import(request, pk):
    batch = own_batch(request, pk)
    if resume(batch):
        transaction.on_commit(lambda: run_import.delay(batch_id=batch.pk))
    return redirect("catalog:import_batch", pk)


@login_required
def undo_import(request, pk):
    """Ask once more, then take the whole batch back but for what was changed or published since."""
    batch = own_batch(request, pk)
    if batch.state != ImportState.APPLIED:
        return redirect("catalog:import_batch", pk)
    if request.method == "POST":
        carry_on(batch, ImportState.UNDOING)
        return redirect("catalog:import_batch", pk)
    counts = batch.counts()
    context = {
        "heading": _("撤销这次导入？"),
        "text": _(
            "新增的 %(created)d 项将删除，更新的 %(updated)d 项恢复到导入前。导入后又改过或已审核的不受影响。"
        )
        % counts,
        "action": _("撤销导入"),
        "is_danger": True,
        "back_url": batch_url(pk),
    }
    return render(request, "confirm.html", context)


def batch_url(pk):
    return reverse("catalog:import_batch", args=[pk])


@login_required
@require_GET
def import_errors(request, pk):
    return attachment(bad_rows_workbook(own_batch(request, pk)), "technologies-errors.xlsx")


def attachment(content, name):
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return HttpResponse(content, content_type=XLSX, headers=headers)
