"""What people say of a match."""

from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Demand, Technology
from matching.enums import RefusalReason, Side, Verdict


class Feedback(models.Model):
    """The latest word of one side about one pair; it outlives a recommendation that is computed anew.

    `parts`, `score` and `rank` are those of the recommendation when the side spoke, before its own feedback changed
    them: what is learned from the word needs what the person saw. They are empty for a pair that was on no list.
    """

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="feedback", verbose_name=_("需求"))
    technology = models.ForeignKey(
        Technology, models.CASCADE, related_name="feedback", verbose_name=_("技术")
    )
    side = models.CharField(_("哪一方"), max_length=10, choices=Side, default=Side.ENTERPRISE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("反馈人")
    )
    verdict = models.CharField(_("意见"), max_length=12, choices=Verdict)
    reason_code = models.CharField(_("原因"), max_length=12, choices=RefusalReason, blank=True)
    note = models.CharField(_("补充说明"), max_length=500, blank=True)
    implemented_on = models.DateField(_("实施日期"), null=True, blank=True)
    verified_saving_tce = models.DecimalField(
        _("核定年节能量（tce）"), max_digits=12, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    verified_saving_cny = models.DecimalField(
        _("核定年节约费用（元）"), max_digits=14, decimal_places=2, null=True, blank=True,
        validators=[MinValueValidator(0)],
    )  # fmt: skip
    parts = models.JSONField(_("反馈时的得分构成"), default=list, editable=False)
    score = models.FloatField(_("反馈时的匹配度"), null=True, editable=False)
    rank = models.PositiveIntegerField(_("反馈时的名次"), null=True, editable=False)
    engine_version = models.CharField(_("反馈时的引擎版本"), max_length=40, blank=True, editable=False)
    created_at = models.DateTimeField(_("首次反馈"), auto_now_add=True)
    updated_at = models.DateTimeField(_("最近反馈"), auto_now=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["demand", "technology", "side"], name="one_word_each_side"),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.REFUSED) | ~Q(reason_code=""),
                name="refusal_has_a_reason",
                violation_error_message=_("请选择不合适的原因。"),
            ),
            models.CheckConstraint(
                condition=~Q(verdict=Verdict.IMPLEMENTED) | Q(implemented_on__isnull=False),
                name="implemented_has_a_date",
                violation_error_message=_("请填写实施日期。"),
            ),
            models.CheckConstraint(
                condition=(Q(verified_saving_tce=None) | Q(verified_saving_tce__gte=0))
                & (Q(verified_saving_cny=None) | Q(verified_saving_cny__gte=0)),
                name="verified_saving_is_not_negative",
                violation_error_message=_("核定节能量和费用不能为负数。"),
            ),
        ]
        ordering = ["-updated_at"]
        verbose_name = _("反馈")
        verbose_name_plural = _("反馈")

    def __str__(self):
        return f"{self.demand_id} → {self.technology_id}: {self.get_verdict_display()}"
