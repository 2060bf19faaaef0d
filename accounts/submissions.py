"""Long forms that lose nothing: an expired session keeps what was typed, a double click is carried out once.

A form that wants both puts `{% load submissions %}{% form_token %}` beside its CSRF token, and its view reads

    @keeps_form
    @once
    def edit(request):
        form = SomeForm(posted_or_kept(request))
        if request.method == "POST" and form.is_valid(): ...save, redirect
        return render(...)

Files of an expired session wait in `held_files`, as those of a form with errors do, where the view uses it; what
could not be kept is said after the log-in.
"""

import hashlib
import secrets
import time
from collections.abc import Callable
from functools import wraps

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core import signing
from django.core.cache import cache
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from accounts.held_files import hold_for

FIELD = "form_token"
SESSION_KEY = "kept_forms"
KEPT_SECONDS = 24 * 3600
KEPT_CHARACTERS = 300_000
WAIT_SECONDS = 10.0
_SALT = "accounts.submissions"
_PENDING = "pending"


def make_token(user) -> str:
    """Return a signed token that names the user for whom a form was rendered."""
    return signing.dumps([user.pk, secrets.token_urlsafe(12)], salt=_SALT)


def keeps_form(view: Callable) -> Callable:
    """Require a log-in; what an expired session posted is shown again once the same person has logged in."""

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        path = request.get_full_path()
        if not request.user.is_authenticated:
            if request.method == "POST":
                _keep(request, path)
            answer = redirect_to_login(path)
            # A partial update must leave the page for the log-in, not swap it into the form.
            if "HX-Request" in request.headers:
                return HttpResponse(headers={"HX-Redirect": answer.url})
            return answer
        request.kept_form = _kept(request, path)
        return view(request, *args, **kwargs)

    return wrapper


def posted_or_kept(request: HttpRequest) -> QueryDict | None:
    """Return the data a form of a `keeps_form` view is bound to; None for a fresh form."""
    return request.POST if request.method == "POST" else request.kept_form


def once(view: Callable) -> Callable:
    """Carry out identical posts of one rendered form a single time; later ones get the first one's redirect.

    A post that ends without a redirect (errors, one more row) does not count, nor does one with other content.
    """

    @wraps(view)
    def wrapper(request: HttpRequest, *args, **kwargs):
        key = _submission_key(request) if request.method == "POST" else None
        if key is None:
            return view(request, *args, **kwargs)
        while not cache.add(key, _PENDING, KEPT_SECONDS):
            result = _result_of_first(key)
            if result is not None:
                return redirect(request.get_full_path() if result == _PENDING else result)
        response = None
        try:
            response = view(request, *args, **kwargs)
        finally:
            _remember(key, response)
        return response

    return wrapper


def _remember(key: str, response: HttpResponse | None) -> None:
    address = response.headers.get("Location") if response is not None else None
    if address:
        cache.set(key, address, KEPT_SECONDS)
    else:
        cache.delete(key)


def _result_of_first(key: str) -> str | None:
    """Wait for the first post, which another thread may still be carrying out; None when it did not count."""
    deadline = time.monotonic() + WAIT_SECONDS
    while (result := cache.get(key)) == _PENDING and time.monotonic() < deadline:
        time.sleep(0.05)
    return result


def _submission_key(request: HttpRequest) -> str | None:
    token = request.POST.get(FIELD)
    if not token:
        return None
    digest = hashlib.sha256(f"{request.path}\0{token}".encode())
    for name in sorted(set(request.POST) - {"csrfmiddlewaretoken"}):
        digest.update("\0".join([name, *request.POST.getlist(name)]).encode())
    for name in sorted(request.FILES):
        digest.update(repr([name, [(file.name, file.size) for file in request.FILES.getlist(name)]]).encode())
    return f"submission:{digest.hexdigest()}"


def _keep(request: HttpRequest, path: str) -> None:
    user_pk = _user_of(request.POST.get(FIELD, ""))
    typed = request.POST.copy()
    for name in ("csrfmiddlewaretoken", FIELD):
        typed.pop(name, None)
    text = typed.urlencode()
    if user_pk is None or len(text) > KEPT_CHARACTERS:
        return
    are_files_kept = hold_for(request, user_pk)
    request.session[SESSION_KEY] = {path: {"user": user_pk, "data": text, "are_files_kept": are_files_kept}}
    messages.info(request, _("登录已过期。您填写的内容已保留，重新登录后继续。"))


def _kept(request: HttpRequest, path: str) -> QueryDict | None:
    kept = request.session.get(SESSION_KEY, {}).get(path)
    if kept is None:
        return None
    if request.method == "POST" or kept["user"] != request.user.pk:
        del request.session[SESSION_KEY]
        return None
    messages.warning(request, _("已恢复登录过期前填写的内容，尚未保存。请检查后再次提交。"))
    if not kept["are_files_kept"]:
        messages.warning(request, _("所选的文件没有保留，请重新选择。"))
    return QueryDict(kept["data"])


def _user_of(token: str) -> int | None:
    try:
        return signing.loads(token, salt=_SALT, max_age=7 * KEPT_SECONDS)[0]
    except signing.BadSignature:
        return None
