"""The embedded index, the outbox that keeps every index up to date, and the state of the one elsewhere."""

import json
import zlib

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices.enums import Rhythm
from search.enums import LIBRARIES, Kind, Store


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
    # Which terms of the lexicon the tokens name, see search.splitting.vocabulary.
    vocabulary = models.CharField(max_length=8, default="")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="one_entry_each")]
        verbose_name = _("检索条目")
        verbose_name_plural = _("检索条目")

    def __str__(self):
        return f"{self.kind} {self.object_id}"


class Passage(models.Model):
    """The long texts of an entry, apart from it so that counting over all entries reads little.

    `offered` holds the tokens of what the listing offers or works with, see search.negation.
    """

    entry = models.OneToOneField(Entry, models.CASCADE, primary_key=True, related_name="passage")
    summary = models.TextField()
    terms = models.TextField()
    body = models.TextField()
    offered = models.TextField(default="")

    class Meta:
        verbose_name = _("检索正文")
        verbose_name_plural = _("检索正文")

    def __str__(self):
        return str(self.entry)


class Write(models.Model):
    """One write to the entries of a kind: who holds them in memory learns from it what to read anew.

    `stamp` is a random number, so that a write that was rolled back is never taken for another. Empty `entries`
    say that everything may have changed.
    """

    kind = models.CharField(max_length=12, choices=Kind)
    stamp = models.BigIntegerField()
    # Primary keys separated by spaces.
    entries = models.TextField(blank=True)

    class Meta:
        verbose_name = _("检索条目的写入")
        verbose_name_plural = _("检索条目的写入")

    def __str__(self):
        return f"{self.kind} {self.stamp}"


class Amount(models.Model):
    """A range of values in a listing, by which a query with a number and its unit finds it; see search.amounts.

    search.engine.LEAST and MOST stand for an open end.
    """

    entry = models.ForeignKey(Entry, models.CASCADE, related_name="amounts")
    kind = models.CharField(max_length=24)
    low = models.FloatField()
    high = models.FloatField()
    text = models.CharField(max_length=60)

    class Meta:
        verbose_name = _("条目中的数值")
        verbose_name_plural = _("条目中的数值")

    def __str__(self):
        return self.text


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


class SavedSearchQuerySet(models.QuerySet):
    def due(self, now):
        """Those to be run now; nothing is looked for on behalf of a deactivated account."""
        return self.filter(due_at__lte=now, is_paused=False, user__is_active=True)

    def wake(self, now):
        """Have searches that tell at once run: what can be found has changed."""
        return self.filter(rhythm=Rhythm.AT_ONCE).update(due_at=now)

    def with_unseen(self):
        """Count what was found since its owner last looked."""
        return self.annotate(unseen=models.Count("found", filter=models.Q(found__seen_at=None)))


class SavedSearch(models.Model):
    """A search that a person keeps, and how often what is new in it is told.

    `query` is the query string of the list of one kind, or of the search over all when `kind` is empty. `known` holds
    what was found before, so that nothing that is merely indexed anew is new. `version` counts runs and changes: who
    records a run has seen the row as it still is.
    """

    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="saved_searches")
    kind = models.CharField(_("类别"), max_length=12, choices=Kind, blank=True)
    name = models.CharField(_("名称"), max_length=100)
    query = models.CharField(_("条件"), max_length=4000, blank=True)
    # The query in words, and which of its filter values no longer exist, as of the last run.
    summary = models.CharField(_("条件"), max_length=500, blank=True)
    missing = models.CharField(_("失效的筛选条件"), max_length=500, blank=True)
    rhythm = models.CharField(_("提醒频率"), max_length=10, choices=Rhythm, default=Rhythm.DAILY)
    is_paused = models.BooleanField(_("暂停"), default=False)
    total = models.PositiveIntegerField(_("结果数"), default=0)
    stored = models.BinaryField(default=bytes)
    version = models.PositiveIntegerField(default=0)
    due_at = models.DateTimeField(null=True)
    last_run_at = models.DateTimeField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    objects = SavedSearchQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at", "-pk"]
        indexes = [models.Index(fields=["due_at"], name="saved_search_due")]
        verbose_name = _("保存的搜索")
        verbose_name_plural = _("保存的搜索")

    def __str__(self):
        return self.name

    @property
    def kinds(self):
        """Return the kinds that it looks through."""
        return [Kind(self.kind)] if self.kind else list(LIBRARIES)

    @property
    def known(self) -> dict[str, set[int]]:
        """Return by kind which listings were found before."""
        return self._remembered("known")

    @property
    def mentioning(self) -> dict[str, set[int]]:
        """Return by kind which listings had all words before, be it only in their body."""
        return self._remembered("mentioning")

    def remember(self, known: dict[str, set[int]], mentioning: dict[str, set[int]]) -> None:
        """Keep what was found, for the next run to tell what is new."""
        both = {"known": known, "mentioning": mentioning}
        text = json.dumps(
            {name: {kind: sorted(ids) for kind, ids in kinds.items()} for name, kinds in both.items()}
        )
        self.stored = zlib.compress(text.encode())

    def _remembered(self, name: str) -> dict[str, set[int]]:
        stored = json.loads(zlib.decompress(self.stored)) if self.stored else {}
        return {kind: set(stored.get(name, {}).get(kind, ())) for kind in Kind.values}


class Found(models.Model):
    """A listing that a saved search found after it was saved; told once to a person over all their searches."""

    search = models.ForeignKey(SavedSearch, models.CASCADE, related_name="found")
    kind = models.CharField(max_length=12, choices=Kind)
    object_id = models.PositiveBigIntegerField()
    found_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["search", "kind", "object_id"], name="found_once")]
        ordering = ["-found_at", "-pk"]
        verbose_name = _("新发现的条目")
        verbose_name_plural = _("新发现的条目")

    def __str__(self):
        return f"{self.kind} {self.object_id}"
