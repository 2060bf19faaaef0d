"""Estimate how likely measures are to be carried out, from audits with known outcomes."""

import json
from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from matching.engine.prior import FILE
from matching.engine.prior_fit import fit
from matching.services.prior import AuditFileError, calibration_chart, read_outcomes, spread, table_lines

SOURCE = (
    "Industrial Assessment Centers database (US Department of Energy), recommendations with a known outcome, "
    "fitted by manage.py train_prior. Plants in the United States: for reference only."
)


class Command(BaseCommand):
    help = "Fit the prior of being carried out, print its figures and write its coefficients."

    def add_arguments(self, parser):
        parser.add_argument(
            "--recommendations", type=Path, required=True, help="CSV or CSV.gz, one row a measure"
        )
        parser.add_argument("--assessments", type=Path, required=True, help="CSV or CSV.gz, one row a plant")
        parser.add_argument("--output", type=Path, default=FILE, help="JSON file for the coefficients")
        parser.add_argument("--chart", type=Path, help="SVG file for the calibration curve")

    def handle(self, *args, **options):
        try:
            outcomes, states = read_outcomes(options["recommendations"], options["assessments"])
            result = fit(outcomes)
        except (AuditFileError, ValueError) as error:
            raise CommandError(str(error)) from error
        text = json.dumps(result.to_dict(SOURCE), indent=2) + "\n"
        options["output"].write_text(text, encoding="utf-8")
        self.stdout.write(f"{result.rows:,} measures, {result.overall:.1%} carried out")
        self.stdout.write("\n".join(table_lines(result)))
        groups = {"centre": outcomes.centres, "state": states, "year": outcomes.years}
        for name, values in groups.items():
            count, lowest, highest = spread(values, outcomes.is_done)
            self.stdout.write(f"by {name}: {count} with 200 measures or more, {lowest:.0%} to {highest:.0%}")
        if options["chart"]:
            chart = calibration_chart(result.qualities[0], overall=result.overall)
            options["chart"].write_text(chart, encoding="utf-8")
