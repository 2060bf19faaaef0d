"""Index both libraries anew."""

from django.conf import settings
from django.core.management.base import BaseCommand
from django.utils.translation import gettext as _

from search.enums import Kind
from search.services import engine_report, rebuild_index


class Command(BaseCommand):
    help = "重建检索索引：收录全部公开条目，移除其余条目；期间检索不中断。"

    def handle(self, **options):
        for kind, count in rebuild_index().items():
            self.stdout.write(f"{Kind(kind).label}：{count}")
        if settings.ELASTICSEARCH_URL:
            is_ok = engine_report()["elasticsearch"] == "ok"
            engine = "Elasticsearch" if is_ok else _("内置索引（Elasticsearch 未就绪，见日志）")
            self.stdout.write(_("检索引擎：{engine}").format(engine=engine))
