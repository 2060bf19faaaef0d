"""Models of the score that were learned from feedback, and what officials decide about learning."""

import math

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from matching.engine.model import ModelUnreadable, RankingModel
from matching.enums import ModelState, Verdict


class RankingModelQuerySet(models.QuerySet):
    def active(self) -> "RankingModelVersion | None":
        """Return the version that is in use, None when it is the shipped one."""
        return self.filter(state=ModelState.ACTIVE).first()


class RankingModelVersion(models.Model):
    """One model learned from feedback; it never changes after it was stored, only its state does.

    The shipped model is no row: it comes with the program and is in use whenever no row is active.
    """

    number = models.PositiveIntegerField(_("版本号"), unique=True)
    state = models.CharField(_("状态"), max_length=10, choices=ModelState)
    model = models.TextField(_("模型"))
    figures = models.JSONField(_("检验结果"), default=dict)
    objections = models.JSONField(_("未采用的原因"), default=list)
    row_count = models.PositiveIntegerField(_("反馈条数"))
    organisation_count = models.PositiveIntegerField(_("用能单位数"))
    data_key = models.CharField(max_length=64, editable=False)
    created_at = models.DateTimeField(_("生成时间"), auto_now_add=True)
    activated_at = models.DateTimeField(_("启用时间"), null=True, blank=True)
    activated_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("启用人")
    )  # fmt: skip

    objects = RankingModelQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["state"], condition=Q(state="active"), name="one_active_ranking_model"
            ),
        ]
        ordering = ["-number"]
        verbose_name = _("匹配模型版本")
        verbose_name_plural = _("匹配模型版本")

    def __str__(self):
        return str(_("匹配模型第 %(number)d 版") % {"number": self.number})

    def read(self) -> RankingModel:
        """Return the model; raise ModelUnreadable when what is stored is damaged or of another format."""
        return RankingModel.from_json(self.model)

    @property
    def is_readable(self):
        try:
            self.read()
        except ModelUnreadable:
            return False
        return True


def row_weight(label, default):
    return models.FloatField(label, default=default, validators=[MinValueValidator(0)])


class LearningOptions(models.Model):
    """One row: how much each kind of feedback counts, and whether a model that passed is used at once."""

    interested = row_weight(_("“感兴趣”的权重"), 1)
    introduced = row_weight(_("“已对接”的权重"), 2)
    implemented = row_weight(_("“已实施”的权重"), 4)
    refused = row_weight(_("“不合适”的权重"), 1)
    activates_at_once = models.BooleanField(
        _("通过检验后自动启用"), default=True, help_text=_("不勾选时，通过检验的模型等待人工启用。")
    )
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("反馈学习选项")
        verbose_name_plural = _("反馈学习选项")
        constraints = [
            models.CheckConstraint(
                condition=Q(interested__gte=0, introduced__gte=0, implemented__gte=0, refused__gte=0),
                name="feedback_weights_are_not_negative",
            )
        ]

    def __str__(self):
        return str(_("反馈学习选项"))

    def clean(self):
        numbers = self.weights().values()
        if any(number is None or not math.isfinite(number) or number < 0 for number in numbers):
            raise ValidationError(_("权重应为不小于 0 的数。"))
        if not self.refused or not (self.interested or self.introduced or self.implemented):
            raise ValidationError(_("“不合适”与至少一种正面反馈的权重须大于 0，否则无从比较。"))

    def weights(self) -> dict[str, float]:
        """Return how much each verdict counts."""
        return {
            Verdict.INTERESTED.value: self.interested,
            Verdict.INTRODUCED.value: self.introduced,
            Verdict.IMPLEMENTED.value: self.implemented,
            Verdict.REFUSED.value: self.refused,
        }

    @classmethod
    def current(cls) -> "LearningOptions":
        """Return the stored options, or the default ones, not stored, where nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)
