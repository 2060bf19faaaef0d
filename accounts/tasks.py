"""Background work about people."""

from celery import shared_task

from accounts.held_files import remove_expired_files
from accounts.models import Invitation
from accounts.services.invitations import send_sms_invitation
from accounts.sms import SmsError


@shared_task(
    name="accounts.tasks.send_invitation_sms",
    ignore_result=True,
    autoretry_for=(SmsError,),
    retry_backoff=60,
    max_retries=5,
)
def send_invitation_sms(*, invitation_id: int) -> None:
    """Send an invitation by text message, unless it ended meanwhile."""
    invitation = Invitation.objects.open().filter(pk=invitation_id).first()
    if invitation is not None:
        send_sms_invitation(invitation)


@shared_task(name="accounts.tasks.remove_held_files", ignore_result=True)
def remove_held_files() -> None:
    """Delete files of forms that nobody finished."""
    remove_expired_files()
