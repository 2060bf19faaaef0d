"""Send at once what was written at once."""

from django.db import transaction
from django.dispatch import receiver

from notices.signals import notices_written
from notices.tasks import send_due_messages


@receiver(notices_written, dispatch_uid="send_after_commit")
def send_after_commit(sender, **kwargs):
    """Wake the sender after commit; should that fail, the periodic run finds the rows."""
    transaction.on_commit(send_due_messages.delay, robust=True)
