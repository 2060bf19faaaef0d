"""What officials decide about organisations, requests and keys, inside the Wagtail admin."""

from django.contrib import messages
from django.contrib.auth.decorators import permission_required
from django.core.exceptions import PermissionDenied
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from accounts.enums import MemberRole
from accounts.errors import AccountError
from accounts.forms.officials import ApiTokenForm, VerificationForm
from accounts.models import ApiToken, Membership, Organisation
from accounts.services.members import decide_join
from accounts.services.organisations import decide_verification
from accounts.services.tokens import issue_token, revoke_token

KEY_IN_SESSION = "new_api_key"
verifier_required = permission_required("accounts.verify_organisation", raise_exception=True)


def _crumbs(*steps):
    return [{"url": url, "label": label} for label, url in steps]


@verifier_required
@never_cache
def verify(request, pk):
    """Show an organisation with its licence and members, and record the decision."""
    organisation = get_object_or_404(
        Organisation.objects.select_related("industry", "area", "verified_by"), pk=pk
    )
    form = VerificationForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        is_verified = form.cleaned_data["decision"] == "verify"
        decide_verification(
            organisation, official=request.user, is_verified=is_verified, note=form.cleaned_data["note"]
        )
        text = _("“%(name)s”已通过核验。") if is_verified else _("“%(name)s”未通过，原因已发给管理员。")
        messages.success(request, text % {"name": organisation.name})
        return redirect("accounts_organisations:list")
    context = {
        "organisation": organisation,
        "members": organisation.memberships.active().select_related("user"),
        "form": form,
        "header_title": organisation.name,
        "header_icon": "group",
        "breadcrumbs_items": _crumbs(
            (_("首页"), reverse("wagtailadmin_home")),
            (_("机构"), reverse("accounts_organisations:list")),
            (organisation.name, ""),
        ),
    }
    return render(request, "accounts/admin/verify.html", context)


@verifier_required
@never_cache
def decide_request(request, pk):
    """Show a join request that waits for an official, and record the decision."""
    requests = Membership.objects.for_officials().select_related("user", "organisation")
    membership = get_object_or_404(requests, pk=pk)
    if request.method == "POST":
        decision = request.POST.get("decision")
        role = MemberRole.OWNER if decision == "owner" else MemberRole.MEMBER
        is_accepted = decision in {"owner", "member"}
        try:
            decide_join(membership, decided_by=request.user, is_accepted=is_accepted, role=role)
        except AccountError as error:
            messages.warning(request, str(error))
        else:
            messages.success(request, _("已同意加入。") if is_accepted else _("已拒绝申请。"))
        return redirect("accounts_join_requests:index")
    context = {
        "membership": membership,
        "owners": membership.organisation.memberships.owners().select_related("user"),
        "header_title": str(membership.user),
        "header_icon": "user",
        "breadcrumbs_items": _crumbs(
            (_("首页"), reverse("wagtailadmin_home")),
            (_("加入申请"), reverse("accounts_join_requests:index")),
            (str(membership.user), ""),
        ),
    }
    return render(request, "accounts/admin/join_request.html", context)


@permission_required("accounts.add_apitoken", raise_exception=True)
@never_cache
def token_add(request):
    """Make a key, and show it on the next page only."""
    form = ApiTokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        token = form.save(commit=False)
        key = issue_token(token, organisations=form.cleaned_data["codes"], by=request.user)
        request.session[KEY_IN_SESSION] = [token.pk, key]
        return redirect("accounts_tokens:edit", token.pk)
    context = {
        "form": form,
        "header_title": _("新建接口令牌"),
        "header_icon": "key",
        "breadcrumbs_items": _crumbs(
            (_("首页"), reverse("wagtailadmin_home")),
            (_("接口令牌"), reverse("accounts_tokens:index")),
            (_("新建"), ""),
        ),
    }
    return render(request, "accounts/admin/token_add.html", context)


@permission_required("accounts.view_apitoken", raise_exception=True)
@never_cache
def token_detail(request, pk):
    """Show a token, with its key right after it was made, and revoke it."""
    token = get_object_or_404(ApiToken.objects.prefetch_related("organisations"), pk=pk)
    if request.method == "POST":
        if not request.user.has_perm("accounts.change_apitoken"):
            raise PermissionDenied
        revoke_token(token)
        messages.success(request, _("令牌已停用，使用它的系统将不能再读取。"))
        return redirect("accounts_tokens:edit", token.pk)
    made_pk, key = request.session.get(KEY_IN_SESSION, (None, ""))
    if made_pk == token.pk:
        del request.session[KEY_IN_SESSION]
    context = {
        "token": token,
        "key": key if made_pk == token.pk else "",
        "header_title": token.name,
        "header_icon": "key",
        "breadcrumbs_items": _crumbs(
            (_("首页"), reverse("wagtailadmin_home")),
            (_("接口令牌"), reverse("accounts_tokens:index")),
            (token.name, ""),
        ),
    }
    return render(request, "accounts/admin/token.html", context)
