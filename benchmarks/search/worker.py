"""One database with its engines, asked over its own input and output, so that several can take turns."""

import json
import sys
import time
from contextlib import ExitStack
from math import ceil
from pathlib import Path

from django.core.management import call_command
from django.db import OperationalError, connection
from django.db.models import Count, Q
from django.utils.module_loading import import_string
from modelsearch.query import Phrase

from benchmarks.search.listings import KIND, read
from catalog.models import Technology
from search import backend
from search.columns import columns_of
from search.embedded import EmbeddedEngine
from search.engine import Filters, Query
from search.splitting import split
from search.text import index_text

PAGE = 20
_AT_ONCE = 2_000
_FACETS = ("origin", "evidence_level")


class Stock(backend.StockBackend):
    """modelsearch's own backend over the split text, without which it finds no Chinese word."""

    index_class = backend.Index


class Worker:
    """Fills and asks the engines of one database."""

    def __init__(self, name: str, stack: ExitStack):
        self.engine = EmbeddedEngine()
        if name == "elasticsearch":
            self.engine = stack.enter_context(import_string("search.elastic_scratch.elastic_scratch")())
        self.size = 0

    def fill(self, folder: str, count: int, is_stock: bool) -> dict:
        """Index further listings, up to `count`; return seconds of wall and processor, for the engine and for the stock backend."""
        figures = {"wall": 0.0, "processor": 0.0, "stock_wall": 0.0, "number": count - self.size}
        seen = 0
        waiting = []
        for part in read(Path(folder), count):
            seen += len(part)
            waiting += part if seen > self.size else []
            if len(waiting) < _AT_ONCE and seen < count:
                continue
            documents, waiting = waiting, []
            wall, processor = time.perf_counter(), time.process_time()
            self.engine.add(documents)
            figures["wall"] += time.perf_counter() - wall
            figures["processor"] += time.process_time() - processor
            if is_stock:
                wall = time.perf_counter()
                rows = [
                    Technology(
                        pk=one.object_id, title=one.title[:200], summary=one.summary, principle=one.body, scope=one.terms,
                        evidence_level=dict(one.facets)["evidence"][:12], live=True,
                    )
                    for one in documents
                ]  # fmt: skip
                Technology.objects.bulk_create(rows)
                Stock({}).get_index_for_model(Technology).add_items(Technology, rows)
                figures["stock_wall"] += time.perf_counter() - wall
        self.size = count
        if connection.vendor == "postgresql":
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
        return figures

    def ask(self, text: str, filters: dict, page: int = 1) -> dict:
        """Ask the engine: hits, all counts and a page."""
        accepted = Filters({name: frozenset(values) for name, values in filters.items()})
        query = Query(KIND, text, accepted, page=page, page_size=PAGE)
        processor, wall = time.process_time(), time.perf_counter()
        results = self.engine.search(query)
        wall, processor = time.perf_counter() - wall, time.process_time() - processor
        return {"ms": wall * 1e3, "processor_ms": processor * 1e3, "total": results.total}

    def stock(self, text: str, seconds: float) -> dict:
        """Ask modelsearch's backend for a page by relevance, the number of hits and two facets; give up after some seconds."""
        wanted = Phrase(index_text(text))

        def asked():
            results = Stock({}).search(wanted, Technology.objects.all())
            list(results[:PAGE])
            for name in _FACETS:
                results.facet(name)
            return results.count()

        return self._timed(asked, seconds)

    def icontains(self, text: str, seconds: float) -> dict:
        """Ask the tables themselves: a page, the number of hits and two facets."""

        def asked():
            conditions = [Q(**{f"{name}__icontains": text}) for name in ("title", "summary", "principle", "scope")]  # fmt: skip
            found = Technology.objects.filter(conditions[0] | conditions[1] | conditions[2] | conditions[3])
            list(found.order_by("-pk")[:PAGE])
            for name in _FACETS:
                list(found.order_by().values(name).annotate(number=Count("pk")))
            return found.count()

        return self._timed(asked, seconds)

    def _timed(self, asked, seconds: float) -> dict:
        deadline, start = time.monotonic() + seconds, time.perf_counter()
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(lambda: time.monotonic() > deadline, 100_000)
        else:
            with connection.cursor() as cursor:
                cursor.execute(f"SET statement_timeout = {ceil(seconds * 1e3)}")
        total, is_stopped = 0, False
        try:
            total = asked()
        except OperationalError:
            is_stopped = True
        if connection.vendor == "sqlite":
            connection.connection.set_progress_handler(None, 0)
        else:
            with connection.cursor() as cursor:
                cursor.execute("SET statement_timeout = 0")
        return {"ms": (time.perf_counter() - start) * 1e3, "total": total, "is_stopped": is_stopped}

    def memory(self) -> dict:
        """Return the bytes of what is held in memory for the kind, and of the database."""
        columns = columns_of(KIND)
        arrays = [value for value in vars(columns).values() if hasattr(value, "nbytes")]
        arrays += [*columns.numbers.values(), columns.titles.stream, *columns.titles._places]
        return {"arrays": sum(array.nbytes for array in arrays)}

    def warm(self) -> dict:
        """Read everything anew, as a process does for its first search, and return how long that took."""
        columns_of.__globals__["_held"].clear()
        split([""])
        return {"ms": self.ask("", {})["ms"]}


def main() -> None:
    """Answer requests, one JSON object a line, until the input ends."""
    answers = sys.stdout
    sys.stdout = sys.stderr
    with ExitStack() as stack:
        call_command("migrate", verbosity=0)
        worker = Worker(sys.argv[1], stack)
        for line in sys.stdin:
            request = json.loads(line)
            answer = getattr(worker, request.pop("do"))(**request)
            print(json.dumps(answer), file=answers, flush=True)
