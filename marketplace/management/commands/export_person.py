"""Hand out what the platform holds about one person."""

import os
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from marketplace.privacy import as_json, personal_data


def person(login: str) -> User:
    """Return the account with this e-mail or phone."""
    found = User.objects.filter(emailaddress__email__iexact=login) | User.objects.filter(phone=login)
    user = (found | User.objects.filter(email__iexact=login)).distinct().first()
    if user is None:
        raise CommandError(f"没有邮箱或手机号为 {login} 的账号。")
    return user


class Command(BaseCommand):
    help = "Write everything that names one person into a JSON file that only the caller can read."

    def add_arguments(self, parser):
        parser.add_argument("login", help="e-mail or phone")
        parser.add_argument("file", type=Path)

    def handle(self, *args, login, file, **options):
        text = as_json(personal_data(person(login)))
        try:
            descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError as error:
            raise CommandError(f"{file} 已存在，请换一个文件名。") from error
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        self.stdout.write(f"已写入 {file}。")
