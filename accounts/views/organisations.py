"""Coming to an organisation, seeing and changing it."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from accounts.enums import MemberState
from accounts.errors import AccountError
from accounts.forms.organisations import CreditCodeForm, JoinForm, OrganisationForm, ResponsibilitiesForm
from accounts.held_files import HeldFiles
from accounts.models import Membership, Organisation
from accounts.services import switch_organisation
from accounts.services.industries import find_industries
from accounts.services.members import request_to_join
from accounts.services.organisations import create_organisation, update_organisation
from accounts.submissions import keeps_form, once, posted_or_kept
from accounts.views.access import is_owner, member_required, owner_required


@member_required
@require_GET
def organisation(request, organisation):
    """Show the current organisation."""
    context = {
        "organisation": organisation,
        "is_owner": is_owner(request.user, organisation),
        "organisations": Organisation.objects.of_member(request.user),
        "pending": request.user.memberships.pending().select_related("organisation"),
        "tab": "organisation",
    }
    return render(request, "accounts/organisation.html", context)


@keeps_form
@never_cache
@once
def organisation_new(request):
    """Lead from the credit code to joining the organisation that has it, or to creating it."""
    code_form = CreditCodeForm(request.GET if "credit_code" in request.GET else None)
    if not code_form.is_valid():
        pending = request.user.memberships.pending().select_related("organisation")
        return render(request, "accounts/organisation_new.html", {"code_form": code_form, "pending": pending})
    code = code_form.cleaned_data["credit_code"]
    existing = Organisation.objects.filter(credit_code=code).first()
    return _join(request, existing) if existing else _create(request, code)


def _join(request, organisation):
    membership = Membership.objects.filter(user=request.user, organisation=organisation).first()
    if membership is not None and membership.state == MemberState.ACTIVE:
        switch_organisation(request, organisation)
        messages.info(request, _("您已是该机构的成员。"))
        return redirect("accounts:organisation")
    form = JoinForm(posted_or_kept(request))
    if request.method == "POST" and form.is_valid():
        try:
            membership = request_to_join(
                organisation,
                user=request.user,
                wish=form.save(commit=False),
                asks_official=form.cleaned_data["asks_official"],
            )
        except AccountError as error:
            form.add_error(None, str(error))
        else:
            whom = _("主管部门") if membership.asks_official else _("机构管理员")
            messages.success(request, _("申请已提交，等待%(whom)s处理，结果会通知您。") % {"whom": whom})
            return redirect("accounts:organisation_new")
    is_waiting = membership is not None and membership.state == MemberState.PENDING
    context = {"organisation": organisation, "form": form, "membership": membership, "is_waiting": is_waiting}
    return render(request, "accounts/organisation_join.html", context)


def _create(request, code):
    data, files = posted_or_kept(request), HeldFiles(request, "licence")
    form = OrganisationForm(data, files.chosen, instance=Organisation(credit_code=code))
    own = ResponsibilitiesForm(data, prefix="own")
    if request.method == "POST" and form.is_valid() and own.is_valid():
        try:
            created = create_organisation(
                form.save(commit=False), membership=own.save(commit=False), owner=request.user
            )
        except AccountError as error:
            messages.warning(request, str(error))
            return redirect(f"{reverse('accounts:organisation_new')}?credit_code={code}")
        files.release()
        switch_organisation(request, created)
        messages.success(request, _("机构“%(name)s”已创建，您是管理员。") % {"name": created.name})
        return redirect("accounts:organisation")
    files.keep(form)
    return render(request, "accounts/organisation_create.html", {"form": form, "own": own, "code": code})


@keeps_form
@never_cache
@owner_required
@once
def organisation_edit(request, organisation):
    """Change the current organisation."""
    files = HeldFiles(request, "licence")
    form = OrganisationForm(posted_or_kept(request), files.chosen, instance=organisation)
    if request.method == "POST" and form.is_valid():
        update_organisation(form.save(commit=False), changed=form.changed_data)
        files.release()
        messages.success(request, _("机构信息已保存。"))
        return redirect("accounts:organisation")
    files.keep(form)
    name = Organisation.objects.values_list("name", flat=True).get(pk=organisation.pk)
    return render(request, "accounts/organisation_edit.html", {"form": form, "name": name})


@login_required
@require_POST
def switch(request):
    """Act for another of the user's organisations."""
    mine = Organisation.objects.of_member(request.user)
    typed = request.POST.get("organisation", "")
    chosen = get_object_or_404(mine, pk=int(typed) if typed.isdecimal() and len(typed) < 19 else 0)
    switch_organisation(request, chosen)
    messages.success(request, _("当前机构：%(name)s") % {"name": chosen.name})
    return redirect("accounts:organisation")


@login_required
@require_GET
def industries(request):
    """Return the options of the industry field that fit what was typed."""
    found = find_industries(request.GET.get(request.GET.get("field", ""), ""))
    return render(request, "accounts/_industry_options.html", {"industries": found})
