"""``python -m benchmarks.matching``: measure, print, and write the table and the plot into the docs."""

import argparse
import os
import re
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

# One thread for linear algebra in every engine, so that their own threads are what is compared.
os.environ.setdefault("OMP_NUM_THREADS", "1")

from benchmarks.matching import stored
from benchmarks.matching.corpora import invented, real
from benchmarks.matching.drawing import draw
from benchmarks.matching.engines import ENGINES, THREADS
from benchmarks.matching.measuring import Timing, measure, shared_memory
from benchmarks.matching.whole import Figures, measured_alone
from matching.engine.postings import compile_kernels

DOCS = Path(__file__).resolve().parents[2] / "docs"
START, END = "<!-- benchmarks: start -->", "<!-- benchmarks: end -->"
SIZES = (1_000, 10_000, 100_000)


def main() -> None:
    """Run what the options ask for."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.matching", description=__doc__)
    parser.add_argument("--sizes", type=int, nargs="+", default=SIZES, help="technologies of the corpora")
    parser.add_argument(
        "--titles", type=Path, help="CSV with a column title or title_words, as a further corpus"
    )
    parser.add_argument("--needs", type=int, default=2_000, help="needs of a corpus")
    parser.add_argument("--rounds", type=int, default=5, help="rounds of alternating measurements")
    parser.add_argument(
        "--whole", type=int, nargs="*", default=(1_000, 10_000), help="sizes for the whole matcher"
    )
    parser.add_argument("--stored", type=int, nargs=2, metavar=("T", "N"), help="store lists for T × N")
    parser.add_argument("--no-docs", action="store_true", help="print only")
    options = parser.parse_args()
    compile_kernels()
    figures = stored.run(*options.stored) if options.stored else {}
    for name, value in figures.items():
        print(f"{name}: {value:,.1f}", flush=True)
    whole = []
    for size in options.whole:
        whole.append(measured_alone(size))
        print(whole[-1], flush=True)
    timings: list[Timing] = []
    memory = None
    for size in options.sizes:
        corpus = invented(size, options.needs)
        print(f"{corpus.name}: {corpus.postings_per_need:,.0f} postings a need", flush=True)
        timings += _shown(measure(corpus, ENGINES, options.rounds))
        memory = shared_memory(corpus)
        print(f"stored lists in two processes: shared {memory[0]:,}, own {memory[1]:,} bytes", flush=True)
    if options.titles:
        timings += _shown(measure(real(options.titles, options.needs), ENGINES, options.rounds))
    if not options.no_docs:
        _write(timings, memory, whole, figures, options)


def _shown(timings: list[Timing]) -> list[Timing]:
    for each in timings:
        print(
            f"  {each.engine:30} one {each.one_median * 1e3:8.3f} ms  many {each.many_median * 1e3:8.3f} ms  "
            f"built in {each.build_seconds:6.1f} s  {each.byte_count / 1e6:6.0f} MB  differing {each.differing}",
            flush=True,
        )
    return timings


def _write(timings: Sequence[Timing], memory, whole: Sequence[Figures], figures, options) -> None:
    corpora: dict[str, list[Timing]] = defaultdict(list)
    for each in timings:
        corpora[each.corpus].append(each)
    lines = [START, ""]
    for name, rows in corpora.items():
        lines += _table(name, rows)
    if memory:
        lines += [
            f"Lists of the largest corpus mapped from disk by two processes: {memory[0] / 1e6:.0f} MB touched and "
            f"shared, {memory[1] / 1e6:.1f} MB of its own in each.",
            "",
        ]
    if whole:
        lines += _whole_table(whole)
    if figures:
        lines += _stored_table(figures, options.stored)
    lines.append(END)
    path = DOCS / "matching.md"
    text = path.read_text(encoding="utf-8")
    block = "\n".join(lines)
    if START in text:
        text = re.sub(f"{START}.*{END}", lambda _: block, text, flags=re.DOTALL)
    else:
        text = f"{text.rstrip()}\n\n{block}\n"
    path.write_text(text, encoding="utf-8")
    panels = {
        title: {
            engine.name: [
                (each.size, getattr(each, name) * 1e3)
                for each in timings
                if each.engine == engine.name and "invented" in each.corpus
            ]
            for engine in ENGINES
        }
        for title, name in (("One need at a time", "one_median"), ("A need in a long batch", "many_median"))
    }
    draw(DOCS / "images" / "matching-speed.svg", panels)


def _table(name: str, rows: Sequence[Timing]) -> list[str]:
    ours = rows[0]
    lines = [
        f"**{name}**, top 10, medians of {len(ours.many)} alternating rounds; one need in processor time, long batches by the clock with {THREADS} threads:",
        "",
        "| engine | one need, ms | times ours | many needs, ms each | times ours | built in, s | MB | differing lists |",
        "| --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each in rows:
        lines.append(
            f"| {each.engine} | {each.one_median * 1e3:.3f} | {each.one_median / ours.one_median:.1f} | "
            f"{each.many_median * 1e3:.3f} | {each.many_median / ours.many_median:.1f} | "
            f"{each.build_seconds:.2f} | {each.byte_count / 1e6:.0f} | {each.differing} |"
        )
    return [*lines, ""]


def _whole_table(whole: Sequence[Figures]) -> list[str]:
    lines = [
        "**The whole matcher**, text and all fields, top 50, medians of processor time:",
        "",
        "| technologies | built in, s | memory at most, MB | files, MB | mapped in, s | words of a need to vectors, ms | ranked by text, ms | "
        "ranked with all fields, ms | listed with reasons, ms | one change taken in, ms |",
        "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |",
    ]
    for each in whole:
        lines.append(
            f"| {each.size:,} | {each.build_seconds:.1f} | {each.peak_bytes / 1e6:.0f} | {each.file_bytes / 1e6:.0f} | {each.load_seconds:.2f} | "
            f"{each.words_ms:.2f} | {each.text_only_ms:.2f} | {each.all_fields_ms:.2f} | {each.listed_ms:.1f} | "
            f"{each.change_ms:.1f} |"
        )
    return [*lines, ""]


def _stored_table(figures, size) -> list[str]:
    lines = [
        f"**From text to stored lists**, {size[0]:,} technologies × {size[1]:,} needs, SQLite, one process, seconds:",
        "",
        "| step | clock | processor |",
        "| --- | --- | --- |",
    ]
    for name, value in figures.items():
        if f"{name}, processor" in figures:
            processor = figures[f"{name}, processor"]
            lines.append(f"| {name} | {value:.2f} | {processor:.2f} |")
    return [*lines, "", f"Rows stored: {figures['rows stored']:,}.", ""]


if __name__ == "__main__":
    main()
