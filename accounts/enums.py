"""States and choices of people and organisations."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class AreaKind(models.TextChoices):
    DISTRICT = "district", _("区")
    TOWN = "town", _("街镇")
    PARK = "park", _("园区")


class Verification(models.TextChoices):
    """How far an official has checked that an organisation is what it says."""

    UNVERIFIED = "unverified", _("未核验")
    PENDING = "pending", _("待核验")
    VERIFIED = "verified", _("已核验")
    REJECTED = "rejected", _("未通过")


class MemberRole(models.TextChoices):
    OWNER = "owner", _("管理员")
    MEMBER = "member", _("成员")


class MemberState(models.TextChoices):
    PENDING = "pending", _("待同意")
    ACTIVE = "active", _("有效")
    REMOVED = "removed", _("已移出")


class Responsibility(models.TextChoices):
    """What a member answers for; messages go to those who answer for their subject."""

    ENERGY = "energy", _("能源管理")
    PRODUCTION = "production", _("生产与设备")
    FINANCE = "finance", _("财务与投资")


class TokenPurpose(models.TextChoices):
    """The one thing an API token may do."""

    READ_RECOMMENDATIONS = "read_recommendations", _("读取推荐")
