"""What this room adds whenever reference data is loaded."""

from django.dispatch import receiver

from catalog.signals import reference_loaded
from cms.services import set_up_pages


@receiver(reference_loaded, dispatch_uid="set_up_pages")
def add_first_pages(sender, **kwargs):
    set_up_pages()
