"""What the platform holds about one person: handed out on request, erased on request (个人信息保护法 45 and 47)."""

import secrets
from collections.abc import Iterator

from allauth.account.models import EmailAddress
from django.apps import apps
from django.contrib.contenttypes.models import ContentType
from django.contrib.sessions.models import Session
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models, transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log
from wagtail.models import Revision

from accounts.enums import MemberRole, MemberState
from accounts.models import Invitation, Membership, User
from catalog.models import Demand, Technology
from notices.models import Mail

OWN = {
    "account.EmailAddress user", "accounts.Membership user", "accounts.User_groups user",
    "accounts.User_user_permissions user", "admin.LogEntry user", "matching.LastLook user", "mfa.Authenticator user",
    "notices.Mail recipient", "notices.Notice recipient", "notices.Preference user", "search.SavedSearch user", "usersessions.UserSession user",
    "wagtailadmin.EditingSession user", "wagtailadmin.FormState user", "wagtailcore.APIToken user",
    "wagtailcore.PageSubscription user", "wagtailusers.UserProfile user",
}  # fmt: skip
"""Rows that belong to the person alone and go with them, as `app.Model field`."""
SHARED = {
    "accounts.ApiToken created_by", "accounts.Invitation invited_by", "accounts.Membership decided_by",
    "accounts.Organisation verified_by", "catalog.Demand contact", "catalog.Demand created_by",
    "catalog.Demand locked_by", "catalog.DistinctPair decided_by", "catalog.ImportBatch created_by",
    "catalog.Technology created_by", "catalog.Technology locked_by", "catalog.TechnologyMerge merged_by",
    "catalog.TechnologyMerge undone_by", "matching.Feedback user", "matching.Push created_by",
    "matching.Push sent_by", "matching.PushItem recipient", "matching.RankingModelVersion activated_by",
    "notices.Notice sender", "wagtailcore.Comment resolved_by", "wagtailcore.Comment user",
    "wagtailcore.CommentReply user", "wagtailcore.ModelLogEntry user", "wagtailcore.Page locked_by",
    "wagtailcore.Page owner", "wagtailcore.PageLogEntry user", "wagtailcore.Revision user",
    "wagtailcore.TaskState finished_by", "wagtailcore.UploadedFile uploaded_by_user",
    "wagtailcore.WorkflowState requested_by", "wagtaildocs.Document uploaded_by_user",
    "wagtailimages.Image uploaded_by_user",
}  # fmt: skip
"""Rows that others need, as records of what was decided; they go on naming the emptied account."""
KINDS = {
    "accounts.User_groups user": gettext_lazy("职责"),
    "accounts.User_user_permissions user": gettext_lazy("权限"),
    "usersessions.UserSession user": gettext_lazy("登录设备"),
    "mfa.Authenticator user": gettext_lazy("两步验证"),
    "wagtailusers.UserProfile user": gettext_lazy("后台偏好"),
    "account.EmailAddress user": gettext_lazy("邮箱"),
    "wagtailadmin.FormState user": gettext_lazy("后台未提交的表单"),
    "wagtailadmin.EditingSession user": gettext_lazy("后台编辑状态"),
}
"""What kinds are called that other packages name in English."""
NOT_HANDED_OUT = {"password", "token", "data", "key_digest", "session_key", "content", "stored"}
CONTACT_FIELDS = ("contact_name", "contact_phone", "contact_email")


class CannotErase(Exception):
    """Why a person cannot be erased yet, in a sentence for them."""


def relations_to_people() -> dict[str, models.ForeignKey]:
    """Return every foreign key to a person by `app.Model field`."""
    return {
        f"{relation.related_model._meta.label} {relation.field.name}": relation.field
        for relation in User._meta.get_fields(include_hidden=True)
        if relation.auto_created and not relation.concrete and not relation.many_to_many
    }


def personal_data(user: User) -> dict:
    """Return everything that names the person, by the Chinese name of its kind, ready for `as_json`.

    Secrets (passwords, keys, codes) and the whole text of listings are left out; the latter belong to the
    organisation and are named by their title.
    """
    found = {str(User._meta.verbose_name): [_row(user)]}
    for name, field in sorted(relations_to_people().items()):
        rows = [_row(row) for row in _rows(name, field, user)]
        if rows:
            kind = KINDS.get(name) or _("%(kind)s（%(role)s）") % {
                "kind": field.model._meta.verbose_name, "role": field.verbose_name,
            }  # fmt: skip
            found.setdefault(str(kind), []).extend(rows)
    return {"exported_at": timezone.now(), "data": found}


def as_json(data: dict) -> str:
    """Return personal data as text to keep or to read by machine."""
    return DjangoJSONEncoder(ensure_ascii=False, indent=2).encode(data)


def _rows(name: str, field: models.ForeignKey, user: User) -> Iterator[models.Model]:
    return field.model._base_manager.filter(**{field.name: user}).order_by("pk").iterator()


def _row(row: models.Model) -> dict:
    values = {}
    for field in row._meta.concrete_fields:
        if field.name not in NOT_HANDED_OUT and not field.name.endswith("_ptr"):
            value = getattr(row, field.attname)
            if value not in (None, ""):
                values[str(field.verbose_name)] = str(value) if isinstance(field, models.FileField) else value
    return values


def hindrance(user: User) -> str:
    """Return why the person cannot be erased yet, or nothing."""
    for membership in Membership.objects.owners().filter(user=user).select_related("organisation"):
        members = Membership.objects.active().filter(organisation=membership.organisation).exclude(user=user)
        if members.exists() and not members.filter(role=MemberRole.OWNER, state=MemberState.ACTIVE).exists():
            return _("您是“%(name)s”唯一的管理员，请先在成员页把管理员交给同事，再注销。") % {
                "name": membership.organisation.name
            }
    if (
        user.is_superuser
        and not User.objects.filter(is_superuser=True, is_active=True).exclude(pk=user.pk).exists()
    ):
        return _("您是最后一位系统管理员，请先用 create_administrator 建立另一位。")
    return ""


@transaction.atomic
def erase_person(user: User, *, by: User | None = None) -> None:
    """Empty an account for good: what is the person's own is deleted, records of decisions name nobody any more.

    Raises
    ------
    CannotErase
        When an organisation would be left without an owner, or the platform without an administrator.
    """
    user = User.objects.select_for_update().get(pk=user.pk)
    if reason := hindrance(user):
        raise CannotErase(reason)
    addresses = {user.email, *EmailAddress.objects.filter(user=user).values_list("email", flat=True)} - {""}
    phones = {user.phone} - {None, ""}
    _clear_contacts(user, addresses, phones)
    Mail.objects.filter(recipient=None, address__in=addresses).delete()
    Invitation.objects.filter(Q(email__in=addresses) | Q(phone__in=phones), ~Q(email="", phone="")).delete()
    for session in Session.objects.filter(pk__in=user.usersession_set.values("session_key")):
        session.delete()
    for name in OWN:
        label, field = name.split()
        apps.get_model(label)._base_manager.filter(**{field: user}).delete()
    user.username = f"erased-{user.pk}-{secrets.token_hex(4)}"
    user.name, user.email, user.phone, user.first_name, user.last_name = _("已注销用户"), "", None, "", ""
    user.phone_verified = user.is_staff = user.is_superuser = user.is_active = False
    user.last_login = user.terms_accepted_at = None
    user.set_unusable_password()
    user.save()
    log(user, "accounts.erase", user=by)


def _clear_contacts(user: User, addresses: set[str], phones: set[str]) -> None:
    """Take the person out of the contacts of listings, their drafts and their history."""
    known = {*addresses, *phones}
    for model in (Technology, Demand):
        names = [field.name for field in model._meta.concrete_fields if field.name in CONTACT_FIELDS]
        theirs = Q()
        for name in names:
            if name != "contact_name":
                theirs |= Q(**{f"{name}__in": known})
        if hasattr(model, "contact"):
            theirs |= Q(contact=user)
        emptied = dict.fromkeys(names, "") | ({"contact": None} if hasattr(model, "contact") else {})
        model.objects.filter(theirs).update(**emptied)
        kind = ContentType.objects.get_for_model(model)
        for revision in Revision.objects.filter(_names(known, user), content_type=kind).iterator():
            content = revision.content
            if content.get("contact") == user.pk or {content.get(name) for name in names} & known:
                content.update({name: value for name, value in emptied.items() if name in content})
                Revision.objects.filter(pk=revision.pk).update(content=content)


def _names(words: set[str], user: User) -> Q:
    query = Q(content__contact=user.pk)
    for word in words:
        query |= Q(content__contact_phone=word) | Q(content__contact_email=word)
    return query
