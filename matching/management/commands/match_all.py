"""Compute every list of recommendations."""

import time

from django.core.management.base import BaseCommand

from matching.models import Recommendation
from matching.services.exposure import measure_exposure
from matching.services.recommending import match_all
from matching.services.reserve import recompute_reserve


class Command(BaseCommand):
    help = "Build the index of technologies anew and compute the recommendations of every demand."

    def handle(self, *args, **options):
        started = time.perf_counter()
        measure_exposure()
        count = match_all()
        measure_exposure()
        recompute_reserve()
        seconds = time.perf_counter() - started
        self.stdout.write(
            f"已为 {count} 条需求计算推荐，共 {Recommendation.objects.count()} 条，用时 {seconds:.1f} 秒。"
        )
