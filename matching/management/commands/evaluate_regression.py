"""Measure the matcher on invented demands whose technologies an engineer named."""

import json

from django.core.management.base import BaseCommand

from matching.engine import ENGINE_VERSION
from matching.services.regression import read_cases, run_regression, without_fields


class Command(BaseCommand):
    help = "Rank the reference library for the demands of the regression suite and print its score."

    def add_arguments(self, parser):
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, **options):
        cases = read_cases()
        variants = {
            "all fields": cases,
            "texts alone": [without_fields(case) for case in cases],
            "texts alone, nothing read": [without_fields(case, is_read=False) for case in cases],
        }
        found = {name: run_regression(each) for name, each in variants.items()}
        if options["json"]:
            figures = {
                name: {
                    "recall_at_5": each.recall_at_5,
                    "first_is_expected": each.first_is_expected,
                    "violations": each.violations,
                }
                for name, each in found.items()
            }
            counts = {"cases": len(cases), "forbidden": found["all fields"].forbidden_count}
            self.stdout.write(json.dumps({"engine_version": ENGINE_VERSION} | counts | figures))
            return
        forbidden = found["all fields"].forbidden_count
        self.stdout.write(f"demands {len(cases)}, forbidden pairs {forbidden}")
        for name, each in found.items():
            self.stdout.write(
                f"{name:<27} recall@5 {each.recall_at_5:.3f}  first expected {each.first_is_expected:.3f}"
                f"  violations {each.violations}"
            )
        for outcome in found["all fields"].outcomes:
            if outcome.missing or outcome.violations:
                title = outcome.case.demand.title
                missing, wrong = ("、".join(each) or "-" for each in (outcome.missing, outcome.violations))
                self.stdout.write(f"{title}: missing {missing}; must not match {wrong}")
