"""Choices of the matcher: feedback and push."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Side(models.TextChoices):
    """Who speaks: the enterprise about a technology, or the supplier about a need."""

    ENTERPRISE = "enterprise", _("用能单位")
    SUPPLIER = "supplier", _("技术供方")


class Verdict(models.TextChoices):
    INTERESTED = "interested", _("感兴趣")
    INTRODUCED = "introduced", _("已对接")
    IMPLEMENTED = "implemented", _("已实施")
    REFUSED = "refused", _("不合适")
    LATER = "later", _("以后再说")

    @classmethod
    def positive(cls):
        """Return the verdicts that speak for a pair."""
        return [cls.INTERESTED, cls.INTRODUCED, cls.IMPLEMENTED]

    @classmethod
    def outcomes(cls):
        """Return what happened after the interest; the supplier proposes it, the enterprise confirms."""
        return [cls.INTRODUCED, cls.IMPLEMENTED]


class RefusalReason(models.TextChoices):
    """Why a match was refused."""

    CONDITIONS = "conditions", _("工况条件不符")
    COST = "cost", _("投资太高")
    PAYBACK = "payback", _("回收期太长")
    IN_USE = "in_use", _("已经在用")
    TRIED = "tried", _("试过，效果不好")
    EVIDENCE = "evidence", _("依据不足，难以采信")
    CAPACITY = "capacity", _("供方暂无能力承接")
    UNCLEAR = "unclear", _("需求信息不足")
    OTHER = "other", _("其他")

    @classmethod
    def of(cls, side):
        """Return the reasons that one side may give."""
        if side == Side.SUPPLIER:
            return [cls.CONDITIONS, cls.CAPACITY, cls.UNCLEAR, cls.OTHER]
        return [cls.COST, cls.PAYBACK, cls.CONDITIONS, cls.IN_USE, cls.TRIED, cls.EVIDENCE, cls.OTHER]


class Audience(models.TextChoices):
    """To whom a push goes."""

    ENTERPRISE = "enterprise", _("用能单位（推技术）")
    SUPPLIER = "supplier", _("技术供方（推需求）")


class ModelState(models.TextChoices):
    """What became of a model learned from feedback."""

    CANDIDATE = "candidate", _("待启用")
    ACTIVE = "active", _("使用中")
    REFUSED = "refused", _("未通过检验")
    RETIRED = "retired", _("已停用")


class PushState(models.TextChoices):
    PREPARED = "prepared", _("待发送")
    SENT = "sent", _("已发送")
    DISCARDED = "discarded", _("已放弃")
