"""Organisations, who belongs to them and who is asked to."""

import secrets
from pathlib import PurePath

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import MemberRole, MemberState, Responsibility, Verification
from accounts.models.taxonomies import Area, Industry
from accounts.storage import private_storage
from accounts.validators import normalise_credit_code, validate_credit_code


def licence_path(organisation, name):
    """Return a name that cannot be guessed; what the owner's computer called the file is not kept."""
    return f"licences/{secrets.token_hex(16)}{PurePath(name).suffix.lower()}"


class OrganisationQuerySet(models.QuerySet):
    def of_member(self, user):
        """Organisations in which the user is an active member."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(memberships__user=user, memberships__state=MemberState.ACTIVE)

    def owned_by(self, user):
        """Organisations of which the user is an active owner."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(
            memberships__user=user,
            memberships__state=MemberState.ACTIVE,
            memberships__role=MemberRole.OWNER,
        )

    def verified(self):
        return self.filter(verification=Verification.VERIFIED)


class Organisation(models.Model):
    """A firm, bank or public body; one may be supplier and enterprise at once."""

    name = models.CharField(_("机构名称"), max_length=100)
    credit_code = models.CharField(
        _("统一社会信用代码"), max_length=18, unique=True, validators=[validate_credit_code]
    )
    is_supplier = models.BooleanField(_("技术供方"), default=False)
    is_enterprise = models.BooleanField(_("用能单位"), default=False)
    is_financial = models.BooleanField(_("金融机构"), default=False)
    industry = models.ForeignKey(Industry, models.PROTECT, null=True, blank=True, verbose_name=_("所属行业"))
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("所在街镇或园区"))
    address = models.CharField(_("地址"), max_length=200, blank=True)
    introduction = models.TextField(_("简介"), max_length=2000, blank=True)
    verification = models.CharField(
        _("核验状态"), max_length=10, choices=Verification, default=Verification.UNVERIFIED
    )
    verification_note = models.CharField(_("核验说明"), max_length=500, blank=True)
    verified_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("核验人"),
    )
    verified_at = models.DateTimeField(_("核验时间"), null=True, blank=True)
    licence = models.FileField(_("营业执照"), upload_to=licence_path, storage=private_storage, blank=True)
    is_sample = models.BooleanField(_("示例数据"), default=False)
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    objects = OrganisationQuerySet.as_manager()

    class Meta:
        ordering = ["name"]
        verbose_name = _("机构")
        verbose_name_plural = _("机构")
        permissions = [("verify_organisation", "Can verify organisations and decide join requests")]

    def __str__(self):
        return self.name

    def clean(self):
        self.credit_code = normalise_credit_code(self.credit_code)

    @property
    def kinds(self):
        """Labels of what the organisation is."""
        return [
            self._meta.get_field(name).verbose_name
            for name in ("is_supplier", "is_enterprise", "is_financial")
            if getattr(self, name)
        ]

    @property
    def masked_name(self):
        """The name for someone who may not know it yet: enough to recognise, too little to learn."""
        shown = 2 if len(self.name) > 5 else 1
        return f"{self.name[:shown]}＊＊＊{self.name[-shown:]}"


class MembershipQuerySet(models.QuerySet):
    def active(self):
        return self.filter(state=MemberState.ACTIVE)

    def owners(self):
        return self.active().filter(role=MemberRole.OWNER)

    def pending(self):
        return self.filter(state=MemberState.PENDING)

    def for_officials(self):
        """Join requests that no owner can or, as the applicant says, will decide."""
        owners = Membership.objects.owners().filter(organisation=models.OuterRef("organisation"))
        return self.pending().filter(Q(asks_official=True) | ~models.Exists(owners))

    def responsible_for(self, responsibility):
        """Active members who answer for one Responsibility."""
        return self.active().filter(**{f"handles_{Responsibility(responsibility)}": True})


class Membership(models.Model):
    """A person acting for an organisation."""

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="memberships", verbose_name=_("用户")
    )
    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="memberships", verbose_name=_("机构")
    )
    role = models.CharField(_("角色"), max_length=10, choices=MemberRole, default=MemberRole.MEMBER)
    state = models.CharField(_("状态"), max_length=10, choices=MemberState, default=MemberState.PENDING)
    handles_energy = models.BooleanField(_("负责能源管理"), default=True)
    handles_production = models.BooleanField(_("负责生产与设备"), default=False)
    handles_finance = models.BooleanField(_("负责财务与投资"), default=False)
    message = models.CharField(_("申请说明"), max_length=200, blank=True)
    asks_official = models.BooleanField(_("请主管部门处理"), default=False)
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("处理人"),
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)

    objects = MembershipQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["user", "organisation"], name="one_membership_each")]
        verbose_name = _("成员")
        verbose_name_plural = _("成员")

    def __str__(self):
        return f"{self.user} @ {self.organisation}"

    @property
    def is_owner(self):
        return self.state == MemberState.ACTIVE and self.role == MemberRole.OWNER

    @property
    def responsibilities(self):
        return [item for item in Responsibility if getattr(self, f"handles_{item}")]


def invitation_token():
    return secrets.token_urlsafe(32)


class InvitationQuerySet(models.QuerySet):
    def open(self):
        return self.filter(accepted_at=None, revoked_at=None, expires_at__gt=timezone.now())


class Invitation(models.Model):
    """A colleague asked to join, by e-mail or phone."""

    organisation = models.ForeignKey(
        Organisation, models.CASCADE, related_name="invitations", verbose_name=_("机构")
    )
    email = models.EmailField(_("邮箱"), blank=True)
    phone = models.CharField(_("手机号"), max_length=20, blank=True)
    token = models.CharField(max_length=60, unique=True, default=invitation_token, editable=False)
    role = models.CharField(_("角色"), max_length=10, choices=MemberRole, default=MemberRole.MEMBER)
    handles_energy = models.BooleanField(_("负责能源管理"), default=True)
    handles_production = models.BooleanField(_("负责生产与设备"), default=False)
    handles_finance = models.BooleanField(_("负责财务与投资"), default=False)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("邀请人")
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    sent_at = models.DateTimeField(_("最近发送"), null=True, blank=True)
    expires_at = models.DateTimeField(_("失效时间"))
    accepted_at = models.DateTimeField(_("接受时间"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("撤回时间"), null=True, blank=True)

    objects = InvitationQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(email="") | ~Q(phone=""), name="invitation_reaches_someone")
        ]
        ordering = ["-created_at"]
        verbose_name = _("邀请")
        verbose_name_plural = _("邀请")

    def __str__(self):
        return self.email or self.phone

    @property
    def is_open(self):
        return self.accepted_at is None and self.revoked_at is None and self.expires_at > timezone.now()

    @property
    def responsibilities(self):
        return [item for item in Responsibility if getattr(self, f"handles_{item}")]
