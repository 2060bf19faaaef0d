"""Keys of other systems."""

import hashlib
import secrets

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from accounts.enums import TokenPurpose
from accounts.models.organisations import Organisation


class ApiTokenQuerySet(models.QuerySet):
    def valid(self):
        return self.filter(revoked_at=None).filter(
            models.Q(expires_at=None) | models.Q(expires_at__gt=timezone.now())
        )

    def with_key(self, key, *, purpose):
        """Return the valid token of that key and purpose, or None."""
        return self.valid().filter(key_hash=ApiToken.hash_key(key), purpose=purpose).first()


class ApiToken(models.Model):
    """A key for one purpose; only its hash is kept. Without organisations it covers all of them."""

    name = models.CharField(_("名称"), max_length=100)
    key_hash = models.CharField(max_length=64, unique=True, editable=False)
    key_prefix = models.CharField(_("前缀"), max_length=8, editable=False)
    purpose = models.CharField(
        _("用途"), max_length=30, choices=TokenPurpose, default=TokenPurpose.READ_RECOMMENDATIONS
    )
    organisations = models.ManyToManyField(Organisation, blank=True, verbose_name=_("限定机构"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, related_name="+", verbose_name=_("创建人")
    )
    created_at = models.DateTimeField(_("创建时间"), auto_now_add=True)
    expires_at = models.DateTimeField(_("失效时间"), null=True, blank=True)
    last_used_at = models.DateTimeField(_("最近使用"), null=True, blank=True)
    revoked_at = models.DateTimeField(_("停用时间"), null=True, blank=True)

    objects = ApiTokenQuerySet.as_manager()

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("接口令牌")
        verbose_name_plural = _("接口令牌")

    def __str__(self):
        return f"{self.name} ({self.key_prefix}…)"

    @staticmethod
    def hash_key(key):
        return hashlib.sha256(key.encode()).hexdigest()

    def make_key(self):
        """Give the token a new random key, not saved, and return it: it cannot be read again."""
        key = secrets.token_urlsafe(32)
        self.key_hash, self.key_prefix = self.hash_key(key), key[:8]
        return key
