"""Run one process of the platform in the foreground, for a container or a service manager."""

import os

from django.core.management.base import BaseCommand

from marketplace.processes import environment_of, processes


class Command(BaseCommand):
    requires_system_checks = []
    help = "Run web, worker or scheduler in the foreground, in place of this command."

    def add_arguments(self, parser):
        parser.add_argument("name", choices=["web", "worker", "scheduler"])

    def handle(self, *args, name, **options):
        process = processes()[name]
        os.execvpe(process.arguments[0], process.arguments, environment_of(process))
