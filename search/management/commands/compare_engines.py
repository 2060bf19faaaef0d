"""Ask Elasticsearch and the embedded index the same, and say how far they agree."""

import csv
import json
from collections import defaultdict
from pathlib import Path
from statistics import mean

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError
from django.utils.module_loading import import_string

from search.agreement import Agreement, agreement
from search.embedded import EmbeddedEngine
from search.engine import Engine, Query
from search.enums import Kind

DEEPEST = 500


class Command(BaseCommand):
    help = "用同一组查询比较 Elasticsearch 与内置索引：命中集合是否一致，排序是否接近。"

    def add_arguments(self, parser):
        parser.add_argument("queries", type=Path, help="CSV，含 query 列，可含 kind 列（查询类别）")
        parser.add_argument("--library", choices=Kind.values, default=Kind.TECHNOLOGY)
        parser.add_argument("--json", action="store_true")

    def handle(self, queries, library, **options):
        engine = settings.ELASTICSEARCH_URL and import_string("search.fallback.reliable_engine")()
        if not engine:
            raise CommandError(
                "Elasticsearch is not ready: set ELASTICSEARCH_URL and run rebuild_search first."
            )
        found = defaultdict(list)
        with queries.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                embedded, elastic = (_found(one, library, row["query"]) for one in (EmbeddedEngine(), engine))
                result = agreement(embedded, elastic)
                found[row.get("kind") or "all"].append(result)
                if not result.is_same_set:
                    difference = sorted(set(embedded) ^ set(elastic))
                    self.stderr.write(f"{row['query']}: found by one engine only: {difference}")
        figures = {kind: _figures(results) for kind, results in found.items()}
        figures["all queries"] = _figures([result for results in found.values() for result in results])
        if options["json"]:
            self.stdout.write(json.dumps(figures, ensure_ascii=False, indent=2))
            return
        self.stdout.write("| queries | number | same set | overlap of first ten | Kendall tau |")
        self.stdout.write("| --- | --- | --- | --- | --- |")
        for kind, of in figures.items():
            self.stdout.write(
                f"| {kind} | {of['number']} | {of['same_set']:.3f} | {of['overlap']:.3f} | {of['tau']:.3f} |"
            )


def _found(engine: Engine, library: str, text: str) -> list[int]:
    return [hit.object_id for hit in engine.search(Query(library, text, page_size=DEEPEST)).hits]


def _figures(results: list[Agreement]) -> dict[str, float]:
    return {
        "number": len(results),
        "same_set": mean(result.is_same_set for result in results),
        "overlap": mean(result.overlap for result in results),
        "tau": mean(result.tau for result in results),
    }
