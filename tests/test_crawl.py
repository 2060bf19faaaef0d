"""Every page that a person of each role can reach answers, whatever is put into its address or its forms."""

import re
from collections import deque
from html import unescape
from urllib.parse import parse_qsl, urldefrag, urlencode, urljoin, urlsplit

import pytest
from django.core.management import call_command
from django.db import transaction

from accounts.models import User

ROLES = ("", "supplier", "enterprise", "bank", "library", "review", "push")
KINDS_EACH = 90
NASTY = ("'\"<b>&\x00%(x)s{{7*7}}", "-1", "9" * 30, "2026-13-45余" + "热" * 600)
_LINK = re.compile(r"(?:href|hx-get|action)=\"([^\"#]+)\"")
_FORM = re.compile(r"<form\b([^>]*)>(.*?)</form>", re.DOTALL)
_NAME = re.compile(r"<(?:input|select|textarea|button)\b[^>]*?\bname=\"([^\"]+)\"")
_HIDDEN = re.compile(
    r"<input\b(?=[^>]*\btype=\"hidden\")[^>]*?\bname=\"([^\"]+)\"(?:[^>]*?\bvalue=\"([^\"]*)\")?"
)
_ACTION = re.compile(r"action=\"([^\"#]*)\"")
_LEFT_ALONE = re.compile(
    r"/(logout|unsubscribe|static|media|jsi18n|language|sprite|password)\b|/admin/(pages|images|users|groups|redirects|collections|workflows|sites|locales)/|\.(css|js|svg|png)"
)


@pytest.fixture
def sample_site(db):
    """The platform as `run` fills it."""
    call_command("load_reference", verbosity=0)
    call_command("load_sample", verbosity=0)


def _kind(address: str) -> str:
    parts = urlsplit(address)
    return (
        re.sub(r"\d+", "0", parts.path)
        + "?"
        + "&".join(sorted({name for name, _value in parse_qsl(parts.query)}))
    )


def _pages(client):
    """Yield one page of each kind as (address, text)."""
    waiting, seen, kinds = deque(["/", "/workspace/", "/admin/"]), set(), set()
    while waiting and len(kinds) < KINDS_EACH:
        address = waiting.popleft()
        if _kind(address) in kinds:
            continue
        kinds.add(_kind(address))
        response = client.get(address, follow=True)
        assert response.status_code < 500, address
        if response.streaming or not response.headers.get("Content-Type", "").startswith("text/html"):
            continue
        text = response.content.decode()
        yield address, text
        for link in _LINK.findall(text):
            found = urldefrag(urljoin(address, unescape(link)))[0]
            if found.startswith("/") and not _LEFT_ALONE.search(found) and found not in seen:
                seen.add(found)
                waiting.append(found)


def _failure(call, *arguments):
    """Return what went wrong, or nothing; an error of the database must not spoil what follows."""
    try:
        with transaction.atomic():
            response = call(*arguments)
    except Exception as error:
        return [f"{arguments}: {error!r}"]
    return [f"{arguments}: {response.status_code}"] if response.status_code >= 500 else []


def _try_address(client, address, done):
    parts = urlsplit(address)
    if _kind(address) in done:
        return []
    done.add(_kind(address))
    typed = dict(parse_qsl(parts.query))
    failures = []
    for nasty in NASTY if typed else ():
        failures += _failure(client.get, f"{parts.path}?{urlencode(dict.fromkeys(typed, nasty))}")
    return failures


def _try_forms(client, address, text, done):
    failures = []
    for attributes, inside in _FORM.findall(text):
        action = _ACTION.search(attributes)
        target = urljoin(address, unescape(action[1]) if action else "")
        names = sorted(set(_NAME.findall(inside)) - {"csrfmiddlewaretoken"})
        mark = (_kind(target), tuple(re.sub(r"\d+", "0", name) for name in names))
        if 'method="post"' not in attributes.lower() or mark in done or _LEFT_ALONE.search(target):
            continue
        done.add(mark)
        # The editor's own bookkeeping in the admin is Wagtail's; everywhere else hidden fields are tried, too.
        kept = dict(_HIDDEN.findall(inside)) if target.startswith("/admin/") else {}
        for nasty in NASTY:
            failures += _failure(client.post, target, {**dict.fromkeys(names, nasty), **kept})
    return failures


@pytest.mark.crawl
def test_every_page_answers_each_role_whatever_is_typed(sample_site, client):
    done, visited, failures = set(), {}, []
    for role in ROLES:
        client.logout()
        if role:
            person = User.objects.get(email=f"{role}@example.com")
            client.force_login(person, "django.contrib.auth.backends.ModelBackend")
        visited[role] = 0
        for address, text in _pages(client):
            visited[role] += 1
            failures += _try_address(client, address, done)
            failures += _try_forms(client, address, text, done)
    assert not failures, "\n".join(failures)
    assert min(visited.values()) > 8, visited
