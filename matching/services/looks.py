"""What is new on a list since a person last looked."""

from collections.abc import Iterable

from django.db.models import CharField, Count, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Cast, Coalesce, Concat, Trim

from catalog.models import Demand
from catalog.signals import MatchCount
from matching.enums import Side, Verdict
from matching.models import Feedback, LastLook, Recommendation


def match_counts(user, demand_ids: Iterable[int]) -> dict[int, MatchCount]:
    """Return for each demand how many technologies fit, how many are new to the user, how many are of interest."""
    demand_ids = list(demand_ids)
    seen = LastLook.objects.filter(user=user, demand=OuterRef("demand")).values("newest_seen")[:1]
    rows = (
        Recommendation.objects.current()
        .filter(demand__in=demand_ids, is_set_aside=False)
        # Listings of the same name and owner count once, as the list shows them.
        .annotate(
            seen=Coalesce(Subquery(seen), Value(0)),
            listing=Concat(
                Trim("technology__title"), Value("\n"), Trim("technology__owner_name"), Value("\n"),
                Coalesce(Cast("technology__organisation", CharField()), Value("")),
            ),
        )
        .order_by()
        .values("demand")
        .annotate(
            total=Count("listing", distinct=True),
            new=Count("listing", distinct=True, filter=Q(pk__gt=F("seen"))),
        )
    )  # fmt: skip
    interested = dict(
        Feedback.objects.filter(demand__in=demand_ids, side=Side.ENTERPRISE, verdict__in=Verdict.positive())
        .order_by()
        .values_list("demand")
        .annotate(count=Count("pk"))
    )
    counts = {pk: MatchCount(interested=count) for pk, count in interested.items()}
    for row in rows:
        pk = row["demand"]
        counts[pk] = MatchCount(row["total"], row["new"], interested.get(pk, 0))
    return counts


def look_at(demand: Demand, recommendations: Iterable[Recommendation], *, user) -> int:
    """Note that the user has seen these recommendations; return up to which key they had been seen before."""
    newest = max((recommendation.pk for recommendation in recommendations), default=0)
    look, is_first = LastLook.objects.get_or_create(user=user, demand=demand)
    before = look.newest_seen
    if newest > before:
        LastLook.objects.filter(pk=look.pk, newest_seen__lt=newest).update(newest_seen=newest)
    return newest if is_first else before
