"""From text to stored recommendations: the time of every step, in a database of its own."""

import os
import random
import tempfile
import time

import django
import numpy as np
from django.core.management import call_command

from benchmarks.matching.corpora import SEED
from benchmarks.matching.sentences import passages, sentences
from matching.engine.segment import Queries
from matching.engine.selection import Limits, select


def run(technology_count: int, demand_count: int) -> dict[str, float]:
    """Fill a new database, match everything with everything and return seconds by step."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(DATA_DIR=folder, DJANGO_SETTINGS_MODULE="marketplace.settings", TASKS_EAGER="1")
        for name in ("DATABASE_URL", "ELASTICSEARCH_URL", "REDIS_URL"):
            os.environ.pop(name, None)
        django.setup()
        return _run(technology_count, demand_count)


def _run(technology_count: int, demand_count: int) -> dict[str, float]:
    # Models can only be imported once the settings are known.
    from django.utils import timezone  # noqa: PLC0415

    from catalog.models import Demand, EnergySystem, Technology  # noqa: PLC0415
    from matching.models import Recommendation  # noqa: PLC0415
    from matching.profiles import demand_profiles  # noqa: PLC0415
    from matching.services import library, recommending  # noqa: PLC0415

    call_command("migrate", verbosity=0)
    rng = random.Random(SEED)
    systems = list(EnergySystem.objects.values_list("pk", flat=True)) or [None]
    now = timezone.now()
    titles, bodies = sentences(technology_count, 4, 1), passages(technology_count, 6, 2)
    Technology.objects.bulk_create(
        [
            Technology(
                title=title,
                summary=body,
                payback_min_years=1,
                payback_max_years=rng.randint(1, 8),
                confirmed_at=now,
            )
            for title, body in zip(titles, bodies, strict=True)
        ],
        batch_size=500,
    )
    needs, problems = sentences(demand_count, 4, 3), passages(demand_count, 3, 4)
    Demand.objects.bulk_create(
        [
            Demand(title=title, problem=problem, max_payback_years=rng.randint(1, 6))
            for title, problem in zip(needs, problems, strict=True)
        ],
        batch_size=500,
    )
    for model, through in ((Technology, Technology.systems.through), (Demand, Demand.systems.through)):
        if systems[0] is not None:
            field = model.__name__.lower() + "_id"
            through.objects.bulk_create(
                [
                    through(**{field: pk, "energysystem_id": rng.choice(systems)})
                    for pk in model.objects.values_list("pk", flat=True)
                ],
                batch_size=500,
            )
    figures: dict[str, float] = {}

    def matchable_profiles():
        return list(demand_profiles(recommending.matchable_demands()))

    def _score_all(profiles):
        library.prepare_for(len(profiles))
        with library.current_index() as index:
            is_open = np.ones(len(index.base.ids), dtype=bool)
            limits = Limits(50, recommending.LOWEST_SCORE, recommending.LOWEST_SCORE_IN_CONFLICT)
            for start in range(0, len(profiles), 64):
                queries = Queries.build(index.model, profiles[start : start + 64], index.ranking)
                for row in range(len(queries.demands)):
                    select(index.base, queries, row, index.ranking, limits, is_open)

    def timed(name, work):
        start, processor = time.perf_counter(), time.process_time()
        result = work()
        figures[name] = time.perf_counter() - start
        figures[f"{name}, processor"] = time.process_time() - processor
        return result

    timed("read the library, fit, index and write", library.rebuild_index)
    timed("words and scores of all needs alone", lambda: _score_all(matchable_profiles()))
    timed("match all needs and store the lists", recommending.update_all)
    figures["rows stored"] = Recommendation.objects.count()
    demand = Demand.objects.first()
    singles = [
        timed("one need for a page", lambda: recommending.recommend_for_demand(demand)) for _ in range(3)
    ]
    assert len(singles) == 3
    return figures
