"""The inbox, the preferences, and leaving a kind of mail without logging in."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core import signing
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from notices.enums import Channel, Rhythm, Topic
from notices.forms import PreferencesForm
from notices.models import Notice
from notices.services.inbox import mark_read
from notices.services.preferences import read_unsubscribe_token, rhythms_for, set_rhythms

PAGE_SIZE = 20
UNDO_SALT = "notices.undo"


@login_required
@require_GET
@never_cache
def inbox(request):
    """List what the user was told, unread first, of one topic or all."""
    topic = request.GET.get("topic", "")
    notices = Notice.objects.inbox_of(request.user)
    if topic in Topic.values:
        notices = notices.filter(topic=topic)
    notices = notices.annotate(is_unread=Q(read_at=None)).order_by("-is_unread", "-created_at", "-pk")
    page = Paginator(notices, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page": page, "topics": Topic.choices, "topic": topic if topic in Topic.values else ""}
    is_partial = request.htmx and not request.htmx.boosted
    return render(request, "notices/_inbox_list.html" if is_partial else "notices/inbox.html", context)


@login_required
@require_GET
def open_notice(request, pk):
    """Mark a notice as read and go where it points."""
    notice = get_object_or_404(Notice.objects.inbox_of(request.user), pk=pk)
    mark_read(Notice.objects.filter(pk=notice.pk))
    is_local = url_has_allowed_host_and_scheme(notice.link, allowed_hosts={request.get_host()})
    return redirect(notice.link if notice.link and is_local else "notices:inbox")


@login_required
@require_POST
def read(request, pk):
    """Mark one notice as read; htmx gets the notice back."""
    notice = get_object_or_404(Notice.objects.inbox_of(request.user), pk=pk)
    mark_read(Notice.objects.filter(pk=notice.pk))
    if request.htmx:
        notice.refresh_from_db()
        return render(request, "notices/_notice.html", {"notice": notice})
    return redirect("notices:inbox")


@login_required
@require_POST
def read_all(request):
    """Mark everything as read."""
    count = mark_read(Notice.objects.inbox_of(request.user))
    messages.success(request, _("已将 %(count)s 条消息标为已读。") % {"count": count})
    return redirect("notices:inbox")


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def preferences(request):
    """Choose a rhythm for each topic and channel."""
    form = PreferencesForm(request.POST or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        form.save()
        messages.success(request, _("接收设置已保存。"))
        return redirect("notices:preferences")
    return render(request, "notices/preferences.html", {"form": form, "channels": Channel.choices})


@csrf_exempt  # the token says who it is for; mail programs post without a cookie (RFC 8058)
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe(request, token):
    """Show what would be left, or leave it; a mail program's one-click post is enough."""
    found = read_unsubscribe_token(token)
    if found is None:
        raise Http404
    user, topics = found
    if request.method == "GET":
        return _unsubscribe_page(request, user, topics)
    previous = {topic: rhythms_for(user)[topic, Channel.EMAIL] for topic in topics}
    wanted = _wanted_rhythms(request, topics)
    if wanted is None:
        raise Http404
    set_rhythms(user, {(topic, Channel.EMAIL): rhythm for topic, rhythm in wanted.items()})
    if request.POST.get("List-Unsubscribe") == "One-Click":
        return HttpResponse(_("已停止发送。"), content_type="text/plain; charset=utf-8")
    return _unsubscribe_page(request, user, topics, previous=previous)


def _wanted_rhythms(request, topics):
    """Return the rhythm of each topic that was posted, or None for something that no page of ours posts."""
    try:
        if undo := request.POST.get("undo"):
            chosen = signing.loads(undo, salt=UNDO_SALT)
            return {topic: Rhythm(chosen[topic]) for topic in topics}
        rhythm = Rhythm(request.POST.get("rhythm", Rhythm.OFF))
    except (signing.BadSignature, KeyError, ValueError):
        return None
    return dict.fromkeys(topics, rhythm)


def _unsubscribe_page(request, user, topics, *, previous=None):
    context = {
        "topics": topics,
        "address": _masked(user.email),
        "rhythm": rhythms_for(user)[topics[0], Channel.EMAIL],
        "Rhythm": Rhythm,
        "undo": signing.dumps(previous, salt=UNDO_SALT) if previous else "",
        "is_undone": bool(request.POST.get("undo")),
        "preferences_url": reverse("notices:preferences"),
    }
    return render(request, "notices/unsubscribe.html", context)


def _masked(address):
    name, separator, domain = address.partition("@")
    return f"{name[:2]}***{separator}{domain}" if address else ""
