"""Feedback of invented enterprises in the database, with a hidden preference or none."""

from datetime import date

from accounts.models import Organisation
from catalog.models import Demand, Technology
from matching.engine import ENGINE_VERSION
from matching.engine.model import shipped_model
from matching.models import Feedback
from tests.conftest import credit_code
from tests.matching.engine.test_learning import simulated

ORGANISATIONS = 25


def store_feedback(user, *, seed=1, hidden=None, count=300, **fields):
    """Store one word for each simulated judgement: a demand for each enterprise, each with the same technologies."""
    rows = simulated(seed, hidden=hidden, count=count, organisations=ORGANISATIONS)
    offset = Organisation.objects.count()
    firms = Organisation.objects.bulk_create(
        [
            Organisation(name=f"模拟单位{offset + n}", credit_code=credit_code(500 + offset + n), is_enterprise=True)
            for n in range(ORGANISATIONS)
        ]
    )  # fmt: skip
    demands = [Demand.objects.create(title=f"模拟需求{firm.pk}", organisation=firm) for firm in firms]
    technologies = [
        Technology.objects.create(title=f"模拟技术{offset}-{n}") for n in range(count // ORGANISATIONS)
    ]
    words = [
        Feedback(
            demand=demands[row.organisation],
            technology=technologies[number // ORGANISATIONS],
            user=user,
            **_word(row.is_wanted, number),
            parts=[{"name": name, "value": value, "weight": 0.1, "contribution": 0} for name, value in row.values.items()],
            rank=row.rank,
            score=0.5,
            engine_version=f"{ENGINE_VERSION}/{shipped_model().version}",
            **fields,
        )
        for number, row in enumerate(rows)
    ]  # fmt: skip
    return Feedback.objects.bulk_create(words)


def _word(is_wanted, number):
    if not is_wanted:
        return {"verdict": "refused", "reason_code": "cost"}
    if number % 10 == 0:
        return {"verdict": "implemented", "implemented_on": date(2026, 1, 5)}
    return {"verdict": "interested"}
