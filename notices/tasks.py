"""Background sending."""

from celery import shared_task

from notices.services.outbox import deliver_mails, write_mails


@shared_task(name="notices.tasks.send_due_messages", ignore_result=True)
def send_due_messages() -> None:
    """Write the mails that are due and send the outbox; any number of runs at once do no harm."""
    write_mails()
    deliver_mails()
