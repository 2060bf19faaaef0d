"""A person's saved searches, and ending the alerts of one without logging in."""

from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notices.enums import Rhythm
from search.browsing import Browsing, asked_text
from search.enums import Kind
from search.forms import SavedSearchForm
from search.models import SavedSearch
from search.saved_searches import (
    MOST_SAVED,
    SavingError,
    change_search,
    read_unsubscribe_token,
    run_search,
    save_search,
    titles_of,
)
from search.views.lists import ADDRESSES

UNDO_SALT = "search.undo"
MOST_NEW = 100


def own_search(request, pk):
    """Return a saved search of the user; raise Http404 for anybody else's."""
    return get_object_or_404(SavedSearch, pk=pk, user=request.user)


def list_url(search: SavedSearch) -> str:
    """Return the address at which anybody sees what the search finds."""
    return reverse(ADDRESSES.get(search.kind, "search:search")) + (f"?{search.query}" if search.query else "")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def save(request):
    """Ask for name and rhythm, then keep the search that the address holds."""
    kind = request.GET.get("kind", "")
    if kind in ADDRESSES:
        browsing = Browsing(kind, request.GET)
        query, summary = browsing.conditions, browsing.in_words
    elif text := asked_text(request.GET)[0]:
        kind, query, summary = "", urlencode({"q": text}), f"“{text}”"  # data: quotation marks
    else:
        raise Http404
    summary = summary or _("全部%s") % Kind(kind).label
    same = SavedSearch.objects.filter(user=request.user, kind=kind, query=query).first()
    name = summary.replace("“", "").replace("”", "")[:100]  # data: quotation marks
    initial = {"name": same.name if same else name, "rhythm": same.rhythm if same else Rhythm.DAILY}
    form = SavedSearchForm(request.POST or None, initial=initial)
    draft = SavedSearch(kind=kind, query=query)
    if request.method == "POST" and form.is_valid():
        try:
            search = save_search(request.user, kind=kind, query=query, **form.cleaned_data)
        except SavingError as error:
            form.add_error(None, str(error))
        else:
            messages.success(request, _("已保存“%s”。") % search.name)
            return redirect("search:saved")
    context = {"form": form, "summary": summary, "same": same, "back_url": list_url(draft), "kind": kind}
    return render(request, "search/save.html", context)


@login_required
@never_cache
@require_GET
def saved(request):
    """List the saved searches with what each found since its owner last looked."""
    searches = SavedSearch.objects.filter(user=request.user).with_unseen().defer("stored")
    rows = [(search, list_url(search)) for search in searches]
    return render(request, "search/saved.html", {"rows": rows, "most": MOST_SAVED, "Rhythm": Rhythm})


@login_required
@never_cache
@require_GET
def saved_search(request, pk):
    """Show what a search found since its owner last looked; then it counts as seen."""
    search = own_search(request, pk)
    unseen = search.found.filter(seen_at=None)
    pairs = list(unseen.values_list("kind", "object_id")[:MOST_NEW])
    titles = titles_of(pairs)
    addresses = {Kind.TECHNOLOGY: "catalog:technology", Kind.DEMAND: "catalog:demand"}
    rows = [
        (Kind(kind).label, titles[kind, pk], reverse(addresses[kind], args=[pk]))
        for kind, pk in pairs
        if (kind, pk) in titles
    ]
    unseen.update(seen_at=timezone.now())
    context = {"search": search, "rows": rows, "list_url": list_url(search), "Rhythm": Rhythm}
    return render(request, "search/saved_search.html", context)


@login_required
@require_POST
def run(request, pk):
    """Look for what is new now; what the owner sees here is not mailed again."""
    search = own_search(request, pk)
    if run_search(search, is_told=False) is None:
        messages.info(request, _("该搜索正在后台更新，请稍后再看。"))
    else:
        count = search.found.filter(seen_at=None).count()
        text = ngettext("有 %(count)d 项新条目。", "有 %(count)d 项新条目。", count)
        messages.success(request, text % {"count": count} if count else _("没有新条目。"))
    return redirect("search:saved_search", pk)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def edit(request, pk):
    """Rename a saved search or change its rhythm."""
    search = own_search(request, pk)
    form = SavedSearchForm(request.POST or None, instance=own_search(request, pk))
    if request.method == "POST" and form.is_valid():
        change_search(search, is_paused=search.is_paused, **form.cleaned_data)
        messages.success(request, _("已保存“%s”。") % search.name)
        return redirect("search:saved")
    context = {"form": form, "search": search, "summary": search.summary, "back_url": reverse("search:saved")}
    return render(request, "search/save.html", context)


@login_required
@require_POST
def pause(request, pk):
    """Pause a saved search, or go on with it."""
    search = own_search(request, pk)
    is_paused = request.POST.get("paused") == "yes"
    change_search(search, name=search.name, rhythm=Rhythm(search.rhythm), is_paused=is_paused)
    text = _("已暂停“%s”。") if is_paused else _("已恢复“%s”，暂停期间的新条目会在下次提醒中列出。")
    messages.success(request, text % search.name)
    return redirect("search:saved")


@login_required
@require_http_methods(["GET", "POST"])
def delete(request, pk):
    """Ask, then delete a saved search."""
    search = own_search(request, pk)
    if request.method == "POST":
        search.delete()
        messages.success(request, _("已删除“%s”。") % search.name)
        return redirect("search:saved")
    context = {
        "heading": _("删除保存的搜索"),
        "text": _("删除“%s”后不再提醒，不能恢复。") % search.name,
        "action": _("确认删除"),
        "back_url": reverse("search:saved"),
        "is_danger": True,
    }
    return render(request, "confirm.html", context)


@csrf_exempt  # the token says which search; mail programs post without a cookie (RFC 8058)
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request, token):
    """Show which alerts would end, or end them; a mail program's one-click post is enough."""
    search = read_unsubscribe_token(token)
    if search is None:
        raise Http404
    before, undo = search.rhythm, request.POST.get("undo", "")
    if request.method == "POST":
        try:
            rhythm = Rhythm(signing.loads(undo, salt=UNDO_SALT)[token]) if undo else Rhythm.OFF
        except (signing.BadSignature, KeyError, TypeError, ValueError):
            raise Http404 from None
        change_search(search, name=search.name, rhythm=rhythm, is_paused=search.is_paused)
        if request.POST.get("List-Unsubscribe") == "One-Click":
            return HttpResponse(_("已停止发送。"), content_type="text/plain; charset=utf-8")
    context = {
        "search": search,
        "is_off": search.rhythm == Rhythm.OFF,
        "is_undone": bool(undo),
        "undo": signing.dumps({token: before}, salt=UNDO_SALT)
        if request.method == "POST" and not undo
        else "",
    }
    return render(request, "search/unsubscribe.html", context)
