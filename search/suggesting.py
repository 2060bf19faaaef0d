"""What may be meant by the beginning of a query: words, titles, energy systems, industries, own recent queries.

Everything comes from what every visitor may see; a title is looked up again in the index before it is shown.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.http import urlencode
from django.utils.translation import gettext as _

from accounts.models import Industry
from catalog.models import EnergySystem
from search.characters import normalise
from search.current_vocabulary import current_titles, current_vocabulary
from search.enums import Kind
from search.lexicon import lexicon
from search.models import Entry
from search.sources import SOURCES
from search.spelling import meant, unfinished
from search.text import EMPTY
from search.vocabulary import Vocabulary

LONGEST_TYPED = 60
_RECENT = "recent_searches"
_MOST_RECENT, _MOST_TITLES, _MOST_OTHERS = 8, 5, 4
_LISTS = {Kind.TECHNOLOGY: "catalog:technology", Kind.DEMAND: "catalog:demand"}


@dataclass(frozen=True, slots=True)
class Suggestion:
    """One line to choose, and the address that it leads to."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class Group:
    """The suggestions of one kind; `is_recent` marks the person's own queries, which can be cleared."""

    label: str
    suggestions: list[Suggestion]
    is_recent: bool = False


def suggestions(typed: str, recent: Sequence[str]) -> list[Group]:
    """Return groups that have something to suggest; without a text the recent queries alone."""
    text = " ".join(normalise(typed[:LONGEST_TYPED].replace("\0", " ")).split())
    own = [query for query in recent if text in normalise(query)][:_MOST_OTHERS]
    groups = [Group(_("最近搜索"), list(map(_searched, own)), is_recent=True)]
    if text:
        vocabulary = current_vocabulary()
        meanings = _meanings(text, vocabulary)
        groups += [
            Group(_("词语"), list(map(_searched, _words(text, meanings, vocabulary)))),
            Group(
                _("用能系统"), _filters("system", EnergySystem.objects.values_list("code", "name"), meanings)
            ),
            Group(_("行业"), _filters("industry", _industries(meanings), meanings)),
            Group(_("名称"), _titles(meanings)),
        ]
    return [group for group in groups if group.suggestions]


def remember(session, text: str) -> None:
    """Keep a query among the recent ones of a session, the newest first."""
    if text:
        others = [query for query in session.get(_RECENT, []) if query != text]
        session[_RECENT] = [text, *others][:_MOST_RECENT]


def recent(session) -> list[str]:
    """Return the recent queries of a session."""
    return session.get(_RECENT, [])


def forget(session) -> None:
    """Clear the recent queries of a session."""
    session.pop(_RECENT, None)


def _meanings(text: str, vocabulary: Vocabulary) -> list[str]:
    """Return the text and what its letters may spell, finished or not."""
    letters = text.replace(" ", "").replace("'", "").replace("ü", "v")
    spelled = (
        unfinished(letters, vocabulary, most=_MOST_OTHERS) if letters.isascii() and letters.isalpha() else []
    )
    readings = [reading.text for reading in meant(text, vocabulary)]
    return list(dict.fromkeys([text, *readings, *spelled]))


def _words(text: str, meanings: Sequence[str], vocabulary: Vocabulary) -> list[str]:
    """Return words of the lexicon that the index has and that go on from what was typed or meant."""
    terms = lexicon().terms()
    longer = [
        word
        for word in vocabulary.weights
        if word.startswith(text) and word != text and word in terms and _occurs(word, vocabulary)
    ]
    read = [word for word in meanings if word != text and word not in EMPTY and _occurs(word, vocabulary)]
    return list(dict.fromkeys([*read, *longer]))[:_MOST_OTHERS]


def _occurs(word: str, vocabulary: Vocabulary) -> bool:
    """Whether listings have the word, or what a reading of several words is put together from."""
    return word not in vocabulary or vocabulary.weights[word] >= 1


def _filters(name: str, rows: Iterable[tuple[str, str]], meanings: Sequence[str]) -> list[Suggestion]:
    found = [(code, label) for code, label in rows if any(each in normalise(label) for each in meanings)]
    address = reverse("search:technologies")
    return [Suggestion(label, f"{address}?{urlencode({name: code})}") for code, label in found[:_MOST_OTHERS]]


def _industries(meanings: Sequence[str]) -> Iterable[tuple[str, str]]:
    wanted = Q()
    for each in meanings:
        wanted |= Q(name__icontains=each)
    return (
        Industry.objects.filter(wanted).order_by("level", "code").values_list("code", "name")[:_MOST_OTHERS]
    )


def _titles(meanings: Sequence[str]) -> list[Suggestion]:
    found: list[tuple[str, int]] = []
    for title, kind, object_id in current_titles():
        if any(each in title for each in meanings):
            found.append((kind, object_id))
            if len(found) == _MOST_TITLES * 2:
                break
    if not found:
        return []
    wanted = Q()
    for kind, object_id in found:
        wanted |= Q(kind=kind, object_id=object_id)
    today = timezone.localdate()
    still = Entry.objects.filter(wanted).filter(Q(visible_until=None) | Q(visible_until__gte=today))
    names = {
        (kind, object_id): title for kind, object_id, title in still.values_list("kind", "object_id", "title")
    }
    shown = [
        (kind, object_id, names[kind, object_id]) for kind, object_id in found if (kind, object_id) in names
    ]
    listed = (Suggestion(title, _address(kind, object_id, title)) for kind, object_id, title in shown)
    return list(listed)[:_MOST_TITLES]


def _address(kind: str, object_id: int, title: str) -> str:
    """Return the page of a listing; what other rooms bring is searched for by its title among its kind."""
    if kind in SOURCES:
        return f"{reverse('search:search')}?{urlencode({'q': title[:200], 'kind': kind})}"
    return reverse(_LISTS[kind], args=[object_id])


def _searched(text: str) -> Suggestion:
    return Suggestion(text, f"{reverse('search:search')}?{urlencode({'q': text})}")
