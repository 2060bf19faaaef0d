"""When people last looked at a list, so that what is new can be said."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from catalog.models import Demand


class LastLook(models.Model):
    """How far one person has seen the list of one demand: recommendations with a higher key are new."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("用户")
    )
    demand = models.ForeignKey(Demand, models.CASCADE, related_name="looks", verbose_name=_("需求"))
    newest_seen = models.PositiveBigIntegerField(_("看到的最新推荐"), default=0)
    looked_at = models.DateTimeField(_("查看时间"), auto_now=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "demand"], name="one_look_each")]
        verbose_name = _("查看记录")
        verbose_name_plural = _("查看记录")

    def __str__(self):
        return f"{self.user_id} → {self.demand_id}"
