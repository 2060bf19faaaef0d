"""Restore a backup into an empty place."""

import time
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from marketplace.backups.archive import restore
from marketplace.backups.databases import BackupError
from marketplace.management.commands.backup import this_place


class Command(BaseCommand):
    requires_system_checks = []
    help = "Restore a backup into an empty database and an empty data folder, and compare every row and file."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)

    def handle(self, *args, file, **options):
        begin = time.monotonic()
        try:
            manifest = restore(file, this_place())
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"已恢复 {manifest['created_at']} 的备份并核对一致，用时 {time.monotonic() - begin:.1f} 秒。"
            "接着运行 manage.py migrate、match_all 和 rebuild_search，再启动。"
        )
