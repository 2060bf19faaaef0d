"""Erase one person."""

from django.core.management.base import BaseCommand, CommandError

from marketplace.management.commands.export_person import person
from marketplace.privacy import CannotErase, erase_person


class Command(BaseCommand):
    help = "Erase one person: account, addresses, messages, contacts. Cannot be undone."

    def add_arguments(self, parser):
        parser.add_argument("login", help="e-mail or phone")
        parser.add_argument("--yes", action="store_true", help="Do not ask.")

    def handle(self, *args, login, yes, **options):
        user = person(login)
        if (
            not yes
            and input(f"将永久清除 {user}（{login}）的账号、联系方式和消息，不可恢复。输入 yes 继续：")
            != "yes"
        ):
            raise CommandError("未做任何改动。")
        try:
            erase_person(user)
        except CannotErase as error:
            raise CommandError(str(error)) from error
        self.stdout.write("已清除。备份中的数据随备份到期删除。")
