"""Shares of the nightly run: written down before any worker starts, so that a killed worker loses none."""

from datetime import timedelta

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

LEASE = timedelta(minutes=5)
"""How long a worker may stay silent; it renews its lease after every hundred demands, a matter of seconds."""


class MatchingShareQuerySet(models.QuerySet):
    def free(self):
        """Those that no living worker holds."""
        return self.filter(Q(held_until=None) | Q(held_until__lt=timezone.now()))

    def left_behind(self):
        """Those whose message must have been lost: their worker fell silent, or none took them up."""
        return self.free().filter(queued_at__lt=timezone.now() - LEASE)


class MatchingShare(models.Model):
    """Demands, by primary key, whose lists one task is to compute; the row goes when that is done.

    `first_id` moves on with the work, so that who takes over does not begin at the beginning.
    """

    first_id = models.PositiveBigIntegerField(_("首个需求"))
    last_id = models.PositiveBigIntegerField(_("末个需求"))
    holder = models.UUIDField(null=True, editable=False)
    held_until = models.DateTimeField(_("占用至"), null=True, blank=True)
    queued_at = models.DateTimeField(_("排队时间"), default=timezone.now)

    objects = MatchingShareQuerySet.as_manager()

    class Meta:
        verbose_name = _("匹配分段")
        verbose_name_plural = _("匹配分段")

    def __str__(self):
        return f"{self.first_id}–{self.last_id}"
