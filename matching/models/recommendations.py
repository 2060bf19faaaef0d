"""What the engine says of a pair, kept with the engine's version and its reasons."""

from uuid import uuid4

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Demand, Technology
from matching.enums import Side, Verdict
from matching.models.feedback import Feedback
from matching.models.packing import PartsField, ReasonsField

MATCHED_SCORE = 0.5
"""From this score on a supplier counts as matched and sees the fields released for matched suppliers."""


class RecommendationQuerySet(models.QuerySet):
    def current(self):
        """Those whose technology is public now: validity may end without anybody's doing."""
        return self.filter(technology__in=Technology.objects.public())

    def for_suppliers(self):
        """Those a supplier may hear of: both sides public, and a good match or one the enterprise asked for."""
        wanted = Feedback.objects.filter(
            demand=OuterRef("demand"),
            technology=OuterRef("technology"),
            side=Side.ENTERPRISE,
            verdict__in=Verdict.positive(),
        )
        is_good = Q(has_conflict=False, base_score__gte=MATCHED_SCORE)
        return self.current().filter(is_good | Exists(wanted), demand__in=Demand.objects.public())


class Recommendation(models.Model):
    """One technology for one need; rank 1 is the best for that need.

    `base_score` and `base_rank` are those of the engine; `score` and `rank` follow what the enterprise said of this
    and other technologies. Suppliers are judged, and see themselves judged, by the former. `computed_at` is when the
    row last changed; that of the first by `base_rank` is when the list was last computed.
    """

    # Both are the first column of an index below.
    demand = models.ForeignKey(
        Demand, models.CASCADE, related_name="recommendations", db_index=False, verbose_name=_("需求")
    )
    technology = models.ForeignKey(
        Technology, models.CASCADE, related_name="recommendations", db_index=False, verbose_name=_("技术")
    )
    score = models.FloatField(_("匹配度"), validators=[MinValueValidator(0), MaxValueValidator(1)])
    rank = models.PositiveIntegerField(_("名次"))
    base_score = models.FloatField(
        _("反馈前的匹配度"), validators=[MinValueValidator(0), MaxValueValidator(1)]
    )
    base_rank = models.PositiveIntegerField(_("反馈前的名次"))
    is_set_aside = models.BooleanField(_("因反馈不再推荐"), default=False)
    has_conflict = models.BooleanField(_("有硬性冲突"), default=False)
    is_twin = models.BooleanField(
        _("同名重复"), default=False, help_text=_("清单中已有同一所有人的同名技术，不另占名额。")
    )
    parts = PartsField(_("得分构成"), default=list)
    reasons = ReasonsField(_("理由"), default=list)
    engine_version = models.CharField(_("引擎版本"), max_length=40)
    computed_at = models.DateTimeField(_("计算时间"), auto_now=True)

    objects = RecommendationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["demand", "technology"], name="one_recommendation_each"),
            models.CheckConstraint(condition=models.Q(score__gte=0, score__lte=1), name="score_is_a_share"),
        ]
        indexes = [
            models.Index(fields=["demand", "rank"]),
            models.Index(fields=["technology", "-score"]),
        ]
        ordering = ["demand", "rank"]
        verbose_name = _("推荐")
        verbose_name_plural = _("推荐")

    def __str__(self):
        return f"{self.demand_id} → {self.technology_id}: {self.score:.2f}"


class LibraryState(models.Model):
    """One row: how often the public technologies changed; an index of an older generation is stale.

    The token tells the library of one database from that of another, whose index may lie in the same folder.
    `ranking` is the number of the learned model in use, 0 for the shipped one.
    """

    generation = models.PositiveBigIntegerField(default=0)
    token = models.UUIDField(default=uuid4, editable=False)
    ranking = models.PositiveIntegerField(default=0)
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("技术库状态")
        verbose_name_plural = _("技术库状态")

    def __str__(self):
        return str(self.generation)


class LibraryChange(models.Model):
    """A technology that entered, changed in or left the public view, by the generation that this began.

    No foreign key: the change of a deleted technology must reach every index as well.
    """

    generation = models.PositiveBigIntegerField(db_index=True)
    technology_id = models.PositiveBigIntegerField()

    class Meta:
        verbose_name = _("技术库变动")
        verbose_name_plural = _("技术库变动")

    def __str__(self):
        return f"{self.generation}: {self.technology_id}"
