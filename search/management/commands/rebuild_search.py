"""Index both libraries anew."""

from django.core.management.base import BaseCommand

from search.enums import Kind
from search.services import rebuild_index


class Command(BaseCommand):
    help = "重建检索索引：收录全部公开条目，移除其余条目；期间检索不中断。"

    def handle(self, **options):
        for kind, count in rebuild_index().items():
            self.stdout.write(f"{Kind(kind).label}：{count}")
