"""How exposure is spread over the suppliers, and what officials allow."""

from decimal import Decimal

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from accounts.models import Area, Organisation
from catalog.models import Technology
from catalog.models.technologies import money


def within(low, high):
    return [MinValueValidator(low), MaxValueValidator(high)]


class FairnessSettings(models.Model):
    """One row: how lists may be re-ordered for both sides."""

    uses_supplier_view = models.BooleanField(
        _("兼顾供方角度"),
        default=True,
        help_text=_("需求对该技术是否突出、供方的回应情况、预算是否达到其典型项目"),
    )
    largest_share = models.DecimalField(
        _("单个供方的曝光上限（%）"),
        max_digits=4,
        decimal_places=1,
        null=True,
        blank=True,
        validators=within(1, 100),
        help_text=_("留空表示不设上限"),
    )
    near_points = models.DecimalField(
        _("视为得分相近的差距（百分点）"),
        max_digits=4,
        decimal_places=1,
        default=Decimal(3),
        validators=within(0, 10),
        help_text=_("超过上限的供方最多让位于得分低这么多的技术"),
    )
    new_days = models.PositiveSmallIntegerField(
        _("新上架的天数"),
        default=60,
        validators=within(0, 365),
        help_text=_("0 表示不设新上架展示名额"),
    )
    new_first_ten = models.PositiveSmallIntegerField(
        _("进入前 10 位的清单少于（份）"),
        default=5,
        validators=within(1, 1000),
        help_text=_("已有足够展示的新技术不再占用名额"),
    )
    new_margin_points = models.DecimalField(
        _("新上架技术可低于第 4 位的差距（百分点）"),
        max_digits=4,
        decimal_places=1,
        default=Decimal(5),
        validators=within(0, 20),
    )
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("展示规则")
        verbose_name_plural = _("展示规则")

    def __str__(self):
        return str(_("展示规则"))

    @classmethod
    def current(cls) -> "FairnessSettings":
        """Return the stored settings, or the default ones, not stored, where nobody has changed them."""
        return cls.objects.filter(pk=1).first() or cls(pk=1)

    @property
    def is_idle(self) -> bool:
        """Whether no rule is in force."""
        return not self.uses_supplier_view and self.largest_share is None and not self.new_days


class ListingStanding(models.Model):
    """How one technology stands in all current lists when they are ordered by score alone.

    The order that is shown does not go into it: so the rules of exposure rest on something that they do not
    change themselves, and every list comes out the same however often it is computed.
    """

    technology = models.OneToOneField(
        Technology, models.CASCADE, primary_key=True, related_name="standing", verbose_name=_("技术")
    )
    lists = models.PositiveIntegerField(_("清单数"))
    first_ten = models.PositiveIntegerField(_("进入前 10 位的清单数"))
    exposure = models.FloatField(_("曝光"))
    median_score = models.FloatField(_("匹配度中位数"))
    best_score = models.FloatField(_("最高匹配度"))
    measured_at = models.DateTimeField(_("计算时间"), auto_now=True)

    class Meta:
        verbose_name = _("技术的展示情况")
        verbose_name_plural = _("技术的展示情况")

    def __str__(self):
        return f"{self.technology_id}: {self.exposure:.2f}"


class SupplierTerms(models.Model):
    """What projects a supplier takes on; what it leaves open is unknown, not refused."""

    organisation = models.OneToOneField(
        Organisation, models.CASCADE, primary_key=True, related_name="terms", verbose_name=_("技术供方")
    )
    takes_needs = models.BooleanField(
        _("目前可以承接新的需求"),
        default=True,
        help_text=_("暂时没有力量承接时取消勾选，您的技术仍在清单中，名次略后"),
    )
    smallest_project_cny = money(_("愿意承接的最小投资额"))
    areas = models.ManyToManyField(
        Area,
        blank=True,
        related_name="+",
        verbose_name=_("服务区域"),
        help_text=_("不选表示没有说明；选了上级区域即包括其下各镇和园区"),
    )
    changed_at = models.DateTimeField(_("更新时间"), auto_now=True)

    class Meta:
        verbose_name = _("承接条件")
        verbose_name_plural = _("承接条件")

    def __str__(self):
        return str(self.organisation)
