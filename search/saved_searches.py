"""Saved searches: keep them, find out what is new in them, tell their owners.

A run reads the row, asks the index, and records what it found in one transaction with the notice, provided that the
row is still as it was read. So of two workers one records, and a worker that dies leaves the search due.
Searches see what visitors see, always in the embedded index, which follows the libraries without delay.
"""

import logging
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.core import signing
from django.db import transaction
from django.db.models import F
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import Organisation, User
from catalog.models import Demand, Technology
from notices.enums import Rhythm, Topic
from notices.services import Message, in_site_language, notify_each
from notices.services.rhythms import due_at, period_start
from search.browsing import Browsing
from search.embedded import EmbeddedEngine
from search.enums import Kind
from search.models import Found, SavedSearch

MOST_SAVED = 30
LONGEST_QUERY_STRING = 4000
_LISTED = 10
_BATCH = 500
# Digests leave at eight: what they are to hold is found before.
_LEAD = timedelta(minutes=20)
_PAUSE_AFTER_ERROR = timedelta(hours=1)
_signer = signing.Signer(salt="search.unsubscribe", sep=".")
logger = logging.getLogger(__name__)
Pair = tuple[str, int]


class SavingError(Exception):
    """The search cannot be saved; the text says why."""


@dataclass(frozen=True, slots=True)
class Evaluation:
    """What a saved search finds now, by kind, and how its conditions read.

    `mentioning` holds also what only mentions the words while the titles of others have them all.
    """

    ids: dict[str, list[int]]
    mentioning: dict[str, set[int]]
    summary: str
    missing: str

    @property
    def total(self) -> int:
        """Return how many listings were found."""
        return sum(map(len, self.ids.values()))


@in_site_language
def evaluate(search: SavedSearch) -> Evaluation:
    """Ask the index; a filter value that no longer exists is left out and named in `missing`."""
    visits = [Browsing(kind, QueryDict(search.query)) for kind in search.kinds]
    engine = EmbeddedEngine()
    return Evaluation(
        ids={visit.kind: engine.matching_ids(visit.query) for visit in visits},
        mentioning={
            visit.kind: set(engine.matching_ids(replace(visit.query, is_wide=True))) for visit in visits
        },
        summary=visits[0].in_words[:500],
        missing="; ".join(visits[0].unknown)[:500],
    )


def save_search(user: User, *, kind: str, query: str, name: str, rhythm: Rhythm) -> SavedSearch:
    """Keep a search; what it finds now counts as known.

    Saving the same conditions again renames the first. Raises SavingError beyond MOST_SAVED searches and for
    conditions longer than LONGEST_QUERY_STRING characters.
    """
    if len(query) > LONGEST_QUERY_STRING:
        raise SavingError(_("筛选条件太多，无法保存，请减少后再试。"))
    with transaction.atomic():
        User.objects.select_for_update().get(pk=user.pk)  # one at a time, so that the limit holds
        mine = SavedSearch.objects.filter(user=user)
        if same := mine.filter(kind=kind, query=query).first():
            change_search(same, name=name, rhythm=rhythm, is_paused=False)
            return same
        if mine.count() >= MOST_SAVED:
            raise SavingError(_("最多保存 %s 个搜索，请先删除不再需要的。") % MOST_SAVED)
        now = timezone.now()
        search = SavedSearch(user=user, kind=kind, query=query, name=name, rhythm=rhythm, last_run_at=now)
        found = evaluate(search)
        search.remember({kind: set(ids) for kind, ids in found.ids.items()}, found.mentioning)
        search.total, search.summary, search.missing = found.total, found.summary, found.missing
        search.due_at = next_run(rhythm, now)
        search.save()
        return search


@transaction.atomic
def change_search(search: SavedSearch, *, name: str, rhythm: Rhythm, is_paused: bool) -> None:
    """Rename a search, change its rhythm, pause it or go on.

    After a pause the next run tells what came meanwhile; what was found while alerts were off is not told later.
    """
    now = timezone.now()
    if search.rhythm == Rhythm.OFF and rhythm != Rhythm.OFF:
        search.found.filter(told_at=None).update(told_at=now)
    if search.rhythm != rhythm or (search.is_paused and not is_paused):
        search.due_at = now if search.is_paused and not is_paused else next_run(rhythm, now)
    search.name, search.rhythm, search.is_paused = name, rhythm, is_paused
    SavedSearch.objects.filter(pk=search.pk).update(
        name=name, rhythm=rhythm, is_paused=is_paused, due_at=search.due_at, version=F("version") + 1
    )
    search.refresh_from_db(fields=["version"])


def next_run(rhythm: str, now: datetime) -> datetime | None:
    """Return when to look again: shortly before the digest; at once waits for the index to change.

    Without alerts the page of saved searches still counts, once a day.
    """
    if rhythm == Rhythm.AT_ONCE:
        return None
    return due_at(Rhythm.WEEKLY if rhythm == Rhythm.WEEKLY else Rhythm.DAILY, now + _LEAD) - _LEAD


def run_due(*, now: datetime | None = None) -> int:
    """Run every saved search that is due and return how many were recorded; one that fails waits for an hour."""
    now, done = now or timezone.now(), 0
    due = SavedSearch.objects.due(now).select_related("user").order_by("due_at", "pk")
    for search in due[:_BATCH]:
        try:
            done += run_search(search, now=now) is not None
        except Exception:  # whatever one search holds, the others must be run
            logger.exception("saved search %s cannot be run", search.pk)
            SavedSearch.objects.filter(pk=search.pk).update(due_at=now + _PAUSE_AFTER_ERROR)
    return done


def run_search(search: SavedSearch, *, now: datetime | None = None, is_told: bool = True) -> int | None:
    """Record what is new since the last run and, with `is_told`, tell the owner; return how many listings are new.

    Returns None and does nothing when the row changed since it was read. New is what was never found before and is
    not of an organisation of the owner. When a filter value has disappeared the search finds more than before, so
    nothing of that run counts as new.
    """
    now = now or timezone.now()
    found, known, mentioning = evaluate(search), search.known, search.mentioning
    new = []
    for kind, ids in found.ids.items():
        # Where no title has all words any more, what only mentioned them shows again: it was there before.
        before = mentioning[kind] if found.mentioning[kind] == set(ids) else frozenset()
        new += [(kind, pk) for pk in ids if pk not in known[kind] and pk not in before]
        known[kind].update(ids)
        mentioning[kind] |= found.mentioning[kind]
    new = [] if found.missing != search.missing else without_own(new, search.user)
    unchanged = SavedSearch.objects.filter(pk=search.pk, version=search.version, due_at=search.due_at)
    search.remember(known, mentioning)
    is_scheduled = search.due_at is None or search.due_at <= now
    with transaction.atomic():
        is_mine = unchanged.update(
            version=F("version") + 1,
            stored=search.stored,
            total=found.total,
            summary=found.summary,
            missing=found.missing,
            last_run_at=now,
            due_at=next_run(search.rhythm, now) if is_scheduled else search.due_at,
        )
        if not is_mine:
            return None
        Found.objects.bulk_create(
            [Found(search=search, kind=kind, object_id=pk, found_at=now) for kind, pk in new],
            ignore_conflicts=True,
            batch_size=_BATCH,
        )
        search.missing = found.missing
        if is_told and search.rhythm != Rhythm.OFF:
            _tell(search, now)
        elif not is_told:
            search.found.filter(told_at=None).update(told_at=now)
    return len(new)


def without_own(pairs: Iterable[Pair], user: User) -> list[Pair]:
    """Return the listings without those of organisations to which the user belongs."""
    pairs = list(pairs)
    if not pairs:
        return []
    organisations, own = Organisation.objects.of_member(user), set()
    for kind, model in ((Kind.TECHNOLOGY, Technology), (Kind.DEMAND, Demand)):
        ids = [pk for of_kind, pk in pairs if of_kind == kind]
        if ids:
            mine = model.objects.filter(organisation__in=organisations, pk__in=ids)
            own.update((str(kind), pk) for pk in mine.values_list("pk", flat=True))
    return [(kind, pk) for kind, pk in pairs if (str(kind), pk) not in own]


def titles_of(pairs: Iterable[Pair]) -> dict[Pair, str]:
    """Return the titles of those listings that every visitor may see now; titles are never hidden."""
    pairs, titles = list(pairs), {}
    for kind, model in ((Kind.TECHNOLOGY, Technology), (Kind.DEMAND, Demand)):
        ids = [pk for of_kind, pk in pairs if of_kind == kind]
        if ids:
            listings = model.objects.public().filter(pk__in=ids)
            titles.update({(str(kind), pk): title for pk, title in listings.values_list("pk", "title")})
    return titles


@in_site_language
def _tell(search: SavedSearch, now: datetime) -> None:
    """Write one notice of what the owner was told by none of their searches; runs in the caller's transaction."""
    waiting = search.found.filter(told_at=None)
    pairs = list(waiting.order_by("found_at", "pk").values_list("kind", "object_id"))
    if not pairs:
        return
    User.objects.select_for_update().get(pk=search.user_id)  # two searches of a person must not both tell
    told = Found.objects.filter(search__user=search.user, told_at__isnull=False)
    told = set(told.filter(object_id__in=[pk for _kind, pk in pairs]).values_list("kind", "object_id"))
    titles = titles_of(pair for pair in pairs if pair not in told)
    waiting.update(told_at=now)
    if not titles:
        return
    lines = [f"· {title}" for title in list(titles.values())[:_LISTED]]
    if len(titles) > _LISTED:
        lines.append(_("另有 %s 项，打开后可查看全部。") % (len(titles) - _LISTED))
    if search.missing:
        lines.append(_("以下筛选条件已不存在，未参与筛选：%s") % search.missing)
    message = Message(
        recipient=search.user,
        key=f"search:{search.pk}:{search.version}",
        title=_("“%(name)s”有 %(count)s 项新条目") % {"name": search.name, "count": len(titles)},
        body="\n".join(lines),
        link=reverse("search:saved_search", args=[search.pk]),
        rhythm=Rhythm(search.rhythm),
        unsubscribe=unsubscribe_path(search),
    )
    is_digest = search.rhythm in {Rhythm.DAILY, Rhythm.WEEKLY}
    # A run that was late still belongs to the digest for which it was due.
    moment = period_start(Rhythm(search.rhythm), now + _LEAD) - _LEAD if is_digest else now
    notify_each([message], topic=Topic.SEARCH, now=moment)


def unsubscribe_path(search: SavedSearch) -> str:
    """Return the path that ends a saved search's alerts without log-in; it does not expire."""
    return reverse("search:unsubscribe", args=[_signer.sign(search.pk)])


def read_unsubscribe_token(token: str) -> SavedSearch | None:
    """Return the saved search that a token is about, or None when it is not one of ours or was deleted."""
    try:
        pk = int(_signer.unsign(token))
    except (signing.BadSignature, ValueError):
        return None
    return SavedSearch.objects.select_related("user").filter(pk=pk).first()
