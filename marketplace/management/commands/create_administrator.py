"""Create the first administrator, without a password that anybody else has seen."""

import secrets

from allauth.account.forms import default_token_generator
from allauth.account.models import EmailAddress
from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.core.validators import validate_email
from django.db import transaction
from django.urls import reverse

from accounts.models import User
from accounts.roles import Duty


class Command(BaseCommand):
    help = "Create an administrator with every duty and print a link, valid once, to choose the password."

    def add_arguments(self, parser):
        parser.add_argument("email")
        parser.add_argument("--name", default="")

    @transaction.atomic
    def handle(self, *args, email, name, **options):
        email = email.strip().lower()
        try:
            validate_email(email)
        except ValidationError as error:
            raise CommandError(f"“{email}”不是邮箱地址。") from error
        if (
            EmailAddress.objects.filter(email__iexact=email).exists()
            or User.objects.filter(email__iexact=email).exists()
        ):
            raise CommandError(f"{email} 已有账号，未做任何改动。请换一个邮箱，或由管理员在后台授予权限。")
        groups = list(Group.objects.filter(name__in=Duty.values))
        if len(groups) != len(Duty.values):
            raise CommandError("请先运行 manage.py load_reference，它建立各项职责。")
        user = User(
            username=f"administrator-{secrets.token_hex(4)}",
            email=email,
            name=name,
            is_staff=True,
            is_superuser=True,
        )
        user.set_unusable_password()
        user.save()
        user.groups.set(groups)
        EmailAddress.objects.create(user=user, email=email, verified=True, primary=True)
        key = default_token_generator.make_token(user)
        path = reverse(
            "account_reset_password_from_key", kwargs={"uidb36": user_pk_to_url_str(user), "key": key}
        )
        self.stdout.write(f"已创建管理员 {email}。请在 3 天内打开以下链接设置密码，链接只能使用一次：")
        self.stdout.write(f"{settings.SITE_URL}{path}")
