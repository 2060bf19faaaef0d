"""Load the sample organisations."""

import logging
from dataclasses import asdict

from django.core.management.base import BaseCommand

from marketplace.sample import load_sample

LABELS = {"people": "人员", "organisations": "机构", "technologies": "技术", "demands": "需求"}


class Command(BaseCommand):
    help = "Load invented organisations, people, technologies and demands (repeatable; needs load_reference)."

    def handle(self, *args, **options):
        # One line for each draft and publication would bury the log of the first start.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        counts = {name: count for name, count in asdict(load_sample()).items() if count}
        changes = "，".join(f"{LABELS[name]} {count}" for name, count in counts.items())
        self.stdout.write(f"示例数据：{f'新增 {changes}' if changes else '没有变化'}")
