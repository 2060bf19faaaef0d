"""Follow the libraries."""

from django.db.models.signals import post_delete, post_save
from django.dispatch import receiver

from accounts.models import Organisation
from catalog.models import Demand, Technology, TechnologyCase
from catalog.signals import listings_changed
from search.cases import CASES
from search.enums import Kind
from search.sources import SOURCES
from search.tasks import follow_rows

SOURCES[Kind.CASE] = CASES


@receiver(listings_changed, dispatch_uid="search_listings_changed")
def follow_listings(sender, kind, ids, **kwargs):
    """Record what changed, the cases of technologies included."""
    follow_rows(kind, ids)
    if kind == Kind.TECHNOLOGY:
        cases = TechnologyCase.objects.filter(technology__in=ids)
        follow_rows(Kind.CASE, list(cases.values_list("pk", flat=True)))


@receiver(post_delete, sender=TechnologyCase, dispatch_uid="search_case_deleted")
def follow_deleted_case(sender, instance, **kwargs):
    """A case that was taken out of its technology is found no more."""
    follow_rows(Kind.CASE, [instance.pk])


@receiver(post_save, sender=Organisation, dispatch_uid="search_organisation_saved")
def follow_organisation(sender, instance, created, **kwargs):
    """A new name, place or industry of an organisation shows in its listings."""
    if created:
        return
    for kind, model in ((Kind.TECHNOLOGY, Technology), (Kind.DEMAND, Demand)):
        ids = list(model.objects.filter(organisation=instance, live=True).values_list("pk", flat=True))
        follow_listings(sender, kind=kind, ids=ids)
