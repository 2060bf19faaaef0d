"""The review queue: what waits in both libraries, decided one by one or together."""

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST
from wagtail.models import TaskState

from accounts.roles import Duty
from catalog.admin_views.access import duty_required
from catalog.forms.review import DecisionForm, QueueFilterForm
from catalog.models import Technology
from catalog.services.duplicates import similar_listings
from catalog.services.facts import differences, facts_of
from catalog.services.requirements import missing_for_review, remarks_for_review
from catalog.services.review import APPROVE, RETURN, decide_many, load_submissions, pending_for

PAGE = 30


def header(title, *trail, icon="tasks"):
    """Return what Wagtail's page head needs."""
    crumbs = [{"url": reverse("wagtailadmin_home"), "label": _("首页")}]
    crumbs += [{"url": url, "label": label} for label, url in trail]
    crumbs.append({"url": "", "label": title})
    return {"header_title": title, "breadcrumbs_items": crumbs, "header_icon": icon}


def filtered(request):
    """Return the filter form and the submissions it lets through."""
    form = QueueFilterForm(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    states = pending_for(
        request.user,
        kind=chosen.get("kind", ""),
        word=chosen.get("word", ""),
        older_than_days=int(chosen.get("waiting") or 0),
    )
    return form, states


@duty_required(Duty.REVIEW)
@require_GET
def queue(request):
    """List what waits, oldest first."""
    form, states = filtered(request)
    page = Paginator(states, PAGE).get_page(request.GET.get("p"))
    context = {
        **header(_("审核队列")),
        "page": page,
        "submissions": load_submissions(page.object_list),
        "filter_form": form,
        "is_filtered": any(request.GET.get(name) for name in form.fields),
    }
    return render(request, "catalog/admin/review_queue.html", context)


@duty_required(Duty.REVIEW)
def submission(request, pk):
    """Show one submission wholly, with its difference from the public version, and decide it."""
    state = TaskState.objects.filter(pk=pk).select_related("workflow_state__requested_by", "revision").first()
    found = load_submissions([state] if state else [])
    if not found:
        raise Http404
    item = found[0]
    form = DecisionForm(request.POST or None)
    is_open = pending_for(request.user).filter(pk=pk).exists()
    if request.method == "POST" and form.is_valid():
        following = pending_for(request.user).exclude(pk=pk).first()
        report(request, [state], form.cleaned_data)
        return redirect("catalog_review:submission", following.pk) if following else redirect(queue_url())
    version = state.revision.as_object()
    is_technology = isinstance(item.listing, Technology)
    context = {
        **header(item.title, (_("审核队列"), queue_url())),
        "item": item,
        "version": version,
        "form": form,
        "is_open": is_open,
        "facts": [fact for fact in facts_of(version) if fact.text],
        "changes": differences(item.listing, version) if item.is_change else None,
        "missing": missing_for_review(version) if is_technology else [],
        "similar": similar_listings(version) if is_technology else [],
        "remarks": remarks_for_review(version) if is_technology else [],
        "documents": list(version.documents.all()) if is_technology else [],
        "rounds": item.listing.review_rounds,
        "actions": {"approve": APPROVE, "return": RETURN},
    }
    return render(request, "catalog/admin/review_submission.html", context)


@duty_required(Duty.REVIEW)
@require_POST
def decide_together(request):
    """Ask for one reason, then decide all chosen submissions; failures are named and stop nothing."""
    chosen = set(request.POST.getlist("chosen"))
    states = [state for state in pending_for(request.user) if str(state.pk) in chosen]
    if not states:
        messages.warning(request, _("请先勾选要处理的条目。"))
        return redirect(queue_url())
    is_confirmed = "is_confirmed" in request.POST
    action = request.POST.get("action")
    form = DecisionForm(request.POST if is_confirmed else None, initial={"action": action})
    if is_confirmed and form.is_valid():
        report(request, states, form.cleaned_data)
        return redirect(queue_url())
    context = {
        **header(_("批量退回") if action == RETURN else _("批量通过"), (_("审核队列"), queue_url())),
        "submissions": load_submissions(states),
        "form": form,
        "is_return": action == RETURN,
    }
    return render(request, "catalog/admin/review_decide.html", context)


def report(request, states, decision):
    """Carry a decision out and say what became of each submission."""
    titles = {item.task_state.pk: item.title for item in load_submissions(states)}
    done, failures = decide_many(
        states, user=request.user, action=decision["action"], comment=decision["comment"]
    )
    if done:
        sentence = _("已通过 %d 项。") if decision["action"] == APPROVE else _("已退回 %d 项。")
        messages.success(request, sentence % done)
    for state, reason in failures:
        messages.error(request, f"{titles.get(state.pk, state.pk)}：{reason}")


def queue_url():
    return reverse("catalog_review:queue")
