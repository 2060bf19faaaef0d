"""The embedded index and the outbox that keeps every index up to date."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from search.enums import Kind


class Entry(models.Model):
    """What the embedded engine holds of one listing: only what every visitor may see.

    The tokens for full text stand beside it, in the table search_fulltext on SQLite and in the column
    search_entry.tokens on PostgreSQL; search.embedded keeps both in step.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    visible_until = models.DateField(null=True)
    published = models.FloatField(null=True)
    payback_years = models.FloatField(null=True)
    investment_cny = models.FloatField(null=True)
    annual_saving_tce = models.FloatField(null=True)
    saving_rate = models.FloatField(null=True)
    deadline = models.FloatField(null=True)
    # Pairs name:value separated by spaces.
    facets = models.TextField()
    title = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_each")]
        verbose_name = _("检索条目")
        verbose_name_plural = _("检索条目")

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class Passage(models.Model):
    """The long texts of an entry, apart from it so that counting over all entries reads little."""

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="passage")
    summary = models.TextField()
    terms = models.TextField()
    body = models.TextField()

    class Meta:
        verbose_name = _("检索正文")
        verbose_name_plural = _("检索正文")

    def __str__(self):
        return str(self.entry)


class Change(models.Model):
    """A listing whose index entry is out of date, written in the transaction that changed it."""

    kind = models.CharField(max_length=12, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_change_each")]
        ordering = ["pk"]
        verbose_name = _("待更新的检索条目")
        verbose_name_plural = _("待更新的检索条目")

    def __str__(self):
        return f"{self.kind} {self.object_id}"
