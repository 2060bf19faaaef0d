"""The guided form in which a supplier lists or changes a technology."""

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.held_files import HeldFiles
from accounts.submissions import keeps_form, once, posted_or_kept
from catalog.enums import TechnologyStep
from catalog.errors import ListingError
from catalog.forms.rows import STEP_ROWS, with_another_row
from catalog.forms.steps import STEP_FORMS, BasicsForm
from catalog.models import Technology
from catalog.services.facts import differences, facts_of
from catalog.services.publishing import save_draft
from catalog.services.requirements import missing_for_review, remarks_for_review
from catalog.services.technologies import add_document, send_technology
from catalog.views.own_technologies import lead_to_supplier, own_technology, technology_status_url

ADD_ROW = "add_row"


@keeps_form
@once
def new_technology(request):
    """Ask for the basics; saving them makes the draft."""
    if elsewhere := lead_to_supplier(request):
        return elsewhere
    form = BasicsForm(posted_or_kept(request), user=request.user, instance=Technology())
    if request.method == "POST" and form.is_valid():
        technology = save_draft(form.apply(), user=request.user)
        messages.success(request, _("草稿已保存。接下来的内容可以分几次填写。"))
        return redirect(address_after(request, technology, TechnologyStep.BASICS))
    return render_step(request, Technology(), TechnologyStep.BASICS, form)


@keeps_form
@once
def edit_technology(request, pk, step=TechnologyStep.BASICS.value):
    """Show and save one step; anything but the title may be missing until the listing is sent."""
    technology = own_technology(request, pk)
    if step not in TechnologyStep.values:
        raise Http404
    step = TechnologyStep(step)
    if technology.merged_into_id:
        messages.info(request, _("该技术已并入其他条目，不能再修改。"))
        return redirect(technology_status_url(pk))
    if technology.review_state.is_under_review:
        messages.info(request, _("该技术正在审核中，暂不能修改；如需修改请先撤回审核。"))
        return redirect(technology_status_url(pk))
    if step == TechnologyStep.CHECK:
        return check_technology(request, technology)
    version = technology.get_latest_revision_as_object()
    files = HeldFiles(request, *(["document"] if step == TechnologyStep.COOPERATION else []))
    form, rows = bind(request, version, step, files.chosen)
    is_saved = request.method == "POST" and ADD_ROW not in request.POST
    if is_saved and form.is_valid() and (rows is None or rows.is_valid()):
        technology = store(request, form, rows, step)
        files.release()
        messages.success(request, _("“%s”已保存。") % step.label)
        return redirect(address_after(request, technology, step))
    files.keep(form)
    return render_step(request, version, step, form, rows)


def bind(request, version, step, files):
    """Return the step's form and its rows (or None), bound to what was posted or kept."""
    data = posted_or_kept(request)
    options = {"user": request.user} if step == TechnologyStep.BASICS else {}
    rows = None
    if step in STEP_ROWS:
        name, row_set = STEP_ROWS[step]
        if request.method == "POST" and ADD_ROW in request.POST:
            data = with_another_row(data, name)
        rows = row_set(data, children=getattr(version, name).all(), prefix=name)
    return STEP_FORMS[step](data, files, instance=version, **options), rows


def store(request, form, rows, step):
    """Save a valid step as a draft and return the technology."""
    version = form.apply()
    if rows is not None:
        setattr(version, rows.prefix, rows.rows)
    file = form.cleaned_data.get("document")
    if file:
        title = form.cleaned_data["document_title"] or file.name.rpartition(".")[0][:100]
        return add_document(version, file, title=title, user=request.user)
    return save_draft(version, user=request.user)


def address_after(request, technology, step):
    """Return where the pressed button leads: a step, this step again, a document to remove, or the state page."""
    go = request.POST.get("go", "")
    if go.startswith("remove-") and go[7:].isdecimal():
        return reverse("catalog:remove_technology_document", args=[technology.pk, int(go[7:])])
    if go == "leave":
        return technology_status_url(technology.pk)
    target = {"stay": step, "back": step.previous or step}.get(go) or (
        TechnologyStep(go) if go in TechnologyStep.values else step.following
    )
    return reverse("catalog:edit_technology_step", args=[technology.pk, target.value])


def render_step(request, technology, step, form, rows=None):
    """Render one step with the way through all of them."""
    missing = missing_for_review(technology) if technology.pk else []
    return render(
        request,
        "catalog/workspace/technology_form.html",
        {
            "technology": technology,
            "step": step,
            "steps": progress(technology, step, missing),
            "form": form,
            "rows": rows,
            "documents": technology.documents.all() if step == TechnologyStep.COOPERATION else [],
        },
    )


def progress(technology, current, missing):
    """Return for each step whether it is current, and how many needed entries it lacks."""
    return [
        {
            "step": step,
            "is_current": step == current,
            "missing": sum(item.step == step for item in missing),
            "is_done": bool(technology.pk)
            and step != TechnologyStep.CHECK
            and not any(item.step == step for item in missing),
        }
        for step in TechnologyStep
    ]


def check_technology(request, technology):
    """Show what is missing and what the public will see; send it on request."""
    if request.method == "POST":
        if request.POST.get("go") in TechnologyStep.values:
            return redirect(address_after(request, technology, TechnologyStep.CHECK))
        try:
            send_technology(technology, user=request.user)
        except ListingError as error:
            messages.error(request, str(error))
            return redirect(request.path)
        messages.success(request, _("已提交审核。审核结果会通过站内信通知您。"))
        return redirect(technology_status_url(technology.pk))
    version = technology.get_latest_revision_as_object()
    missing = missing_for_review(version)
    return render(
        request,
        "catalog/workspace/technology_check.html",
        {
            "technology": technology,
            "version": version,
            "step": TechnologyStep.CHECK,
            "steps": progress(version, TechnologyStep.CHECK, missing),
            "missing": missing,
            "remarks": remarks_for_review(version),
            "facts": facts_of(version),
            "changes": differences(technology, version) if technology.live else None,
            "can_send": technology.review_state.can_be_sent and not missing,
        },
    )
