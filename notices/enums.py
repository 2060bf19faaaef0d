"""Choices of messages."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Topic(models.TextChoices):
    """What a message is about."""

    ACCOUNT = "account", _("账号与机构")
    REVIEW = "review", _("审核结果")
    MATCH = "match", _("匹配与推送")
    FEEDBACK = "feedback", _("对方反馈")
    IMPORT = "import", _("批量导入")
    SEARCH = "search", _("保存的搜索")


class Channel(models.TextChoices):
    INBOX = "inbox", _("站内信")
    EMAIL = "email", _("邮件")


class Rhythm(models.TextChoices):
    """How often a channel may speak up."""

    AT_ONCE = "at_once", _("即时")
    DAILY = "daily", _("每天一次")
    WEEKLY = "weekly", _("每周一次")
    OFF = "off", _("关闭")


class MailState(models.TextChoices):
    WAITING = "waiting", _("待发送")
    SENDING = "sending", _("发送中")
    SENT = "sent", _("已发送")
    FAILED = "failed", _("发送失败")
