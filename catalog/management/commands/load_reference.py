"""Load trees, coefficients, duties, the review workflow and the reference library."""

import logging
from dataclasses import asdict

from django.core.management.base import BaseCommand

from catalog.services.reference import load_reference

LABELS = {
    "industries": "行业",
    "areas": "区域",
    "systems": "用能系统",
    "carriers": "能源品种",
    "technologies": "参考技术",
}


class Command(BaseCommand):
    help = "Load industries, areas, energy systems, carriers, official duties and the reference library (repeatable)."

    def handle(self, *args, **options):
        # One line for each page would bury the log of the first start.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        counts = {name: count for name, count in asdict(load_reference()).items() if count}
        changes = "，".join(f"{LABELS[name]} {count}" for name, count in counts.items())
        self.stdout.write(f"基础数据：{f'新增或更新 {changes}' if changes else '没有变化'}")
