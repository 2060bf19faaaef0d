"""Keep the reserve score of every public technology in step with both libraries and with the officials' weights.

Every function is idempotent. Energy is summed in Decimal and stored to a kilogram of standard coal; the score and its
factors are floats.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass
from decimal import Decimal

from django.db import transaction
from django.db.models import F, Sum
from wagtail.log_actions import log

from catalog.enums import Origin
from catalog.models import Demand, Technology
from catalog.models.demands import DemandEnergyUse
from matching.engine.reserve import reserve_score
from matching.models import Recommendation, ReserveScore, ReserveWeights
from matching.models.recommendations import MATCHED_SCORE

CHUNK = 500
ENERGY_STEP = Decimal("0.001")
YEARS_STEP = Decimal("0.01")
FIGURES = (
    "potential_tce",
    "penetration_now",
    "penetration_in_5_years",
    "evidence",
    "payback_years",
    "needs",
    "needs_measured",
    "needs_typical",
)
LOG_ACTION = "matching.reserve_weights"


@dataclass(frozen=True, slots=True)
class Standing:
    """One line of a preview: a technology's place with other weights and the one it has now, None for none."""

    row: ReserveScore
    rank: int
    score: float | None
    former_rank: int | None

    @property
    def rise(self) -> int | None:
        """Return by how many places it would rise; negative when it falls, None when it had no place."""
        return None if self.former_rank is None else self.former_rank - self.rank

    @property
    def fall(self) -> int | None:
        """Return by how many places it would fall."""
        return None if self.rise is None else -self.rise


def recompute_reserve() -> int:
    """Compute every score anew and drop those of technologies that are no longer public; return their number."""
    ReserveScore.objects.exclude(technology__in=Technology.objects.public()).delete()
    return _refresh(Technology.objects.public().order_by("pk").values_list("pk", flat=True))


def refresh_reserve(technology_ids: Iterable[int]) -> int:
    """Compute the scores of some technologies anew; drop those that are no longer public."""
    ids = set(technology_ids)
    public = set()
    for chunk in _chunks(sorted(ids)):
        public.update(Technology.objects.public().filter(pk__in=chunk).values_list("pk", flat=True))
    for chunk in _chunks(sorted(ids - public)):
        ReserveScore.objects.filter(technology__in=chunk).delete()
    return _refresh(sorted(public))


def listed_technologies(demand_ids: Iterable[int]) -> set[int]:
    """Return the technologies that are matched with any of the demands."""
    found = Recommendation.objects.filter(demand__in=list(demand_ids), score__gte=MATCHED_SCORE)
    return set(found.values_list("technology", flat=True))


@transaction.atomic
def change_weights(weights: ReserveWeights, *, user) -> None:
    """Store other weights and note in the log who changed what; `rescore` then brings the scores in step."""
    before = ReserveWeights.current().numbers()
    weights.pk = 1
    weights.save()
    after = weights.numbers()
    log(instance=weights, action=LOG_ACTION, user=user, data={"before": before, "after": after})


def rescore() -> None:
    """Compute every score from the stored figures with the stored weights."""
    numbers = ReserveWeights.current().numbers()
    changed = []
    for row in ReserveScore.objects.order_by("pk").iterator(chunk_size=CHUNK):
        _set_score(row, numbers)
        changed.append(row)
    ReserveScore.objects.bulk_update(changed, ["score", "factors"], batch_size=200)


def preview(weights: ReserveWeights, *, top: int = 20) -> list[Standing]:
    """Return the first technologies as other weights would order them, without storing anything."""
    numbers = weights.numbers()
    rows = list(ReserveScore.objects.current().best_first())
    former = {row.pk: place for place, row in enumerate(rows, start=1) if row.score is not None}
    scores = {row.pk: reserve_score(row.figures(), numbers)[0] for row in rows}
    rows.sort(key=lambda row: (scores[row.pk] is None, -(scores[row.pk] or 0), row.pk))
    first = rows[:top]
    titles = Technology.objects.in_bulk([row.pk for row in first])
    for row in first:
        row.technology = titles[row.pk]
    return [
        Standing(row, place, scores[row.pk], former.get(row.pk)) for place, row in enumerate(first, start=1)
    ]


def ranks() -> dict[int, int]:
    """Return the place of every public technology that has a score."""
    ordered = ReserveScore.objects.current().filter(score__isnull=False).best_first()
    return {pk: place for place, pk in enumerate(ordered.values_list("pk", flat=True), start=1)}


def _refresh(technology_ids: Iterable[int]) -> int:
    numbers = ReserveWeights.current().numbers()
    count = 0
    for chunk in _chunks(list(technology_ids)):
        rows = _rows(chunk)
        for row in rows:
            _set_score(row, numbers)
        ReserveScore.objects.bulk_create(
            rows,
            batch_size=200,
            update_conflicts=True,
            unique_fields=["technology"],
            update_fields=[*FIGURES, "score", "factors", "computed_at"],
        )
        count += len(rows)
    return count


def _rows(technology_ids: list[int]) -> list[ReserveScore]:
    """Return unsaved rows with the figures of some technologies, in four queries."""
    matched = defaultdict(list)
    pairs = Recommendation.objects.filter(
        technology__in=technology_ids,
        score__gte=MATCHED_SCORE,
        has_conflict=False,
        demand__in=Demand.objects.public(),
        demand__closed_at=None,
    )
    for technology, demand in pairs.values_list("technology", "demand").order_by("technology", "demand"):
        matched[technology].append(demand)
    uses = annual_uses({demand for demands in matched.values() for demand in demands})
    rows = []
    for technology in Technology.objects.filter(pk__in=technology_ids).order_by("pk"):
        needs = matched[technology.pk]
        potential, measured, typical = potential_of(
            middle(technology.saving_rate_min, technology.saving_rate_max),
            middle(technology.annual_saving_min_tce, technology.annual_saving_max_tce),
            [uses.get(demand) for demand in needs],
        )
        payback = middle(technology.payback_min_years, technology.payback_max_years)
        is_reference = technology.origin == Origin.REFERENCE
        rows.append(
            ReserveScore(
                technology_id=technology.pk,
                potential_tce=None if potential is None else potential.quantize(ENERGY_STEP),
                penetration_now=technology.penetration_now,
                penetration_in_5_years=technology.penetration_in_5_years,
                # Nobody stands behind the typical values of a reference entry, so its evidence is unknown.
                evidence="" if is_reference else technology.evidence_level,
                payback_years=None if payback is None else payback.quantize(YEARS_STEP),
                needs=len(needs),
                needs_measured=measured,
                needs_typical=typical,
            )
        )
    return rows


def potential_of(
    rate: Decimal | None, typical_tce: Decimal | None, annual_uses: Iterable[Decimal | None]
) -> tuple[Decimal | None, int, int]:
    """Return the expected saving in tce a year, and for how many needs it rests on own and on typical figures.

    For each need the annual use of its system times the saving rate, else the saving of a typical project; without
    any need that can be counted, one typical project. None when nothing of this is known.

    >>> potential_of(Decimal("0.1"), Decimal(50), [Decimal(2000), None])
    (Decimal('250.0'), 1, 1)
    >>> potential_of(None, Decimal(50), []), potential_of(Decimal("0.1"), None, [None])
    ((Decimal('50'), 0, 0), (None, 0, 0))
    """
    total, measured, typical = Decimal(0), 0, 0
    for use in annual_uses:
        if use is not None and rate is not None:
            total, measured = total + use * rate, measured + 1
        elif typical_tce is not None:
            total, typical = total + typical_tce, typical + 1
    if measured or typical:
        return total, measured, typical
    return typical_tce, 0, 0


def annual_uses(demand_ids: Iterable[int]) -> dict[int, Decimal]:
    """Return what the system in question uses a year in tce, where the demand says it: in total, else by carrier."""
    ids = list(demand_ids)
    found = dict(
        DemandEnergyUse.objects.filter(demand__in=ids, carrier__tce_per_unit__isnull=False)
        .values("demand")
        .annotate(tce=Sum(F("annual_amount") * F("carrier__tce_per_unit")))
        .values_list("demand", "tce")
    )
    stated = Demand.objects.filter(pk__in=ids, annual_use_tce__isnull=False)
    return found | dict(stated.values_list("pk", "annual_use_tce"))


def middle(low: Decimal | None, high: Decimal | None) -> Decimal | None:
    """Return the middle of a range, the one end that is known, or None."""
    if low is None or high is None:
        return high if low is None else low
    return (low + high) / 2


def _set_score(row: ReserveScore, numbers: Mapping[str, float]) -> None:
    row.score, factors = reserve_score(row.figures(), numbers)
    row.factors = [asdict(each) for each in factors]


def _chunks(ids: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(ids), CHUNK):
        yield ids[start : start + CHUNK]
