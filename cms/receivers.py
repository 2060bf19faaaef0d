"""What this room adds whenever reference data is loaded, and what it brings to search."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver
from wagtail.models import PageViewRestriction
from wagtail.signals import page_published, page_unpublished

from catalog.signals import reference_loaded
from cms.models import StandardPage
from cms.search_source import PAGES
from cms.services import set_up_pages
from search.enums import Kind
from search.sources import SOURCES
from search.tasks import follow_rows

SOURCES[Kind.PAGE] = PAGES


@receiver(reference_loaded, dispatch_uid="set_up_pages")
def add_first_pages(sender, **kwargs):
    set_up_pages()


@receiver(
    [post_save, post_delete, page_published, page_unpublished],
    sender=StandardPage,
    dispatch_uid="search_page",
)
def follow_page(sender, instance, **kwargs):
    """A page that was saved, published, unpublished or deleted is found accordingly."""
    follow_rows(Kind.PAGE, [instance.pk])


@receiver([post_save, post_delete], sender=PageViewRestriction, dispatch_uid="search_page_restricted")
def follow_restriction(sender, instance, **kwargs):
    """Whoever may read a page decides for all pages below it, too."""
    pages = StandardPage.objects.descendant_of(instance.page, inclusive=True)
    follow_rows(Kind.PAGE, list(pages.values_list("pk", flat=True)))
