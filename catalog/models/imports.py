"""Imports from spreadsheets: one batch for each upload, one row for each line of the table."""

import uuid
from datetime import timedelta
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from accounts.storage import private_storage
from catalog.enums import ImportAction, ImportKind, ImportMode, ImportRowState, ImportState

BUSY = (ImportState.CHECKING, ImportState.APPLYING, ImportState.UNDOING)
STALLED_AFTER = timedelta(minutes=10)


def import_path(batch, filename):
    return f"imports/{timezone.localdate():%Y/%m}/{uuid.uuid4().hex}{PurePath(filename).suffix.lower()[:6]}"


class ImportBatchQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All batches for officials of the library duty, for others those of their own organisations."""
        if user.has_perm("catalog.add_importbatch"):
            return self
        return self.filter(organisation__in=Organisation.objects.of_member(user))

    def stalled(self):
        """Batches whose background work stopped without an end, as after a crash."""
        return self.filter(state__in=BUSY, updated_at__lt=timezone.now() - STALLED_AFTER)


class ImportBatch(models.Model):
    """One upload and what became of it.

    `organisation` is set when a supplier imports for itself; all rows then belong to it.
    `preview` describes the sheets found, `mapping` the decision of the user for each column.
    """

    kind = models.CharField(_("导入到"), max_length=12, choices=ImportKind)
    file = models.FileField(_("文件"), upload_to=import_path, storage=private_storage)
    file_name = models.CharField(_("文件名"), max_length=200)
    organisation = models.ForeignKey(
        Organisation,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="import_batches",
        verbose_name=_("所属机构"),
    )
    preview = models.JSONField(default=list, blank=True)
    sheet = models.CharField(_("工作表"), max_length=100, blank=True)
    heading_row = models.PositiveIntegerField(_("标题行"), default=1)
    heading_lines = models.PositiveSmallIntegerField(_("标题占几行"), default=1)
    mapping = models.JSONField(_("列的对应"), default=list, blank=True)
    skip_hidden = models.BooleanField(_("跳过隐藏行"), default=False)
    source_catalogue = models.CharField(_("来源目录"), max_length=200, blank=True)
    source_edition = models.CharField(_("目录版本"), max_length=50, blank=True)
    mode = models.CharField(_("处理方式"), max_length=8, choices=ImportMode, default=ImportMode.REVIEW)
    state = models.CharField(
        _("状态"), max_length=10, choices=ImportState, default=ImportState.UPLOADED, db_index=True
    )
    resume_state = models.CharField(max_length=10, blank=True, editable=False)
    failure = models.TextField(_("中断原因"), blank=True)
    total_count = models.PositiveIntegerField(_("行数"), default=0)
    done_count = models.PositiveIntegerField(_("已处理"), default=0)
    notes = models.JSONField(default=list, blank=True)
    created_organisations = models.JSONField(default=list, blank=True)
    undo_changed_rows = models.BooleanField(default=False)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("导入人"),
    )
    created_at = models.DateTimeField(_("上传时间"), auto_now_add=True)
    updated_at = models.DateTimeField(auto_now=True)
    applied_at = models.DateTimeField(_("导入时间"), null=True, blank=True)
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    objects = ImportBatchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        verbose_name = _("导入批次")
        verbose_name_plural = _("表格导入")

    def __str__(self):
        return self.file_name

    @property
    def is_busy(self):
        return self.state in BUSY

    @property
    def is_undoable(self):
        return self.state == ImportState.APPLIED

    @property
    def percent_done(self):
        return min(100, round(100 * self.done_count / self.total_count)) if self.total_count else 0

    def counts(self):
        """Count the rows by what they are or became, in one query."""
        rows = self.rows.aggregate(
            rows=models.Count("pk"),
            bad=models.Count("pk", filter=Q(state=ImportRowState.BAD)),
            skipped=models.Count("pk", filter=Q(state=ImportRowState.SKIPPED)),
            warned=models.Count("pk", filter=~Q(warnings=[])),
            kept=models.Count("pk", filter=Q(state=ImportRowState.KEPT)),
            undone=models.Count("pk", filter=Q(state=ImportRowState.UNDONE)),
            **{
                action.value: models.Count("pk", filter=Q(action=action) & ~Q(state=ImportRowState.BAD))
                for action in ImportAction
            },
        )
        return rows | {"good": rows["created"] + rows["updated"] + rows["unchanged"]}


class ImportRow(models.Model):
    """One line of the table: as written, as understood, and what it did to which listing.

    `before` holds what an update replaced, `after` how the listing stood right after, to tell later changes.
    """

    batch = models.ForeignKey(ImportBatch, models.CASCADE, related_name="rows", verbose_name=_("批次"))
    number = models.PositiveIntegerField(_("行号"))
    continues = models.PositiveIntegerField(_("续自"), null=True, blank=True)
    raw = models.JSONField(default=dict)
    data = models.JSONField(default=dict)
    errors = models.JSONField(default=list, blank=True)
    warnings = models.JSONField(default=list, blank=True)
    state = models.CharField(_("状态"), max_length=8, choices=ImportRowState)
    action = models.CharField(_("动作"), max_length=10, choices=ImportAction, blank=True)
    object_id = models.BigIntegerField(null=True, blank=True)
    before = models.JSONField(null=True, blank=True)
    after = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["batch", "number"], name="import_row_once")]
        indexes = [models.Index(fields=["batch", "state", "number"], name="import_row_state")]
        verbose_name = _("导入行")
        verbose_name_plural = _("导入行")

    def __str__(self):
        return f"{self.batch_id}/{self.number}"
