"""Background work of the libraries."""

from celery import shared_task

from catalog.importers.running import run_batch
from catalog.models import ImportBatch
from catalog.services.technologies import remind_of_confirmations


@shared_task(ignore_result=True)
def run_import(*, batch_id):
    """Check, carry out or undo an import batch, whichever its state says."""
    run_batch(batch_id)


@shared_task(ignore_result=True)
def resume_imports():
    """Take up batches whose work stopped without an end, as after a crash of the worker."""
    for batch_id in ImportBatch.objects.stalled().values_list("pk", flat=True):
        run_import.delay(batch_id=batch_id)


@shared_task(ignore_result=True)
def remind_suppliers():
    """Tell suppliers which listings they have to confirm."""
    remind_of_confirmations()
