"""Prepare the data folder and run web, worker and scheduler under one supervisor."""

import os
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from honcho.manager import Manager

from marketplace.provision import collect_static, create_cache_table
from marketplace.sample import sample_logins

WELCOME = """
  节能技术对接平台已启动：{address}
  管理后台（主管部门）：{address}/admin/
  停止：Ctrl-C。数据保存在 {data}，下次启动继续使用。
{logins}"""


class Command(BaseCommand):
    # The checks import every view and template, which the web process does a moment later anyway.
    requires_system_checks = []
    help = "Migrate, load reference and sample data where missing, then run web, worker and scheduler."

    def add_arguments(self, parser):
        parser.add_argument("--no-sample", action="store_true", help="Do not load the sample organisations.")
        parser.add_argument("--prepare-only", action="store_true", help="Stop before starting the servers.")

    def handle(self, *args, no_sample, prepare_only, **options):
        self.prepare(with_sample=not no_sample)
        if prepare_only:
            return
        self.stdout.write(self.welcome(with_sample=not no_sample))
        sys.exit(self.supervise())

    def prepare(self, *, with_sample):
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            self.stdout.write("正在准备数据库……")
            call_command("migrate", interactive=False, verbosity=0)
        create_cache_table()
        call_command("compile_translations")
        if not settings.DEBUG:
            collect_static()
        call_command("load_reference")
        if with_sample:
            call_command("load_sample")

    def welcome(self, *, with_sample):
        lines = [f"    {label:　<14}{login}　密码 {password}" for label, login, password in sample_logins()]
        logins = "\n".join(["  示例账号：", *lines, ""]) if with_sample else ""
        return WELCOME.format(address=settings.SITE_URL, data=settings.DATA_DIR, logins=logins)

    def supervise(self):
        python = sys.executable
        environment = {**os.environ, "PORT": str(settings.PORT), "CELERY_SKIP_CHECKS": "1"}
        extra = {"scheduler": {"DJANGO_SETTINGS_MODULE": "marketplace.scheduler"}}
        manager = Manager()
        for name, command in {
            "web": f"{python} -m gunicorn marketplace.wsgi --preload --bind 127.0.0.1:{settings.PORT}"
            f" --workers {settings.WEB_WORKERS} --threads 8 --timeout 120 --no-control-socket --limit-request-line 8190",
            # As root, in a container say, Celery's warning would stand first in the log at every start.
            "worker": f"{python} -W 'ignore:You' -m celery -q -A marketplace worker --pool threads --concurrency 2"
            f" --loglevel {settings.LOG_LEVEL} --without-gossip --without-mingle",
            "scheduler": f"{python} -m celery -q -A marketplace beat --loglevel {settings.LOG_LEVEL}"
            f" --pidfile= --schedule {settings.DATA_DIR / 'beat'}",
        }.items():
            manager.add_process(
                name, command, env={**environment, "PROCESS_NAME": name, **extra.get(name, {})}
            )
        manager.loop()
        return manager.returncode
