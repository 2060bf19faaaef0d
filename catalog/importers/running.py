"""Move a batch from state to state: started by a page or a command, carried out in the background."""

from __future__ import annotations

import logging

from django.core.cache import cache
from django.utils.translation import gettext as _

from catalog.enums import ImportRowState, ImportState
from catalog.models import ImportBatch

from .applying import apply_batch
from .checking import check_batch
from .problems import FileProblem
from .undoing import undo_batch

logger = logging.getLogger(__name__)
LOCK_SECONDS = 600
WORK = {
    ImportState.CHECKING: check_batch,
    ImportState.APPLYING: apply_batch,
    ImportState.UNDOING: undo_batch,
}
STARTS_FROM = {
    ImportState.CHECKING: (ImportState.UPLOADED, ImportState.CHECKED),
    ImportState.APPLYING: (ImportState.CHECKED,),
    ImportState.UNDOING: (ImportState.APPLIED, ImportState.UNDONE),
}


def start(batch: ImportBatch, state: str) -> bool:
    """Claim the next step; False when the batch is not ready for it, as after a double click."""
    expected = STARTS_FROM[state]
    if state == ImportState.APPLYING and not batch.rows.filter(state=ImportRowState.READY).exists():
        return False
    claimed = ImportBatch.objects.filter(pk=batch.pk, state__in=expected).update(
        state=state, resume_state="", failure="", done_count=0
    )
    batch.refresh_from_db()
    return bool(claimed)


def resume(batch: ImportBatch) -> bool:
    """Take a failed batch up again where it stopped."""
    claimed = (
        ImportBatch.objects.filter(pk=batch.pk, state=ImportState.FAILED)
        .exclude(resume_state="")
        .update(state=batch.resume_state, failure="")
    )
    batch.refresh_from_db()
    return bool(claimed)


def run_batch(batch_id: int) -> None:
    """Do the work of the batch's state; what goes wrong is kept on the batch, and it can be resumed."""
    batch = ImportBatch.objects.filter(pk=batch_id).first()
    if batch is None or batch.state not in WORK:
        return
    state, lock = batch.state, f"import-batch-{batch_id}"
    if not cache.add(lock, True, timeout=LOCK_SECONDS):
        return
    try:
        WORK[state](batch)
    except FileProblem as problem:
        fail(batch_id, state, str(problem))
    except Exception:
        logger.exception("import batch %s stopped while %s", batch_id, state)
        fail(batch_id, state, _("处理中断，已完成的部分已保存。可以点“继续”，若再次中断请联系管理员。"))
    finally:
        cache.delete(lock)


def fail(batch_id: int, state: str, message: str) -> None:
    """Store why a batch stopped; a file that cannot be read leads back to the choice of columns."""
    ImportBatch.objects.filter(pk=batch_id).update(
        state=ImportState.FAILED, resume_state=state, failure=message
    )
