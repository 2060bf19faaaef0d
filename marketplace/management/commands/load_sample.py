"""Load the sample organisations."""

import logging

from django.core.management.base import BaseCommand

from marketplace.sample import load_sample


class Command(BaseCommand):
    help = "Load invented organisations, people, technologies and demands (repeatable; needs load_reference)."

    def handle(self, *args, **options):
        # One line for each draft and publication would bury the log of the first start.
        logging.getLogger("wagtail").setLevel(logging.WARNING)
        self.stdout.write(f"Sample data created: {load_sample()}")
