"""Prepare the data folder and run web, worker and scheduler under one supervisor."""

import shlex
import sys

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from honcho.manager import Manager

from marketplace.processes import environment_of, processes
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
        manager = Manager()
        for process in processes().values():
            manager.add_process(process.name, shlex.join(process.arguments), env=environment_of(process))
        manager.loop()
        return manager.returncode
