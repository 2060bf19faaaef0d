"""Notices in the site and the mails that carry them."""

from email.utils import make_msgid

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from notices.enums import MailState, Rhythm, Topic


def new_message_id():
    return make_msgid(domain=settings.SITE_HOST)


class Mail(models.Model):
    """One e-mail to one person; a row exists before anything is sent (outbox).

    The message id is given once and kept over all attempts: should a mail go out twice because a process died
    between the server's acceptance and our record of it, receivers recognise the second as the first.
    Without a recipient it goes to someone who has no account yet, such as an invited colleague.
    """

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="mails",
        verbose_name=_("收件人"),
    )
    address = models.EmailField(_("地址"))
    message_id = models.CharField(max_length=200, unique=True, default=new_message_id, editable=False)
    topic = models.CharField(
        _("主题类别"), max_length=10, choices=Topic, blank=True, help_text=_("包含多类消息时为空")
    )
    rhythm = models.CharField(_("频率"), max_length=10, choices=Rhythm, default=Rhythm.AT_ONCE)
    subject = models.CharField(_("主题"), max_length=200)
    body = models.TextField(_("正文"))
    state = models.CharField(_("状态"), max_length=10, choices=MailState, default=MailState.WAITING)
    due_at = models.DateTimeField(_("计划发送"))
    attempts = models.PositiveSmallIntegerField(_("尝试次数"), default=0)
    last_error = models.CharField(_("最近错误"), max_length=500, blank=True)
    claimed_at = models.DateTimeField(_("开始发送"), null=True, blank=True)
    sent_at = models.DateTimeField(_("发出时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["state", "due_at"])]
        ordering = ["-created_at"]
        verbose_name = _("邮件")
        verbose_name_plural = _("邮件")

    def __str__(self):
        return self.subject


class NoticeQuerySet(models.QuerySet):
    def unread(self):
        return self.filter(read_at=None)

    def inbox_of(self, user):
        """What the user sees now; a notice for a daily or weekly inbox shows when its day has come."""
        return self.filter(recipient=user, in_inbox=True, visible_at__lte=timezone.now())

    def awaiting_mail(self):
        return self.filter(mail=None, mail_due_at__isnull=False)


class Notice(models.Model):
    """One thing one person is told, once: the key makes a second notice of the same thing impossible."""

    recipient = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="notices", verbose_name=_("收件人")
    )
    topic = models.CharField(_("主题"), max_length=10, choices=Topic)
    key = models.CharField(_("唯一键"), max_length=120)
    title = models.CharField(_("标题"), max_length=200)
    body = models.TextField(_("内容"), blank=True)
    link = models.CharField(_("链接"), max_length=300, blank=True)
    sender = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("发送人"),
    )
    in_inbox = models.BooleanField(_("进入站内信"), default=True)
    visible_at = models.DateTimeField(_("显示时间"), default=timezone.now)
    mail = models.ForeignKey(
        Mail, models.SET_NULL, null=True, blank=True, related_name="notices", verbose_name=_("邮件")
    )
    mail_due_at = models.DateTimeField(_("邮件计划"), null=True, blank=True)
    mail_rhythm = models.CharField(_("邮件频率"), max_length=10, choices=Rhythm, default=Rhythm.OFF)
    # Path that ends notices like this one without log-in, where it is finer than the whole topic.
    unsubscribe = models.CharField(max_length=300, blank=True, editable=False)
    read_at = models.DateTimeField(_("已读时间"), null=True, blank=True)
    created_at = models.DateTimeField(_("创建时间"), default=timezone.now)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["recipient", "key"], name="told_once")]
        indexes = [
            models.Index(fields=["recipient", "read_at"]),
            models.Index(
                fields=["mail_due_at"],
                condition=Q(mail=None, mail_due_at__isnull=False),
                name="mail_to_write",
            ),
        ]
        ordering = ["-created_at", "-pk"]
        verbose_name = _("站内信")
        verbose_name_plural = _("站内信")

    def __str__(self):
        return self.title
