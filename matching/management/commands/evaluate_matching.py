"""Measure the matcher on judged needs."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from catalog.csv_files import FileError
from matching.engine import ENGINE_VERSION
from matching.engine.evaluation import Evaluation, evaluate
from matching.engine.model import shipped_model
from matching.services.evaluation import read_judged, read_model
from matching.services.training import FIGURES, NEEDS, PAIRS, ablation, as_json, validate


class Command(BaseCommand):
    help = "Print nDCG@10, MAP, 1/(1+MAE) of predicted grades and the number of needs on judged pairs."

    def add_arguments(self, parser):
        parser.add_argument("--needs", type=Path, required=True, help="CSV: need_id, title, content")
        parser.add_argument(
            "--technologies", type=Path, required=True, help="CSV: technology_id, title or title_words"
        )
        parser.add_argument(
            "--judgements", type=Path, required=True, help="CSV: need_id, technology_id, grade 1-4"
        )
        choice = parser.add_mutually_exclusive_group()
        choice.add_argument("--model", type=Path, help="JSON of train_matching, instead of the shipped model")
        choice.add_argument(
            "--cross-validate", type=int, metavar="FOLDS", help="learn anew without each fold"
        )
        parser.add_argument("--folds", choices=[NEEDS, PAIRS], default=NEEDS, help="what a fold leaves out")
        parser.add_argument("--repeat", type=int, default=1, help="divisions into folds to average over")
        parser.add_argument("--ablation", action="store_true", help="also learn without each part in turn")
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        try:
            files = read_judged(options["needs"], options["technologies"], options["judgements"])
            if options["cross_validate"] is not None:
                self._cross_validate(files, options)
                return
            model = read_model(options["model"]) if options["model"] else shipped_model()
        except FileError as error:
            raise CommandError(str(error)) from error
        result = evaluate(files.demands, files.technologies, files.grades, model)
        figures = {"engine_version": ENGINE_VERSION, "model": model.version} | as_json(result)
        if options["json"]:
            self.stdout.write(json.dumps(figures))
            return
        self._print(result, {})

    def _cross_validate(self, files, options) -> None:
        found = validate(
            files,
            folds=options["cross_validate"],
            by=options["folds"],
            repetitions=max(options["repeat"], 1),
        )
        if options["json"]:
            figures = {"engine_version": ENGINE_VERSION, "folds": options["folds"]} | as_json(found.mean)
            figures |= {"spread": found.spread, "bands": found.bands}
            self.stdout.write(json.dumps(figures))
            return
        self._print(found.mean, found.spread)
        if options["ablation"]:
            self._ablate(files, options)
        self.stdout.write("chance       pairs   grade >= 2   grade >= 3")
        for low, high, count, related, strong in found.bands:
            self.stdout.write(f"{low:.1f} to {high:.1f} {count:8} {related:12.3f} {strong:12.3f}")

    def _ablate(self, files, options) -> None:
        found = ablation(files, folds=options["cross_validate"], repetitions=max(options["repeat"], 1))
        for name, result in found.items():
            figures = " ".join(f"{getattr(result, figure):.4f}" for figure in FIGURES)
            self.stdout.write(f"{f'without {name}' if name else 'with everything':<24} {figures}")

    def _print(self, result: Evaluation, spread: dict[str, float]) -> None:
        names = ("nDCG@10", "MAP (grade >= 3)", "1/(1+MAE)")
        for label, name in zip(names, FIGURES, strict=True):
            more = f" ± {spread[name]:.4f}" if name in spread else ""
            self.stdout.write(f"{label:<18} {getattr(result, name):.4f}{more}")
        self.stdout.write(f"needs              {result.need_count}")
        self.stdout.write(f"judged pairs       {result.pair_count}")
