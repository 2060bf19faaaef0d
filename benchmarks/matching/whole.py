"""The whole matcher on invented libraries: text and structure together, with and without reasons."""

import random
import resource
import statistics
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

import numpy as np

from benchmarks.matching.corpora import SEED
from benchmarks.matching.sentences import passages, sentences
from matching.engine import storage
from matching.engine.index import MatchIndex
from matching.engine.postings import compile_kernels
from matching.engine.profiles import Condition, DemandProfile, Range, TechnologyProfile
from matching.engine.segment import Queries
from matching.engine.selection import Limits, select

SYSTEMS = [
    "boiler",
    "steam",
    "waste_heat",
    "kiln",
    "drying",
    "compressed_air",
    "motor",
    "pump_fan",
    "cooling_water",
    "refrigeration",
    "building",
    "lighting",
    "power_supply",
    "monitoring",
    "process",
    "water",
]
CARRIERS = ["electricity", "natural_gas", "coal", "steam", "heat", "water"]
QUANTITIES = ["heat_source_temperature_c", "power_kw", "area_m2", "steam_flow_t_h", "pressure_mpa"]
INDUSTRIES = [
    f"C{division}{group}{kind}"
    for division in range(13, 44)
    for group in range(1, 7)
    for kind in (1, 2, 3, 4)
]
NEEDS = 60
LIMITS = Limits(50, 0.35, 0.1)


@dataclass(frozen=True)
class Figures:
    """Hold what was measured for one size; times are medians of one need, in milliseconds of one thread's
    processor time.

    ``peak_bytes`` is the most memory that the process held until the library was built and written.
    """

    size: int
    build_seconds: float
    peak_bytes: int
    file_bytes: int
    load_seconds: float
    words_ms: float
    text_only_ms: float
    all_fields_ms: float
    listed_ms: float
    change_ms: float


def library(size: int) -> list[TechnologyProfile]:
    """Return technologies with all fields."""
    chance = random.Random(SEED)
    titles, bodies = sentences(size, 4, SEED), passages(size, 5, SEED + 1)
    found = []
    for number in range(size):
        low = chance.uniform(1, 200)
        conditions = tuple(
            Condition(quantity, Range(low, low * chance.uniform(1.5, 10)), chance.random() < 0.6)
            for quantity in chance.sample(QUANTITIES, 2)
        )
        found.append(
            TechnologyProfile(
                number,
                titles[number],
                bodies[number],
                industries=tuple(chance.sample(INDUSTRIES, 3)),
                systems=tuple(chance.sample(SYSTEMS, chance.choice([1, 1, 2]))),
                carriers=tuple(chance.sample(CARRIERS, 2)),
                conditions=conditions,
                saving_rate=Range(0.05, 0.2),
                payback_years=Range(low / 50, low / 30),
                investment_cny=Range(1e5, 1e6 * low),
                evidence="catalogue",
            )
        )
    return found


def needs(*, has_fields: bool) -> list[DemandProfile]:
    """Return needs, of text alone or with every field."""
    chance = random.Random(SEED + 2)
    titles, bodies = sentences(NEEDS, 4, SEED + 3), passages(NEEDS, 3, SEED + 4)
    fields = [
        {
            "industries": (chance.choice(INDUSTRIES),),
            "systems": (chance.choice(SYSTEMS),),
            "carriers": (chance.choice(CARRIERS),),
            "quantities": {each: Range(50, 50) for each in chance.sample(QUANTITIES, 2)},
            "annual_use_tce": 3000,
            "target_saving_tce": 200,
            "budget_cny": 2e6,
            "max_payback_years": 3,
        }
        for _ in range(NEEDS)
    ]
    return [
        DemandProfile(number, titles[number], bodies[number], **(fields[number] if has_fields else {}))
        for number in range(NEEDS)
    ]


def measured_alone(size: int) -> Figures:
    """Measure a size in a process of its own, so that the memory counted is its own."""
    with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
        return pool.submit(measure_whole, size).result()


def measure_whole(size: int) -> Figures:
    """Build, store, load and ask a library of a size."""
    compile_kernels()
    technologies = library(size)
    build_seconds, index = _timed(lambda: MatchIndex.build(technologies))
    with tempfile.TemporaryDirectory() as name:
        version = storage.save(index, Path(name))
        file_bytes = sum(path.stat().st_size for path in version.iterdir())
        peak_bytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
        load_seconds, index = _timed(lambda: storage.load(Path(name)))
        words = statistics.median(
            _timed(lambda need=need: Queries.build(index.model, [need], index.ranking))[0]
            for need in needs(has_fields=False)
        )
        text_only = _selection_seconds(index, needs(has_fields=False))
        all_fields = _selection_seconds(index, needs(has_fields=True))
        listed = statistics.median(
            _timed(
                lambda need=need: index.rank(need, top=50, minimum_score=0.35, minimum_score_in_conflict=0.1)
            )[0]
            for need in needs(has_fields=True)[:20]
        )
        changes = []
        for number in range(20):
            index.replace(TechnologyProfile(f"new {number}", "空压机余热回收", "回收螺杆空压机油路热量"))
            changes.append(_timed(index._refresh)[0])
    ms = 1000
    return Figures(
        size,
        build_seconds,
        peak_bytes,
        file_bytes,
        load_seconds,
        words * ms,
        text_only * ms,
        all_fields * ms,
        listed * ms,
        statistics.median(changes) * ms,
    )


def _selection_seconds(index: MatchIndex, demands: list[DemandProfile]) -> float:
    queries = Queries.build(index.model, demands, index.ranking)
    is_open = np.ones(len(index.base.ids), dtype=bool)
    select(index.base, queries, 0, index.ranking, LIMITS, is_open)
    return statistics.median(
        _timed(lambda row=row: select(index.base, queries, row, index.ranking, LIMITS, is_open))[0]
        for row in range(len(demands))
    )


def _timed(work):
    start = time.process_time()
    result = work()
    return time.process_time() - start, result
