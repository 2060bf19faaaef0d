"""Duties of officials: groups whose permissions the rooms fill in.

A group is named once here; `grant` adds permissions to it whenever reference data is loaded, so that a duty
can grow with the platform. Officials hold any number of duties.
"""

from django.contrib.auth.models import Group, Permission
from django.db import models
from django.utils.translation import gettext_lazy as _


class Duty(models.TextChoices):
    """What an official does; the value is the group's name."""

    LIBRARY = "储备库管理", _("储备库管理")  # data: group name
    REVIEW = "审核", _("审核")  # data: group name
    PUSH = "推送", _("推送")  # data: group name
    OPERATE = "运维", _("运维")  # data: group name


OFFICIAL_DUTIES = (Duty.LIBRARY, Duty.REVIEW, Duty.PUSH)


def grant(duty: Duty, permissions: list[str]) -> Group:
    """Give a duty's group the permissions named `app.codename`; raise LookupError for an unknown one."""
    group, _created = Group.objects.get_or_create(name=duty.value)
    for name in {"wagtailadmin.access_admin", *permissions}:
        app, codename = name.split(".")
        permission = Permission.objects.filter(content_type__app_label=app, codename=codename).first()
        if permission is None:
            raise LookupError(f"there is no permission {name}")
        group.permissions.add(permission)
    return group


def has_duty(user, duty: Duty) -> bool:
    """Whether the user is an active official with that duty, or a superuser.

    The user's groups are read once and kept with the object, as Django keeps permissions: for one request.
    """
    return user.is_active and (user.is_superuser or duty.value in user.group_names)


def is_official(user) -> bool:
    """Whether the user is an official; who only operates the platform reads no hidden field."""
    return user.is_active and (user.is_superuser or not user.group_names.isdisjoint(OFFICIAL_DUTIES))
