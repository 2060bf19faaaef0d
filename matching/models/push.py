"""What officials send to whom."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.models import Organisation
from catalog.models import Demand, Technology
from matching.enums import Audience, PushState


class PushQuerySet(models.QuerySet):
    def with_counts(self):
        """Annotate how many items are kept and how many people they go to."""
        kept = Q(items__is_removed=False)
        return self.annotate(
            kept_count=models.Count("items", filter=kept),
            people_count=models.Count("items__recipient", filter=kept, distinct=True),
        )


class Push(models.Model):
    """A batch of matches that an official looks through before it is sent."""

    audience = models.CharField(_("推送对象"), max_length=10, choices=Audience)
    minimum_score = models.FloatField(_("最低匹配度"), default=0.5)
    per_person = models.PositiveSmallIntegerField(_("每人最多条数"), default=5)
    note = models.CharField(_("附言"), max_length=300, blank=True)
    state = models.CharField(_("状态"), max_length=10, choices=PushState, default=PushState.PREPARED)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("创建人")
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    sent_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("发送人")
    )
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)

    objects = PushQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("推送")
        verbose_name_plural = _("推送")

    def __str__(self):
        return f"{self.get_audience_display()} {timezone.localtime(self.created_at):%Y-%m-%d}"


class PushItem(models.Model):
    """One match for one person; sent once, over all pushes."""

    push = models.ForeignKey(Push, models.CASCADE, related_name="items", verbose_name=_("推送"))
    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="push_items", verbose_name=_("收件人")
    )
    organisation = models.ForeignKey(Organisation, models.CASCADE, related_name="+", verbose_name=_("机构"))
    audience = models.CharField(_("推送对象"), max_length=10, choices=Audience)
    demand = models.ForeignKey(Demand, models.CASCADE, related_name="push_items", verbose_name=_("需求"))
    technology = models.ForeignKey(
        Technology, models.CASCADE, related_name="push_items", verbose_name=_("技术")
    )
    score = models.FloatField(_("匹配度"))
    is_removed = models.BooleanField(_("已移除"), default=False)
    sent_at = models.DateTimeField(_("发送时间"), null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["push", "recipient", "demand", "technology"], name="one_item_each"
            ),
            models.UniqueConstraint(
                fields=["recipient", "audience", "demand", "technology"],
                condition=Q(sent_at__isnull=False),
                name="pushed_once",
            ),
        ]
        ordering = ["recipient", "-score", "pk"]
        verbose_name = _("推送条目")
        verbose_name_plural = _("推送条目")

    def __str__(self):
        return f"{self.recipient}: {self.demand_id} → {self.technology_id}"
