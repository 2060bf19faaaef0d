"""The reserve score (储备评分) of the technologies, and the weights that officials give its factors."""

from decimal import Decimal

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from catalog.models import Technology
from matching.engine.reserve import FACTORS, ReserveFigures


def weight(label, default, help_text):
    return models.DecimalField(
        label,
        max_digits=5,
        decimal_places=1,
        default=Decimal(default),
        validators=[MinValueValidator(0), MaxValueValidator(100)],
        help_text=help_text,
    )


class ReserveWeights(models.Model):
    """One row: how much each factor counts; only the proportions matter."""

    potential = weight(_("节能潜力"), 40, _("匹配到的本地需求合计可节能量（tce/a）"))
    penetration_now = weight(_("目前推广空间"), 25, _("1 − 目前推广比例"))
    penetration_in_5_years = weight(_("5 年后推广空间"), 10, _("1 − 预计 5 年后推广比例"))
    evidence = weight(_("证据等级"), 10, _("参考条目没有证据等级，按未知处理"))
    payback = weight(_("投资回收期"), 10, _("回收期越短，数值越高"))
    needs = weight(_("本地需求数"), 5, _("匹配度不低于 50% 且无硬性冲突的公开需求"))
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("储备评分权重")
        verbose_name_plural = _("储备评分权重")
        constraints = [
            models.CheckConstraint(
                condition=Q(**{f"{name}__gte": 0, f"{name}__lte": 100}), name=f"reserve_{name}_weight"
            )
            for name in FACTORS
        ]

    def __str__(self):
        return str(_("储备评分权重"))

    def clean(self):
        if not any(self.numbers().values()):
            raise ValidationError(_("至少一项权重须大于 0。"))

    def numbers(self) -> dict[str, float]:
        """Return the weights by factor, 0 where one could not be read."""
        return {name: float(getattr(self, name) or 0) for name in FACTORS}

    def shares(self) -> list[tuple[str, str]]:
        """Return label and share in per cent of each weight that counts."""
        numbers = self.numbers()
        total = sum(numbers.values()) or 1
        return [
            (str(self._meta.get_field(name).verbose_name), f"{100 * number / total:.0f}")
            for name, number in numbers.items()
            if number
        ]

    @classmethod
    def current(cls) -> "ReserveWeights":
        """Return the stored weights, or the default ones, not stored, where nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)


class ReserveScoreQuerySet(models.QuerySet):
    def best_first(self):
        """Highest score first, those without a score last; ties go by key."""
        return self.order_by(F("score").desc(nulls_last=True), "technology")

    def current(self):
        """Those whose technology is public now."""
        return self.filter(technology__in=Technology.objects.public())


class ReserveScore(models.Model):
    """What is known of one public technology for the reserve score; null is unknown, 0 is a figure."""

    technology = models.OneToOneField(
        Technology, models.CASCADE, primary_key=True, related_name="reserve_score", verbose_name=_("技术")
    )
    potential_tce = models.DecimalField(
        _("节能潜力（tce/a）"), max_digits=18, decimal_places=3, null=True, blank=True
    )
    penetration_now = models.DecimalField(
        _("目前推广比例"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    penetration_in_5_years = models.DecimalField(
        _("预计 5 年后推广比例"), max_digits=5, decimal_places=4, null=True, blank=True
    )
    evidence = models.CharField(_("证据等级"), max_length=20, blank=True)
    payback_years = models.DecimalField(
        _("投资回收期（年）"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    needs = models.PositiveIntegerField(_("本地需求数"), default=0)
    needs_measured = models.PositiveIntegerField(_("按需求年用能估算的需求数"), default=0)
    needs_typical = models.PositiveIntegerField(_("按典型项目估算的需求数"), default=0)
    score = models.FloatField(_("储备评分"), null=True, blank=True, db_index=True)
    factors = models.JSONField(_("构成"), default=list)
    computed_at = models.DateTimeField(_("计算时间"), auto_now=True)

    objects = ReserveScoreQuerySet.as_manager()

    class Meta:
        verbose_name = _("储备评分")
        verbose_name_plural = _("储备评分")

    def __str__(self):
        return f"{self.technology_id}: {self.score}"

    def figures(self) -> ReserveFigures:
        """Return what the score is made from, as plain numbers."""
        numbers = {
            name: None if getattr(self, name) is None else float(getattr(self, name))
            for name in ("potential_tce", "penetration_now", "penetration_in_5_years", "payback_years")
        }
        return ReserveFigures(**numbers, evidence=self.evidence or None, needs=self.needs)
