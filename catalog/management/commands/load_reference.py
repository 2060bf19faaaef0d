"""Load trees, coefficients, duties, the review workflow and the reference library."""

from django.core.management.base import BaseCommand

from catalog.services.reference import load_reference


class Command(BaseCommand):
    help = "Load industries, areas, energy systems, carriers, official duties and the reference library (repeatable)."

    def handle(self, *args, **options):
        self.stdout.write(f"Reference data created or updated: {load_reference()}")
