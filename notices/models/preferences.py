"""How often each person wishes to hear, by channel and topic."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from notices.enums import Channel, Rhythm, Topic


class Preference(models.Model):
    """The rhythm of one channel for one topic; no row means the default of notices.services."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="preferences", verbose_name=_("用户")
    )
    channel = models.CharField(_("渠道"), max_length=10, choices=Channel)
    topic = models.CharField(_("主题"), max_length=10, choices=Topic, blank=True)
    rhythm = models.CharField(_("频率"), max_length=10, choices=Rhythm)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "channel", "topic"], name="one_rhythm_each")]
        verbose_name = _("通知偏好")
        verbose_name_plural = _("通知偏好")

    def __str__(self):
        return f"{self.user} {self.channel} {self.rhythm}"
