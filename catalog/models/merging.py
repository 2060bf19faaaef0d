"""What officials decided about likely duplicates."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models.technologies import Technology


class DistinctPair(models.Model):
    """Two technologies that look alike and are not the same; the smaller key comes first."""

    first = models.ForeignKey(Technology, models.CASCADE, related_name="+", verbose_name=_("技术"))
    second = models.ForeignKey(Technology, models.CASCADE, related_name="+", verbose_name=_("技术"))
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("判定人")
    )
    decided_at = models.DateTimeField(_("判定时间"), auto_now_add=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["first", "second"], name="one_decision_each_pair"),
            models.CheckConstraint(condition=Q(first__lt=F("second")), name="distinct_pair_ordered"),
        ]
        verbose_name = _("已判定不重复")
        verbose_name_plural = _("已判定不重复")

    def __str__(self):
        return f"{self.first_id} ≠ {self.second_id}"


class TechnologyMerge(models.Model):
    """One merger, with all that is needed to undo it.

    `changed` maps names of model fields of the survivor to [before, after] in the form of a revision's content;
    `added` maps the names of children to the keys of those copied to the survivor.
    """

    survivor = models.ForeignKey(
        Technology, models.CASCADE, related_name="mergers", verbose_name=_("保留条目")
    )
    merged = models.ForeignKey(Technology, models.CASCADE, related_name="+", verbose_name=_("并入条目"))
    merged_was_live = models.BooleanField(default=True)
    changed = models.JSONField(default=dict)
    added = models.JSONField(default=dict)
    merged_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("合并人")
    )
    merged_at = models.DateTimeField(_("合并时间"), auto_now_add=True)
    undone_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("撤销人"),
    )
    undone_at = models.DateTimeField(_("撤销时间"), null=True, blank=True)

    class Meta:
        ordering = ["-merged_at", "-pk"]
        verbose_name = _("合并记录")
        verbose_name_plural = _("合并记录")

    def __str__(self):
        return f"{self.merged_id} → {self.survivor_id}"
