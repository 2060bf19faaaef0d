"""Compile the message catalogues without GNU gettext."""

from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from django.conf import settings
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    help = "Compile every django.po under LOCALE_PATHS whose django.mo is missing or older."

    def handle(self, *args, **options):
        for folder in settings.LOCALE_PATHS:
            for source in sorted(Path(folder).glob("*/LC_MESSAGES/*.po")):
                target = source.with_suffix(".mo")
                if target.exists() and target.stat().st_mtime >= source.stat().st_mtime:
                    continue
                with source.open("rb") as stream:
                    catalogue = read_po(stream)
                temporary = target.with_suffix(".part")
                with temporary.open("wb") as stream:
                    write_mo(stream, catalogue)
                temporary.replace(target)
                self.stdout.write(f"compiled {source.relative_to(settings.BASE_DIR)}")
