"""Importing spreadsheets in the workbench of officials."""

from functools import wraps

from django.contrib import messages
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from accounts.held_files import HeldFiles
from catalog.enums import ImportKind, ImportMode, ImportRowState, ImportState
from catalog.forms.imports import (
    ConfirmForm,
    SheetForm,
    UploadForm,
    column_rows,
    decisions_from,
    field_groups,
)
from catalog.importers.inspecting import change_sheet, create_batch, decide_mapping
from catalog.importers.problems import FileProblem
from catalog.importers.reports import cell_reports, changed_since, preview_rows
from catalog.importers.running import resume, start
from catalog.importers.workbooks import bad_rows_workbook, template_workbook
from catalog.models import ImportBatch, ImportRow
from catalog.tasks import run_import

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
SHOWN_CHANGED = 50


def library_duty_required(view):
    """Hide the page from everyone without the duty for the libraries."""

    @wraps(view)
    def guarded(request, *args, **kwargs):
        if not request.user.has_perm("catalog.add_importbatch"):
            raise Http404
        return view(request, *args, **kwargs)

    return guarded


def breadcrumbs(*steps):
    items = [{"url": reverse("wagtailadmin_home"), "label": _("首页")}]
    items += [{"url": url, "label": label} for label, url in steps]
    return items


HOME = "catalog_imports:index"


def get_batch(pk):
    return get_object_or_404(ImportBatch.objects.select_related("created_by", "organisation"), pk=pk)


def enqueue(batch):
    transaction.on_commit(lambda: run_import.delay(batch_id=batch.pk))


@library_duty_required
@require_GET
def index(request):
    batches = ImportBatch.objects.select_related("created_by", "organisation")
    page = Paginator(batches, 20).get_page(request.GET.get("p"))
    counted = ImportRow.objects.filter(batch__in=[batch.pk for batch in page])
    counts = {}
    for batch_id, state, count in counted.values_list("batch", "state").annotate(count=Count("pk")):
        counts.setdefault(batch_id, {})[state] = count
    for batch in page:
        batch.row_counts = counts.get(batch.pk, {})
    context = {
        "page": page,
        "kinds": ImportKind,
        "breadcrumbs_items": breadcrumbs((_("表格导入"), "")),
        "header_title": _("表格导入"),
        "header_icon": "upload",
    }
    return render(request, "catalog/admin/import_list.html", context)


@library_duty_required
def upload(request):
    earlier = ImportBatch.objects.filter(pk=request.GET.get("from") or 0).first()
    initial = {"kind": request.GET.get("kind", ImportKind.TECHNOLOGIES)}
    if earlier:
        initial = {name: getattr(earlier, name) for name in ("kind", "source_catalogue", "source_edition")}
    files = HeldFiles(request, "file")
    form = UploadForm(request.POST or None, files.chosen, initial=initial)
    if request.method == "POST" and form.is_valid():
        fields = {name: form.cleaned_data[name] for name in ("kind", "source_catalogue", "source_edition")}
        try:
            batch = create_batch(form.cleaned_data["file"], user=request.user, **fields)
        except FileProblem as problem:
            form.add_error("file", str(problem))
        else:
            files.release()
            return redirect("catalog_imports:columns", batch.pk)
    files.keep(form)
    sources = ImportBatch.objects.exclude(source_catalogue="").order_by("source_catalogue")
    context = {
        "form": form,
        "kinds": ImportKind,
        "sources": sources.values_list("source_catalogue", flat=True).distinct()[:100],
        "breadcrumbs_items": breadcrumbs((_("表格导入"), reverse(HOME)), (_("上传"), "")),
        "header_title": _("上传表格"),
        "header_icon": "upload",
    }
    return render(request, "catalog/admin/import_upload.html", context)


@library_duty_required
def columns(request, pk):
    batch = get_batch(pk)
    if batch.state not in {ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED}:
        return redirect("catalog_imports:batch", pk)
    if request.method == "POST":
        try:
            decide_mapping(batch, decisions_from(request.POST, batch))
        except FileProblem as problem:
            messages.error(request, str(problem))
        else:
            batch.skip_hidden = "skip_hidden" in request.POST
            batch.state = ImportState.UPLOADED
            batch.save()
            if start(batch, ImportState.CHECKING):
                enqueue(batch)
            return redirect("catalog_imports:batch", pk)
    context = {
        "batch": batch,
        "columns": column_rows(batch),
        "groups": field_groups(batch),
        "sheet_form": SheetForm(batch=batch),
        "breadcrumbs_items": breadcrumbs((_("表格导入"), reverse(HOME)), (batch.file_name, "")),
        "header_title": _("核对列的对应"),
        "header_icon": "upload",
    }
    return render(request, "catalog/admin/import_columns.html", context)


@library_duty_required
@require_POST
def sheet(request, pk):
    batch = get_batch(pk)
    form = SheetForm(request.POST, batch=batch)
    if batch.state not in {ImportState.UPLOADED, ImportState.CHECKED, ImportState.FAILED}:
        return redirect("catalog_imports:batch", pk)
    if not form.is_valid():
        messages.error(request, _("工作表或标题行填写不对。"))
        return redirect("catalog_imports:columns", pk)
    is_other_sheet = form.cleaned_data["sheet"] != batch.sheet
    try:
        change_sheet(
            batch,
            sheet=form.cleaned_data["sheet"],
            heading_row=None if is_other_sheet else form.cleaned_data["heading_row"],
            heading_lines=0 if is_other_sheet else form.cleaned_data["heading_lines"],
        )
    except FileProblem as problem:
        messages.error(request, str(problem))
    return redirect("catalog_imports:columns", pk)


@library_duty_required
@require_GET
def batch_page(request, pk):
    batch = get_batch(pk)
    if batch.state == ImportState.UPLOADED:
        return redirect("catalog_imports:columns", pk)
    counts = batch.counts()
    show = request.GET.get("show") or ("errors" if counts["bad"] else "rows")
    rows = {
        "errors": batch.rows.filter(state=ImportRowState.BAD).exclude(errors=[]),
        "warnings": batch.rows.exclude(warnings=[]),
        "rows": batch.rows.exclude(state=ImportRowState.BAD),
        "kept": batch.rows.filter(state=ImportRowState.KEPT),
    }.get(show, batch.rows.none())
    page = Paginator(rows, 50).get_page(request.GET.get("p"))
    context = {
        "batch": batch,
        "counts": counts,
        "show": show,
        "page": page,
        "cells": cell_reports(page, of=show) if show in {"errors", "warnings"} else [],
        "previews": preview_rows(batch, list(page)) if show in {"rows", "kept"} else [],
        "form": ConfirmForm(modes=modes_for(request.user, batch)),
        "edit_url_name": f"wagtailsnippets_catalog_{'technology' if batch.kind == ImportKind.TECHNOLOGIES else 'demand'}:edit",
        "breadcrumbs_items": breadcrumbs((_("表格导入"), reverse(HOME)), (batch.file_name, "")),
        "header_title": batch.file_name,
        "header_icon": "upload",
    }
    return render(request, "catalog/admin/import_batch.html", context)


def modes_for(user, batch):
    model = "technology" if batch.kind == ImportKind.TECHNOLOGIES else "demand"
    can_publish = user.has_perm(f"catalog.publish_{model}")
    return [ImportMode.PUBLISH, ImportMode.REVIEW] if can_publish else [ImportMode.REVIEW]


@library_duty_required
@require_GET
def progress(request, pk):
    batch = get_batch(pk)
    response = render(request, "catalog/admin/import_progress.html", {"batch": batch})
    if not batch.is_busy:
        response["HX-Refresh"] = "true"
    return response


@library_duty_required
@require_POST
def confirm(request, pk):
    batch = get_batch(pk)
    form = ConfirmForm(request.POST, modes=modes_for(request.user, batch))
    if not form.is_valid():
        messages.error(request, _("请选择好的行怎样处理。"))
    elif start(batch, ImportState.APPLYING):
        batch.mode = form.cleaned_data["mode"]
        batch.save(update_fields=["mode"])
        enqueue(batch)
    return redirect("catalog_imports:batch", pk)


@library_duty_required
@require_POST
def resume_batch(request, pk):
    batch = get_batch(pk)
    if resume(batch):
        enqueue(batch)
    return redirect("catalog_imports:batch", pk)


@library_duty_required
def undo(request, pk):
    batch = get_batch(pk)
    if batch.state not in {ImportState.APPLIED, ImportState.UNDONE}:
        return redirect("catalog_imports:batch", pk)
    if request.method == "POST":
        if start(batch, ImportState.UNDOING):
            batch.undo_changed_rows = "undo_changed_rows" in request.POST
            batch.save(update_fields=["undo_changed_rows"])
            enqueue(batch)
        return redirect("catalog_imports:batch", pk)
    changed = changed_since(batch)
    context = {
        "batch": batch,
        "counts": batch.counts(),
        "changed": changed[:SHOWN_CHANGED],
        "changed_count": len(changed),
        "breadcrumbs_items": breadcrumbs(
            (_("表格导入"), reverse(HOME)),
            (batch.file_name, reverse("catalog_imports:batch", args=[pk])),
            (_("撤销"), ""),
        ),
        "header_title": _("撤销整批导入"),
        "header_icon": "rotate",
    }
    return render(request, "catalog/admin/import_undo.html", context)


@library_duty_required
@require_GET
def bad_rows(request, pk):
    batch = get_batch(pk)
    return attachment(bad_rows_workbook(batch), f"import-{batch.pk}-errors.xlsx")


@library_duty_required
@require_GET
def template(request, kind):
    if kind not in ImportKind.values:
        raise Http404
    return attachment(template_workbook(kind), f"template-{kind}.xlsx")


def attachment(content, name):
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
