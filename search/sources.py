"""Kinds of what can be found beside the two libraries, each brought by the room that knows it."""

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, QuerySet

from search.engine import Document


@dataclass(frozen=True, slots=True)
class Source:
    """Where the rows of one kind come from and how a page of hits shows them.

    `public` returns what every visitor may see now, with all that the others read; `note` says more beside a hit.
    """

    public: Callable[[], QuerySet]
    document: Callable[[Model], Document]
    url: Callable[[Model], str]
    note: Callable[[Model], str]


SOURCES: dict[str, Source] = {}
