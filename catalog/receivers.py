"""Turn Wagtail's publication of single rows into our signal for many."""

from django.db.models.signals import post_delete
from django.dispatch import receiver
from wagtail.signals import published, unpublished

from catalog.models import Demand, Technology
from catalog.signals import is_one_of_many, listings_changed

KINDS = {Technology: "technology", Demand: "demand"}


@receiver([published, unpublished], dispatch_uid="listing_publication_changed")
def announce_publication(sender, instance, **kwargs):
    if sender in KINDS:
        listings_changed.send(sender=sender, kind=KINDS[sender], ids=[instance.pk])


@receiver(post_delete, dispatch_uid="listing_deleted")
def announce_deletion(sender, instance, **kwargs):
    if sender in KINDS and not is_one_of_many.get():
        listings_changed.send(sender=sender, kind=KINDS[sender], ids=[instance.pk])
