"""Measure search on listings and queries from files, in a scratch index."""

import json
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from catalog.csv_files import FileError
from search.enums import Store
from search.evaluation import answers, read_listings, read_questions, summary, table

_SCRATCH = {
    Store.EMBEDDED: "search.scratch.embedded_scratch",
    # Named, not imported: the client takes most of a second to load.
    "elasticsearch": "search.elastic_scratch.elastic_scratch",
}


class Command(BaseCommand):
    help = "Print recall, precision, MRR and nDCG@10 of search for each kind of query; the site's index is not touched."

    def add_arguments(self, parser):
        parser.add_argument("--listings", type=Path, required=True, help="CSV: id, title, text")
        parser.add_argument(
            "--queries", type=Path, required=True, help="CSV: query, expected (ids separated by spaces), kind"
        )
        parser.add_argument("--engine", choices=list(_SCRATCH), default=Store.EMBEDDED)
        parser.add_argument("--json", action="store_true", help="print one JSON object")

    def handle(self, *args, listings, queries, engine, **options):
        if engine != Store.EMBEDDED and not settings.ELASTICSEARCH_URL:
            raise CommandError(_("未设置 ELASTICSEARCH_URL，无法使用 Elasticsearch。"))
        try:
            documents = read_listings(listings)
            questions = read_questions(queries, documents)
        except FileError as error:
            raise CommandError(str(error)) from error
        try:
            with import_string(_SCRATCH[engine])() as scratch:
                scratch.add(documents.values())
                kinds, everything = summary(answers(scratch, documents, questions))
        except ConnectionError as error:
            raise CommandError(_("Elasticsearch 没有完成测量：%(error)s") % {"error": error}) from error
        if not options["json"]:
            self.stdout.write(table(kinds, everything))
            return
        figures = {"kinds": {kind: asdict(each) for kind, each in kinds.items()}, "all": asdict(everything)}
        content = {"engine": str(engine), "listings": len(documents)} | figures
        self.stdout.write(json.dumps(content, ensure_ascii=False))
