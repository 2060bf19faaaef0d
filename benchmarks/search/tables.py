"""What was measured, and the tables in Markdown."""

import os
import platform
from collections import defaultdict
from dataclasses import dataclass, field

import numpy as np

EVERYTHING = "all of these"


@dataclass
class Timings:
    """What was measured at one size: answers by group and engine, slow ways by name, and filling."""

    size: int
    answers: dict[str, dict[str, list[dict]]] = field(
        default_factory=lambda: defaultdict(lambda: defaultdict(list))
    )
    slow: dict[str, list[dict]] = field(default_factory=lambda: defaultdict(list))
    filled: dict[str, dict] = field(default_factory=dict)
    held: int = 0
    first_ms: float = 0.0

    def add(self, group: str, engine: str, answer: dict) -> None:
        """Take in an answer."""
        self.answers[group][engine].append(answer)

    def add_slow(self, way: str, answer: dict) -> None:
        """Take in an answer of one of the ways that are only asked for a few words."""
        self.slow[way].append(answer)


def report(timings: Timings) -> str:
    """Return the tables of one size."""
    load = os.getloadavg()[1]
    names = list(timings.filled)
    lines = [
        f"**{timings.size:,} listings**, wall time in ms of the engine with all counts and a page of 20, p50 / p99 "
        f"({os.cpu_count()} processors, {platform.machine()}, {load:.1f} processes wanted to run in the mean); "
        "for SQLite also the processor's time:",
        "",
        "| queries | asked | hits, p50 | " + " | ".join(names) + " | SQLite, processor |",
        "| --- " * (4 + len(names)) + "|",
    ]
    groups = dict(timings.answers)
    groups[EVERYTHING] = {
        name: [one for group in timings.answers.values() for one in group[name]] for name in names
    }
    for group, engines in groups.items():
        if not engines.get("SQLite"):
            continue
        times = [_both([one["ms"] for one in engines[name]]) for name in names]
        hits = np.median([one["total"] for one in engines["SQLite"]])
        own = _both([one["processor_ms"] for one in engines["SQLite"]])
        lines.append(f"| {group} | {len(engines['SQLite'])} | {hits:,.0f} | {' | '.join(times)} | {own} |")
    lines += ["", "| filling | listings | per second | per second of this process's processor time | stock backend, per second |", "| --- " * 5 + "|"]  # fmt: skip
    for name, each in timings.filled.items():
        stock = f"{each['number'] / each['stock_wall']:,.0f}" if each["stock_wall"] else "–"
        lines.append(
            f"| {name} | {each['number']:,} | {each['number'] / each['wall']:,.0f} | "
            f"{each['number'] / each['processor']:,.0f} | {stock} |"
        )
    lines += ["", *_slow(timings), f"Held in memory by each process: {timings.held / 1e6:.1f} MB; the first search of a process, which reads it: {timings.first_ms:,.0f} ms."]  # fmt: skip
    return "\n".join(lines)


def _slow(timings: Timings) -> list[str]:
    lines = [
        "| words in 5 % of the listings | asked | median, ms | times ours |",
        "| --- | --- | --- | --- |",
    ]
    for way, answers in timings.slow.items():
        ours = "SQLite" if way.endswith("SQLite") else "PostgreSQL"
        median = np.median([one["ms"] for one in answers])
        times = median / np.median([one["ms"] for one in timings.slow[ours]])
        more = "more than " if any(one.get("is_stopped") for one in answers) else ""
        lines.append(f"| {way} | {len(answers)} | {more}{median:,.1f} | {more}{times:,.1f} |")
    return [*lines, ""]


def _both(values: list[float]) -> str:
    return f"{np.percentile(values, 50):,.1f} / {np.percentile(values, 99):,.1f}"
