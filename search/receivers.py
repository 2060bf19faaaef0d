"""Follow the libraries."""

from django.db import transaction
from django.db.models.signals import post_save
from django.dispatch import receiver

from accounts.models import Organisation
from catalog.models import Demand, Technology
from catalog.signals import listings_changed
from search.enums import Kind
from search.services import record_changes
from search.tasks import update_index


@receiver(listings_changed, dispatch_uid="search_listings_changed")
def follow_listings(sender, kind, ids, **kwargs):
    """Record what changed and apply it after the transaction; the minute's sweep does it if the broker is down."""
    if kind in Kind.values and ids:
        record_changes(kind, ids)
        transaction.on_commit(update_index.delay, robust=True)


@receiver(post_save, sender=Organisation, dispatch_uid="search_organisation_saved")
def follow_organisation(sender, instance, created, **kwargs):
    """A new name, place or industry of an organisation shows in its listings."""
    if created:
        return
    for kind, model in ((Kind.TECHNOLOGY, Technology), (Kind.DEMAND, Demand)):
        ids = list(model.objects.filter(organisation=instance, live=True).values_list("pk", flat=True))
        follow_listings(sender, kind=kind, ids=ids)
