"""What people say of a match."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Demand, Technology
from matching.enums import RefusalReason, Side, Verdict


class Feedback(models.Model):
    """The latest word of one side about one pair; it outlives a recommendation that is computed anew."""

    demand = models.ForeignKey(Demand, models.CASCADE, related_name="feedback", verbose_name=_("需求"))
    technology = models.ForeignKey(
        Technology, models.CASCADE, related_name="feedback", verbose_name=_("技术")
    )
    side = models.CharField(_("哪一方"), max_length=10, choices=Side, default=Side.ENTERPRISE)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("反馈人")
    )
    verdict = models.CharField(_("意见"), max_length=10, choices=Verdict)
    reason_code = models.CharField(_("原因"), max_length=12, choices=RefusalReason, blank=True)
    note = models.CharField(_("补充说明"), max_length=500, blank=True)
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
        ]
        ordering = ["-updated_at"]
        verbose_name = _("反馈")
        verbose_name_plural = _("反馈")

    def __str__(self):
        return f"{self.demand_id} → {self.technology_id}: {self.get_verdict_display()}"
