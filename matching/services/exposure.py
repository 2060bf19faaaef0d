"""Measure who is shown how much, and keep the rules for it."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import timedelta
from statistics import median

from django.db import transaction
from django.db.models import Count, Q, Sum
from django.utils import timezone
from wagtail.log_actions import log

from accounts.models import Organisation
from catalog.models import Demand, Technology
from matching.engine.fairness import gini, position_weight
from matching.enums import Audience
from matching.models import FairnessSettings, ListingStanding, PushItem, Recommendation

FIRST = 10
PUSH_PERIOD = timedelta(days=90)
LOG_ACTION = "matching.fairness"
STANDING_FIELDS = ["lists", "first_ten", "exposure", "median_score", "best_score", "measured_at"]


@transaction.atomic
def measure_exposure() -> int:
    """Measure anew how every technology stands in the lists ordered by score alone; return how many are listed.

    Counted are public demands and entries without a broken hard condition.
    """
    scores, ranks = defaultdict(list), defaultdict(list)
    rank, demand = 0, None
    for demand_id, technology_id, score in (
        _shown_rows()
        .values_list("demand", "technology", "base_score")
        .order_by("demand", "-base_score", "technology")
    ):
        rank, demand = (rank + 1, demand) if demand_id == demand else (1, demand_id)
        scores[technology_id].append(score)
        ranks[technology_id].append(rank)
    now = timezone.now()
    rows = [
        ListingStanding(
            technology_id=pk,
            lists=len(own),
            first_ten=sum(place <= FIRST for place in ranks[pk]),
            exposure=sum(map(position_weight, ranks[pk])),
            median_score=median(own),
            best_score=max(own),
            measured_at=now,
        )
        for pk, own in sorted(scores.items())
    ]
    ListingStanding.objects.all().delete()
    ListingStanding.objects.bulk_create(rows, batch_size=500)
    return len(rows)


def natural_shares() -> dict[int, float]:
    """Return the share of each supplier in the exposure of all suppliers, in the order by score alone."""
    sums = (
        ListingStanding.objects.filter(technology__organisation__isnull=False)
        .values_list("technology__organisation")
        .annotate(total=Sum("exposure"))
    )
    return _shares(dict(sums))


@dataclass(frozen=True, slots=True)
class SupplierExposure:
    """How much of the exposure one supplier has; shares are 0 to 1, `pushed` None where nothing was sent."""

    supplier: Organisation
    listings: int
    entries: int
    by_score: float
    shown: float
    pushed: float | None
    is_over: bool

    @property
    def by_score_percent(self):
        return f"{100 * self.by_score:.1f}"

    @property
    def shown_percent(self):
        return f"{100 * self.shown:.1f}"

    @property
    def pushed_percent(self):
        return f"{100 * (self.pushed or 0):.1f}"


@dataclass(frozen=True, slots=True)
class Exposure:
    """The spread over all suppliers; Gini of the exposure by score and as shown, NaN where there is none."""

    suppliers: list[SupplierExposure]
    gini_by_score: float
    gini_shown: float


def exposure_report(rules: FairnessSettings) -> Exposure:
    """Return how the exposure is spread now, largest share first, in a fixed number of queries."""
    shown, entries = defaultdict(float), defaultdict(int)
    for supplier, rank, count in (
        _shown_rows()
        .filter(technology__organisation__isnull=False, is_set_aside=False)
        .values_list("technology__organisation", "rank")
        .annotate(count=Count("pk"))
        .order_by()
    ):
        shown[supplier] += count * position_weight(rank)
        entries[supplier] += count
    natural, actual, pushed = natural_shares(), _shares(shown), _shares(_pushed())
    known = Organisation.objects.filter(
        pk__in=Technology.objects.public().filter(organisation__isnull=False).values("organisation")
    ).annotate(listings=Count("technologies", filter=Q(technologies__in=Technology.objects.public())))
    cap = None if rules.largest_share is None else float(rules.largest_share) / 100
    suppliers = [
        SupplierExposure(
            supplier,
            supplier.listings,
            entries[supplier.pk],
            natural.get(supplier.pk, 0.0),
            actual.get(supplier.pk, 0.0),
            pushed.get(supplier.pk, 0.0) if pushed else None,
            cap is not None and natural.get(supplier.pk, 0.0) > cap,
        )
        for supplier in known
    ]
    suppliers.sort(key=lambda each: (-each.shown, -each.by_score, each.supplier.name))
    return Exposure(
        suppliers, gini([each.by_score for each in suppliers]), gini([each.shown for each in suppliers])
    )


@transaction.atomic
def change_rules(rules: FairnessSettings, *, before: dict, user) -> None:
    """Store other rules and note in the log who changed what; lists follow when they are computed anew."""
    rules.pk = 1
    rules.save()
    log(instance=rules, action=LOG_ACTION, user=user, data={"before": before, "after": rule_values(rules)})


def rule_values(rules: FairnessSettings) -> dict[str, float | bool | None]:
    """Return the rules as JSON-able values."""
    fields = [field.name for field in rules._meta.concrete_fields if field.name not in {"id", "changed_at"}]
    values = {name: getattr(rules, name) for name in fields}
    return {
        name: value if isinstance(value, bool | int | None) else float(value)
        for name, value in values.items()
    }


def _shown_rows():
    return Recommendation.objects.current().filter(has_conflict=False, demand__in=Demand.objects.public())


def _pushed() -> dict[int, float]:
    """Return the exposure of each supplier in what enterprises were sent lately: by place in each person's notice."""
    exposure, place = defaultdict(float), defaultdict(int)
    sent = PushItem.objects.filter(
        audience=Audience.ENTERPRISE,
        sent_at__gte=timezone.now() - PUSH_PERIOD,
        technology__organisation__isnull=False,
    )
    for push, recipient, supplier in sent.order_by("push", "recipient", "-score", "pk").values_list(
        "push", "recipient", "technology__organisation"
    ):
        place[push, recipient] += 1
        exposure[supplier] += position_weight(place[push, recipient])
    return exposure


def _shares(sums: dict[int, float]) -> dict[int, float]:
    total = sum(sums.values())
    return {key: value / total for key, value in sums.items()} if total else {}
