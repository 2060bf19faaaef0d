"""Learn the text part of the matcher from judged pairs."""

from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from catalog.csv_files import FileError
from matching.services.evaluation import read_judged
from matching.services.training import FIGURES, train_model, write_model


class Command(BaseCommand):
    help = "Learn weights and calibration of the matcher from judged pairs and write them as a model."

    def add_arguments(self, parser):
        parser.add_argument("--needs", type=Path, required=True, help="CSV: need_id, title, content")
        parser.add_argument(
            "--technologies", type=Path, required=True, help="CSV: technology_id, title or title_words"
        )
        parser.add_argument(
            "--judgements", type=Path, required=True, help="CSV: need_id, technology_id, grade 1-4"
        )
        parser.add_argument("--output", type=Path, required=True, help="JSON file for the model")
        parser.add_argument(
            "--source", default="judged pairs", help="where the pairs come from, kept in the model"
        )

    def handle(self, *args, **options):
        try:
            files = read_judged(options["needs"], options["technologies"], options["judgements"])
            model = train_model(files, source=options["source"])
            write_model(model, options["output"])
        except FileError as error:
            raise CommandError(str(error)) from error
        self.stdout.write(
            f"model {model.version} from {model.training.pairs} pairs of {model.training.needs} needs"
        )
        for name in FIGURES:
            if name in model.training.figures:
                self.stdout.write(f"{name:<24} {model.training.figures[name]:.4f} (five folds of needs)")
