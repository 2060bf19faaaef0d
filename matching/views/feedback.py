"""Both sides say what they think of a match: without a reload where htmx runs, with a plain post elsewhere."""

from functools import wraps
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render, resolve_url
from django.urls import reverse
from django.utils.translation import gettext as _

from matching.enums import Side
from matching.errors import FeedbackError
from matching.forms import FeedbackForm
from matching.models import Feedback
from matching.services.feedback import confirm_outcome, decline_outcome, give_feedback, take_back
from matching.services.needs import needs_for, suppliers_of
from matching.views.matches import list_context, own_cards, own_demand
from matching.views.needs import list_context as list_context_of_needs

TAKE_BACK, CONFIRM, DECLINE = "none", "confirm", "decline"


def answering(list_address):
    """Make a view answer posts only and lead everybody else, or an ended session, to the list it belongs to."""

    def decorate(view):
        @wraps(view)
        def wrapper(request, **keys):
            address = list_address(keys)
            if not request.user.is_authenticated:
                if request.htmx:
                    login = f"{resolve_url('account_login')}?{urlencode({'next': address})}"
                    return HttpResponse(status=204, headers={"HX-Redirect": login})
                return redirect_to_login(address)
            if request.method != "POST":
                return redirect(address)
            return view(request, **keys)

        return wrapper

    return decorate


def take_word(request, demand, technology, side):
    """Store or take back what was posted; return what is wrong with it, or an empty string."""
    try:
        word = request.POST.get("verdict")
        if word == TAKE_BACK:
            take_back(demand, technology, side=side)
        elif word == CONFIRM and side == Side.ENTERPRISE:
            confirm_outcome(demand, technology, user=request.user)
        elif word == DECLINE and side == Side.ENTERPRISE:
            decline_outcome(demand, technology, user=request.user)
        else:
            form = FeedbackForm(request.POST, side=side)
            if not form.is_valid():
                return form.first_error
            give_feedback(demand, technology, side=side, user=request.user, **form.cleaned_data)
    except FeedbackError as error:
        return str(error)
    return ""


def back_to(request, address, anchor, error):
    """Lead back to the list as it was narrowed, with what happened."""
    if error:
        messages.error(request, error)
    else:
        messages.success(request, _("您的反馈已记录，可随时修改或撤销。"))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    return redirect(f"{address}{query}#{anchor}")


@answering(lambda keys: reverse("matching:matches", args=[keys["pk"]]))
def answer_technology(request, pk, technology_pk):
    """Take the enterprise's word on a technology of its list."""
    demand = own_demand(request, pk)
    recommendation = get_object_or_404(
        demand.recommendations.current().select_related("technology"), technology=technology_pk
    )
    error = take_word(request, demand, recommendation.technology, Side.ENTERPRISE)
    if not request.htmx:
        address = reverse("matching:matches", args=[demand.pk])
        return back_to(request, address, f"match-{technology_pk}", error)
    cards = own_cards(demand, demand.recommendations.current().order_by("rank"))
    context = {
        **list_context(request, demand, cards),
        "error": error,
        "error_anchor": f"match-{technology_pk}",
        "asked": request.POST.get("verdict"),
        "said": next((card for card in cards if card.technology.pk == technology_pk), None),
    }
    return render(request, "matching/match_list.html", context)


@answering(lambda keys: reverse("matching:needs"))
def answer_need(request, pk):
    """Take the supplier's word on a need that fits one of its technologies."""
    recommendation = get_object_or_404(needs_for(request.user), pk=pk)
    error = take_word(request, recommendation.demand, recommendation.technology, Side.SUPPLIER)
    if not request.htmx:
        return back_to(request, reverse("matching:needs"), f"need-{pk}", error)
    context = list_context_of_needs(request, suppliers_of(request.user))
    context |= {
        "error": error,
        "error_anchor": f"need-{pk}",
        "asked": request.POST.get("verdict"),
        "said_of": recommendation.demand,
        "word": Feedback.objects.filter(
            demand=recommendation.demand, technology=recommendation.technology, side=Side.SUPPLIER
        ).first(),
        "said_pk": pk,
    }
    return render(request, "matching/need_list.html", context)
