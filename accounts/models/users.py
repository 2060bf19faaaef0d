"""People who log in."""

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _


class User(AbstractUser):
    """A person; logs in by e-mail or phone, acts for organisations through memberships."""

    name = models.CharField(_("姓名"), max_length=50, blank=True)
    phone = models.CharField(_("手机号"), max_length=20, unique=True, null=True, blank=True)
    phone_verified = models.BooleanField(_("手机号已验证"), default=False)
    terms_accepted_at = models.DateTimeField(_("同意条款时间"), null=True, blank=True)

    class Meta:
        verbose_name = _("用户")
        verbose_name_plural = _("用户")

    def __str__(self):
        return self.name or self.email or self.phone or self.username

    def get_full_name(self):
        return str(self)

    @cached_property
    def group_names(self) -> frozenset[str]:
        """The names of the user's groups, read once: a menu asks for them with every entry."""
        return frozenset(self.groups.values_list("name", flat=True))
