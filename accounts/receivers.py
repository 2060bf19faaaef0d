"""What leaves this room by text message."""

from functools import partial

from django.db import transaction
from django.dispatch import receiver

from accounts.signals import invitation_sent
from accounts.tasks import send_invitation_sms


@receiver(invitation_sent, dispatch_uid="send_invitation_by_sms")
def send_by_sms(invitation, **kwargs):
    if invitation.phone:
        send = partial(send_invitation_sms.delay, invitation_id=invitation.pk)
        transaction.on_commit(send, robust=True)
