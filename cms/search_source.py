"""Published pages as a kind of what can be found."""

from datetime import datetime, time

from django.db.models import QuerySet
from django.utils import timezone
from wagtail.rich_text import get_text_for_indexing

from cms.models import StandardPage
from search.engine import Document
from search.enums import Kind
from search.sources import Source


def public_pages() -> QuerySet:
    """Return published pages that no password, log-in or group stands before."""
    return StandardPage.objects.live().public()


def page_document(page: StandardPage) -> Document:
    """Return the document of a page."""
    day = timezone.make_aware(datetime.combine(page.published_on, time.min))
    return Document(
        kind=Kind.PAGE,
        object_id=page.pk,
        title=page.title,
        summary=page.summary,
        terms=page.source_name,
        body=get_text_for_indexing(page.body),
        numbers={"published": day.timestamp()},
    )


PAGES = Source(
    public=public_pages,
    document=page_document,
    url=lambda page: page.url or "/",
    note=lambda page: " · ".join(filter(None, [page.published_on.isoformat(), page.source_name])),
)
