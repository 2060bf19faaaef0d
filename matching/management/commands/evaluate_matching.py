"""Measure the matcher on judged needs."""

import json
import math
from dataclasses import asdict
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from matching.engine import ENGINE_VERSION
from matching.services.evaluation import EvaluationError, evaluate_files


class Command(BaseCommand):
    help = "Print nDCG@10, MAP and the number of needs of the matcher on judged pairs."

    def add_arguments(self, parser):
        parser.add_argument("--needs", type=Path, required=True, help="CSV: need_id, title, content")
        parser.add_argument(
            "--technologies", type=Path, required=True, help="CSV: technology_id, title or title_words"
        )
        parser.add_argument(
            "--judgements", type=Path, required=True, help="CSV: need_id, technology_id, grade 1-4"
        )
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        try:
            result = evaluate_files(options["needs"], options["technologies"], options["judgements"])
        except EvaluationError as error:
            raise CommandError(str(error)) from error
        figures = {"engine_version": ENGINE_VERSION} | {
            name: None if isinstance(value, float) and math.isnan(value) else value
            for name, value in asdict(result).items()
        }
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        self.stdout.write(f"nDCG@10            {result.ndcg_at_10:.4f}")
        self.stdout.write(f"MAP (grade >= 3)   {result.mean_average_precision:.4f}")
        self.stdout.write(f"needs              {result.need_count}")
        self.stdout.write(f"judged pairs       {result.pair_count}")
