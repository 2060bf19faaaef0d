"""Where an enterprise writes its demands and keeps them in order."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.models import Organisation
from accounts.submissions import keeps_form, once, posted_or_kept
from catalog.demand_facts import demand_facts
from catalog.errors import ListingError
from catalog.forms.closing import CloseDemandForm
from catalog.forms.demands import DemandForm
from catalog.forms.suggestions import FILL, filled_codes, suggestions, texts_of, with_filled
from catalog.masking import Level, masked
from catalog.models import Demand
from catalog.models.listings import load_review_states
from catalog.services.demands import close_demand, delete_draft, is_under_review, save_demand, withdraw_demand
from catalog.signals import MatchCount, match_counts_asked

PER_PAGE = 20
SAVING = ("send", "draft", "preview")


def enterprises_of(user):
    """Return the energy-using organisations for which the user acts."""
    return Organisation.objects.of_member(user).filter(is_enterprise=True).order_by("name")


def say_no_enterprise(request):
    """Say what somebody without an energy-using organisation can do; the home page leads everybody here."""
    is_member = Organisation.objects.of_member(request.user).exists()
    return render(
        request, "catalog/no_enterprise.html", {"is_member": is_member}, status=403 if is_member else 200
    )


def own_demand(request, pk):
    return get_object_or_404(Demand.objects.editable_by(request.user), pk=pk)


@login_required
def my_demands(request):
    """Show the demands of the user's enterprises with where each stands and how many technologies fit."""
    if not enterprises_of(request.user):
        return say_no_enterprise(request)
    demands = Demand.objects.editable_by(request.user).select_related("organisation")
    page = Paginator(demands, PER_PAGE).get_page(request.GET.get("page"))
    rows = load_review_states(page.object_list)
    counts = {}
    for _receiver, found in match_counts_asked.send(
        Demand, user=request.user, demand_ids=[demand.pk for demand in rows]
    ):
        counts.update(found)
    entries = [(demand, counts.get(demand.pk, MatchCount())) for demand in rows]
    return render(request, "catalog/my_demands.html", {"entries": entries, "page": page})


@keeps_form
@once
def new_demand(request):
    """Write a demand."""
    organisations = enterprises_of(request.user)
    if not organisations:
        return say_no_enterprise(request)
    demand = Demand(contact=request.user, contact_name=request.user.name)
    return edit(request, demand, organisations)


@keeps_form
@once
def edit_demand(request, pk):
    """Change a demand; what is public stays as it is until the change is reviewed."""
    demand = own_demand(request, pk)
    return edit(request, demand.get_latest_revision_as_object(), enterprises_of(request.user))


def edit(request, demand, organisations):
    """Show the form, save what was typed, or show how others will see it."""
    data = posted_or_kept(request)
    action = request.POST.get("action", "send")
    if request.method == "POST" and action.partition(":")[0] == FILL:
        data = with_filled(data, action)
    form = DemandForm(
        data,
        instance=demand,
        organisations=organisations,
        is_complete=request.method == "POST" and action == "send",
        more=action == "more",
    )
    views = None
    is_valid = form.is_bound and form.is_valid()
    if request.method == "POST" and action in SAVING and is_valid:
        if action != "preview":
            return save(request, form.filled_instance(), is_sent=action == "send")
        filled = form.filled_instance()
        views = [(level, demand_facts(masked(filled, level))) for level in (Level.PUBLIC, Level.MATCHED)]
    is_reviewed = demand.pk is not None and is_under_review(demand)
    found = suggestions(texts_of(form), filled=filled_codes(form))
    context = {
        "form": form,
        "demand": demand,
        "views": views,
        "is_reviewed": is_reviewed,
        "suggestions": found,
        "has_asked": action == "read" or action.startswith(FILL),
    }
    return render(request, "catalog/demand_form.html", context)


def save(request, demand, *, is_sent):
    demand = save_demand(demand, user=request.user, is_sent=is_sent)
    if not is_sent:
        messages.success(request, _("草稿已保存，只有本单位成员能看到。"))
        return redirect("catalog:edit_demand", demand.pk)
    messages.success(request, _("需求已提交审核，通过后公开。以下是平台现在匹配到的技术。"))
    return redirect("matching:matches", demand.pk)


def conversion(request):
    """Convert the typed yearly uses to standard coal, for the form to show while typing."""
    if not request.user.is_authenticated:
        # A log-in page must not appear inside the form; what was typed is kept when the form itself is sent.
        return HttpResponse(status=204)
    organisations = enterprises_of(request.user)
    if not organisations:
        raise Http404
    form = DemandForm(request.POST, organisations=organisations)
    return render(request, "catalog/conversion.html", {"form": form})


@login_required
def withdraw(request, pk):
    """Ask, then take a demand out of review or out of the public view."""
    demand = own_demand(request, pk)
    if request.method == "POST":
        return carry_out(request, withdraw_demand, demand, done=_("需求已撤回，可修改后重新提交。"))
    text = _("撤回“%s”后，它不再公开，也不再审核；内容会保留，可随时修改并重新提交。")
    return ask(request, demand, heading=_("撤回需求"), text=text, action=_("确认撤回"))


@login_required
def delete(request, pk):
    """Ask, then delete a demand that was never public."""
    demand = own_demand(request, pk)
    if request.method == "POST":
        return carry_out(request, delete_draft, demand, done=_("草稿已删除。"))
    text = _("删除“%s”后不能恢复。")
    return ask(request, demand, heading=_("删除草稿"), text=text, action=_("确认删除"), is_danger=True)


@login_required
def close(request, pk):
    """Ask how a demand ended, then close it."""
    demand = own_demand(request, pk)
    form = CloseDemandForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        return carry_out(
            request, close_demand, demand, done=_("需求已关闭，谢谢您的反馈。"), **form.cleaned_data
        )
    text = _("关闭“%s”后不再公开和匹配；结果只用于改进推荐。以后仍可重新提交。")
    return ask(request, demand, heading=_("关闭需求"), text=text, action=_("确认关闭"), form=form)


def ask(request, demand, *, text, **context):
    context = {"text": text % demand.title, "back_url": reverse("catalog:my_demands"), **context}
    return render(request, "confirm.html", context)


def carry_out(request, service, demand, *, done, **details):
    try:
        service(demand, user=request.user, **details)
    except ListingError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, done)
    return redirect("catalog:my_demands")
