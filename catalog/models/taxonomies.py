"""Energy systems and energy carriers."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class EnergySystem(models.Model):
    """A part of a plant that uses or supplies energy."""

    code = models.CharField(_("代码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=50)
    description = models.CharField(_("说明"), max_length=300, blank=True)
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("用能系统")
        verbose_name_plural = _("用能系统")

    def __str__(self):
        return self.name


class EnergyCarrier(models.Model):
    """An energy carrier with its standard-coal coefficient and the edition that states it."""

    code = models.CharField(_("代码"), max_length=30, unique=True)
    name = models.CharField(_("名称"), max_length=50)
    unit = models.CharField(_("计量单位"), max_length=20)
    tce_per_unit = models.DecimalField(
        _("折标准煤系数（tce/单位）"), max_digits=14, decimal_places=8, null=True, blank=True
    )
    edition = models.CharField(_("系数出处与版本"), max_length=100, blank=True)
    typical_price_cny = models.DecimalField(
        _("典型单价（元/单位）"), max_digits=12, decimal_places=4, null=True, blank=True
    )
    co2_t_per_unit = models.DecimalField(
        _("二氧化碳排放因子（t/单位）"), max_digits=14, decimal_places=8, null=True, blank=True
    )
    order = models.PositiveSmallIntegerField(_("顺序"), default=0)

    class Meta:
        ordering = ["order", "code"]
        verbose_name = _("能源品种")
        verbose_name_plural = _("能源品种")

    def __str__(self):
        return self.name
