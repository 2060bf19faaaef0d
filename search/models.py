"""The embedded index, the outbox that keeps every index up to date, and the state of the one elsewhere."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from search.enums import Kind, Store


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
    """A listing whose entry in one store is out of date, written in the transaction that changed it.

    `hides` says that visitors may not see what the store still holds; it stays until the change is applied.
    """

    store = models.CharField(max_length=12, choices=Store, default=Store.EMBEDDED)
    kind = models.CharField(max_length=12, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    recorded_at = models.DateTimeField()
    hides = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["store", "kind", "object_id"], name="one_change_each_store")
        ]
        ordering = ["pk"]
        verbose_name = _("待更新的检索条目")
        verbose_name_plural = _("待更新的检索条目")

    def __str__(self):
        return f"{self.store} {self.kind} {self.object_id}"


class ElasticState(models.Model):
    """What this site knows of its index on Elasticsearch, in one row.

    `alias` is what may be asked; while it is empty no index there can be trusted and the next sweep builds one.
    Who holds the lease is the only one that writes there. After a failure nothing is tried before `retry_at`.
    """

    alias = models.CharField(max_length=120, blank=True)
    lease = models.CharField(max_length=32, blank=True)
    leased_until = models.DateTimeField(null=True)
    failures = models.PositiveIntegerField(default=0)
    failing_since = models.DateTimeField(null=True)
    retry_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("Elasticsearch 索引状态")
        verbose_name_plural = _("Elasticsearch 索引状态")

    def __str__(self):
        return self.alias
