"""Back up the database and the uploads into one file, and prove that it can be restored."""

import time
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError

from marketplace.backups.archive import Place, check, write_backup
from marketplace.backups.databases import BackupError


def this_place() -> Place:
    """Return where this platform lives."""
    folders = {"media": Path(settings.MEDIA_ROOT), "private": settings.DATA_DIR / "private"}
    return Place(settings.DATABASE_URL, folders, settings.DATA_DIR / "secret_key")


class Command(BaseCommand):
    requires_system_checks = []
    help = "Write database and uploads into one file while the platform runs; restore it into an empty place as a check."

    def add_arguments(self, parser):
        parser.add_argument("file", type=Path)
        parser.add_argument("--no-check", action="store_true", help="Do not restore it as a check.")

    def handle(self, *args, file, no_check, **options):
        if file.exists():
            raise CommandError(f"{file} 已存在，请换一个文件名。")
        begin = time.monotonic()
        try:
            manifest = write_backup(this_place(), file)
            rows = sum(table["rows"] for table in manifest["tables"].values())
            size = file.stat().st_size / 2**20
            self.stdout.write(
                f"已备份 {len(manifest['tables'])} 张表 {rows} 行、{len(manifest['files']) - 1} 个文件，"
                f"共 {size:.1f} MB，用时 {time.monotonic() - begin:.1f} 秒：{file}"
            )
            if no_check:
                return
            begin = time.monotonic()
            check(file, settings.DATABASE_URL)
        except BackupError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(f"已在空的位置恢复并逐行逐文件核对一致，用时 {time.monotonic() - begin:.1f} 秒。")
