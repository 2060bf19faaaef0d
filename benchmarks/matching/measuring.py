"""Take times that stand beside each other: every engine in turn, round after round."""

import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np

from benchmarks.matching.corpora import Corpus
from benchmarks.matching.engines import Engine, Neighbours, Ours, differing_lists

ONE_NEED_SECONDS = 1.0
BATCH_SECONDS = 4.0
LONGEST_BATCH = 2_000

SHARED_MEMORY = """
import sys, pathlib, numpy as np
from scipy import sparse
from matching.engine.postings import Postings
folder = pathlib.Path(sys.argv[1])
postings = Postings.restore(int(sys.argv[3]), {path.stem: np.load(path, mmap_mode="c") for path in folder.glob("*.npy")})
needs = sparse.load_npz(sys.argv[2])
postings.best_of(needs, 10)
print("ready", flush=True)
sys.stdin.readline()
shared = private = 0
inside = False
for line in pathlib.Path("/proc/self/smaps").read_text().splitlines():
    if "-" in line.split()[0] and not line.split()[0].endswith(":"):
        inside = str(folder) in line
    elif inside and line.startswith("Shared"):
        shared += int(line.split()[1])
    elif inside and line.startswith("Private_Dirty"):
        private += int(line.split()[1])
print(shared * 1024, private * 1024, flush=True)
sys.stdin.readline()
"""


@dataclass
class Timing:
    """Hold seconds per need of one engine on one corpus: every round's, of one need and of long batches."""

    engine: str
    corpus: str
    size: int
    build_seconds: float
    byte_count: int
    one: list[float] = field(default_factory=list)
    many: list[float] = field(default_factory=list)
    differing: int = 0

    @property
    def one_median(self) -> float:
        """Return the median over the rounds of one need at a time."""
        return statistics.median(self.one)

    @property
    def many_median(self) -> float:
        """Return the median over the rounds of a need in a long batch."""
        return statistics.median(self.many)


def measure(corpus: Corpus, engines: Sequence[type[Engine]], rounds: int) -> list[Timing]:
    """Time every engine on one corpus, alternating, and compare their lists with brute force."""
    held, timings = [], []
    for engine in engines:
        start = time.perf_counter()
        held.append(engine(corpus))
        elapsed = time.perf_counter() - start
        size = corpus.technologies.shape[0]
        timings.append(Timing(engine.name, corpus.name, size, elapsed, held[-1].byte_count))
    need_count = corpus.needs.shape[0]
    for each in held:
        each.one(0)
        each.many(2)
    estimates = [_seconds(lambda each=each: [each.one(need) for need in range(3)]) / 3 for each in held]
    for each in range(rounds):
        for engine, timing, estimate in _turned(list(zip(held, timings, estimates, strict=True)), each):
            count = max(3, min(200, int(ONE_NEED_SECONDS / estimate)))
            needs = [(each * 200 + step) % need_count for step in range(count)]
            timing.one.extend(
                _seconds(lambda e=engine, n=need: e.one(n), time.process_time) for need in needs
            )
    batches = [_batch_size(engine, need_count) for engine in held]
    for each in range(rounds):
        for engine, timing, batch in _turned(list(zip(held, timings, batches, strict=True)), each):
            timing.many.append(_seconds(lambda e=engine, b=batch: e.many(b)) / batch)
    reference = next(each for each in held if isinstance(each, Neighbours))
    checked = min(300, need_count)
    truth = reference.many(checked)
    for engine, timing in zip(held, timings, strict=True):
        timing.differing = differing_lists(truth, engine.many(checked))
        singles = [engine.one(need) for need in range(min(20, checked))]
        rows, scores = (np.array([each[place] for each in singles]) for place in (0, 1))
        timing.differing += differing_lists((truth[0][:20], truth[1][:20]), (rows, scores))
    return timings


def shared_memory(corpus: Corpus, processes: int = 2) -> tuple[int, int]:
    """Return bytes of our stored lists that processes hold in common, and those that one holds for itself."""
    # Not in the memory file system: there a page that nobody else maps counts as changed.
    with tempfile.TemporaryDirectory(dir=Path(__file__).parent) as name:
        folder = Path(name) / "lists"
        folder.mkdir()
        for array, values in Ours(corpus).postings.arrays().items():
            np.save(folder / f"{array}.npy", values)
        from_file = Path(name) / "needs.npz"
        np.savez(from_file, **_parts(corpus))
        running = [
            subprocess.Popen(
                [
                    sys.executable,
                    "-c",
                    SHARED_MEMORY,
                    str(folder),
                    str(from_file),
                    str(corpus.technologies.shape[0]),
                ],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                text=True,
            )
            for _ in range(processes)
        ]
        for each in running:
            each.stdout.readline()
        for each in running:
            each.stdin.write("\n")
            each.stdin.flush()
        figures = [each.stdout.readline().split() for each in running]
        for each in running:
            each.communicate("\n")
        return max(int(shared) for shared, _ in figures), max(int(private) for _, private in figures)


def _parts(corpus: Corpus) -> dict[str, np.ndarray]:
    needs = corpus.needs[:200]
    return {
        "format": np.array(b"csr"),
        "shape": np.array(needs.shape),
        "data": needs.data,
        "indices": needs.indices,
        "indptr": needs.indptr,
    }


def _seconds(work, clock=time.perf_counter) -> float:
    start = clock()
    work()
    return clock() - start


def _batch_size(engine: Engine, need_count: int) -> int:
    """Return how many needs an engine ranks within the time of a batch, so that the slow ones end as well."""
    trial = min(100, need_count)
    seconds = _seconds(lambda: engine.many(trial)) / trial
    return max(trial, min(LONGEST_BATCH, need_count, int(BATCH_SECONDS / seconds)))


def _turned(entries: list, by: int) -> list:
    by %= len(entries)
    return entries[by:] + entries[:by]
