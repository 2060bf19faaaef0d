"""``python -m benchmarks.search``: fill every engine, ask them in turn, print, and write the tables into docs/search.md.

Needs DATABASE_URL of an empty PostgreSQL and ELASTICSEARCH_URL, see tools/with-postgres and tools/with-elasticsearch;
what is not there is left out.
"""

import argparse
import os
import random
import re
import tempfile
from pathlib import Path

from benchmarks.search import listings
from benchmarks.search.asking import Process, questions
from benchmarks.search.tables import Timings, report

DOCS = Path(__file__).resolve().parents[2] / "docs" / "search.md"
START, END = "<!-- benchmarks: start -->", "<!-- benchmarks: end -->"
SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.search", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="listings")
    parser.add_argument(
        "--rounds", type=int, default=3, help="rounds in which every engine is asked everything"
    )
    parser.add_argument("--stock-words", type=int, default=3, help="words that the slow ways are asked for")
    parser.add_argument("--seconds", type=float, default=60, help="after which a slow way is stopped")
    parser.add_argument("--corpus", type=Path, help="folder that keeps the listings for the next run")
    parser.add_argument("--no-docs", action="store_true", help="print only")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="benchmark-search-") as folder:
        corpus = options.corpus or Path(folder) / "corpus"
        corpus.mkdir(parents=True, exist_ok=True)
        listings.write(corpus, max(options.sizes))
        text = measure(Path(folder), corpus, options)
    if not options.no_docs:
        write(text)


def measure(folder: Path, corpus: Path, options: argparse.Namespace) -> str:
    """Return the tables of all sizes."""
    processes = {"SQLite": Process("embedded", folder / "sqlite", {})}
    if address := os.environ.get("DATABASE_URL"):
        processes["PostgreSQL"] = Process("embedded", folder / "postgresql", {"DATABASE_URL": address})
    if address := os.environ.get("ELASTICSEARCH_URL"):
        more = {"ELASTICSEARCH_URL": address, "ELASTICSEARCH_TIMEOUT_MS": "10000"}
        processes["Elasticsearch"] = Process("elasticsearch", folder / "elasticsearch", more)
    parts = []
    for size in options.sizes:
        timings = Timings(size)
        for name, process in processes.items():
            timings.filled[name] = process.ask(
                "fill", folder=str(corpus), count=size, is_stock=name != "Elasticsearch"
            )
            print(f"{size:,} {name}: {timings.filled[name]}", flush=True)
        timings.held = processes["SQLite"].ask("memory")["arrays"]
        timings.first_ms = processes["SQLite"].ask("warm")["ms"]
        asked = questions(processes["SQLite"], size, options.stock_words)
        for turn in range(options.rounds):
            order = [(group, one) for group, those in asked.items() for one in those]
            random.Random(turn).shuffle(order)
            for group, (text, filters) in order:
                for name, process in processes.items():
                    timings.add(group, name, process.ask("ask", text=text, filters=filters))
        words = [text for text, _filters in asked["other words in 5 %"]][: options.stock_words]
        for text in words:
            for name in [name for name in processes if name != "Elasticsearch"]:
                for way in ("stock", "icontains"):
                    answer = processes[name].ask(way, text=text, seconds=options.seconds)
                    timings.add_slow(f"{way} {name}", answer)
                timings.add_slow(name, processes[name].ask("ask", text=text, filters={}))
        parts.append(report(timings))
        print(parts[-1], flush=True)
    for process in processes.values():
        process.end()
    return "\n\n".join(parts)


def write(text: str) -> None:
    """Put the tables between the markers in the docs."""
    page = DOCS.read_text(encoding="utf-8")
    block = f"{START}\n\n{text}\n\n{END}"
    if START in page:
        page = re.sub(f"{START}.*{END}", lambda _: block, page, flags=re.DOTALL)
    else:
        page = f"{page.rstrip()}\n\n{block}\n"
    DOCS.write_text(page, encoding="utf-8")


main()
