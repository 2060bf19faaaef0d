"""Re-order lists for both sides, by the rules that officials set.

The rules read `ListingStanding`, measured on the order by score alone, never the order that they make: computing a
list again, or all of them, gives the same lists.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from django.db.models import Count, Q
from django.utils import timezone

from accounts.models import Area
from catalog.models import Demand, Technology
from matching.engine.fairness import (
    Entry,
    Move,
    fair_order,
    size_fit,
    specificity,
    supplier_view,
    willingness,
)
from matching.engine.index import Match
from matching.engine.reasons import FITS, UNKNOWN, Reason
from matching.enums import RefusalReason, Side, Verdict
from matching.models import FairnessSettings, Feedback, ListingStanding, SupplierTerms
from matching.models.recommendations import MATCHED_SCORE
from matching.services.exposure import natural_shares

HIGH, LOW = 0.6, 0.4
DRAWN_ON = {"size": "budget_cny", "region": "area"}
CODES = {"view": "order_view", "cap": "order_cap", "new": "order_new"}


def spread_fairly(demand_ids: Sequence[int], lists: Sequence[list[Match]]) -> list[list[Match]]:
    """Re-order the lists by the rules in force, and give every entry that a rule moved a reason that says so."""
    rules = FairnessSettings.current()
    lists = list(lists)
    if rules.is_idle or not any(lists):
        return lists
    facts = _Facts.load(demand_ids, lists, rules)
    return [
        _reorder(demand_id, matches, rules, facts)
        for demand_id, matches in zip(demand_ids, lists, strict=True)
    ]


def _reorder(demand_id: int, matches: list[Match], rules: FairnessSettings, facts: "_Facts") -> list[Match]:
    views = [facts.view(demand_id, match) if rules.uses_supplier_view else {} for match in matches]
    entries = [
        Entry(
            match.technology_id,
            match.score,
            tier_of(match),
            facts.suppliers.get(match.technology_id),
            supplier_view(**view),
            match.technology_id in facts.new,
        )
        for match, view in zip(matches, views, strict=True)
    ]
    order, moves = fair_order(
        entries,
        shares=facts.shares,
        largest_share=None if rules.largest_share is None else float(rules.largest_share) / 100,
        near=float(rules.near_points) / 100,
        new_margin=float(rules.new_margin_points) / 100,
    )
    return [_explained(matches[place], moves.get(place, ()), views[place], rules) for place in order]


def tier_of(match: Match) -> int:
    """Return 0 for a sure match, 1 for others, 2 with a broken hard condition."""
    if any(reason.is_hard for reason in match.reasons):
        return 2
    return 0 if match.score >= MATCHED_SCORE else 1


def _explained(match: Match, moves: Iterable[Move], view: dict, rules: FairnessSettings) -> Match:
    reasons = []
    for move in moves:
        params = {"before": move.before, "after": move.after}
        uses = ()
        if move.rule == "view":
            # Names only: the figures would give away what the supplier keeps to itself.
            known = {name: value for name, value in view.items() if value is not None}
            params["high"] = [name for name, value in known.items() if value >= HIGH]
            params["low"] = [name for name, value in known.items() if value <= LOW]
            uses = tuple(field for name, field in DRAWN_ON.items() if name in known)
        elif move.rule == "new":
            params["days"] = rules.new_days
        verdict = FITS if move.after < move.before else UNKNOWN
        reasons.append(Reason(CODES[move.rule], verdict, params, uses))
    return replace(match, reasons=(*match.reasons, *reasons)) if reasons else match


@dataclass(frozen=True)
class _Facts:
    """What the rules need to know about the technologies on some lists."""

    suppliers: dict[int, int]
    smallest: dict[int, float | None]
    budgets: dict[int, float | None]
    standings: dict[int, ListingStanding]
    answers: dict[int, float | None]
    terms: dict[int, SupplierTerms]
    served: dict[int, set[int]]
    places: dict[int, set[int]]
    shares: dict[int, float]
    new: set[int]

    @classmethod
    def load(
        cls, demand_ids: Sequence[int], lists: Sequence[list[Match]], rules: FairnessSettings
    ) -> "_Facts":
        ids = {match.technology_id for matches in lists for match in matches}
        offered = Technology.objects.filter(pk__in=ids, organisation__isnull=False)
        suppliers, smallest, published = {}, {}, {}
        for pk, supplier, investment, first in offered.values_list(
            "pk", "organisation", "investment_min_cny", "first_published_at"
        ):
            suppliers[pk], published[pk] = supplier, first
            smallest[pk] = None if investment is None else float(investment)
        standings = {row.pk: row for row in ListingStanding.objects.filter(pk__in=suppliers)}
        since = timezone.now() - timedelta(days=rules.new_days)
        new = {
            pk
            for pk, first in published.items()
            if rules.new_days
            and first is not None
            and first >= since
            and (pk not in standings or standings[pk].first_ten < rules.new_first_ten)
        }
        budgets = Demand.objects.filter(pk__in=demand_ids, budget_cny__isnull=False)
        terms = SupplierTerms.objects.in_bulk(set(suppliers.values()))
        served = defaultdict(set)
        for owner, area in SupplierTerms.areas.through.objects.filter(supplierterms__in=terms).values_list(
            "supplierterms", "area"
        ):
            served[owner].add(area)
        return cls(
            suppliers,
            smallest,
            {pk: float(budget) for pk, budget in budgets.values_list("pk", "budget_cny")},
            standings,
            _answers(set(suppliers.values())),
            terms,
            served,
            _places(demand_ids) if served else {},
            natural_shares() if rules.largest_share is not None else {},
            new,
        )

    def view(self, demand_id: int, match: Match) -> dict[str, float | None]:
        """Return what is known of the supplier's view of a need, by name."""
        pk = match.technology_id
        if pk not in self.suppliers:
            return {}
        supplier, standing = self.suppliers[pk], self.standings.get(pk)
        terms = self.terms.get(supplier)
        smallest = self.smallest.get(pk)
        if terms and terms.smallest_project_cny is not None:
            smallest = float(terms.smallest_project_cny)
        return {
            "specificity": specificity(
                match.score, standing.median_score, standing.best_score, standing.lists
            )
            if standing
            else None,
            "willingness": self.answers.get(supplier) if terms is None or terms.takes_needs else 0.0,
            "size": size_fit(self.budgets.get(demand_id), smallest),
            "region": self._region(demand_id, supplier),
        }

    def _region(self, demand_id: int, supplier: int) -> float | None:
        """Return 0.5, neutral, where the supplier works in the area of the need, else 0; None when unsaid."""
        served, places = self.served.get(supplier), self.places.get(demand_id)
        if not served or not places:
            return None
        return 0.5 if served & places else 0.0


def _places(demand_ids: Sequence[int]) -> dict[int, set[int]]:
    """Return the area of each demand's enterprise with all areas that it lies in."""
    parents = dict(Area.objects.values_list("pk", "parent"))
    found = Demand.objects.filter(pk__in=demand_ids, organisation__area__isnull=False)
    places = {}
    for demand_id, area in found.values_list("pk", "organisation__area"):
        chain: set[int] = set()
        while area is not None and area not in chain:
            chain.add(area)
            area = parents.get(area)
        places[demand_id] = chain
    return places


def _answers(suppliers: set[int]) -> dict[int, float | None]:
    """Return the willingness of each supplier; that a need is unclear is not held against it."""
    said = (
        Feedback.objects.filter(side=Side.SUPPLIER, technology__organisation__in=suppliers)
        .exclude(reason_code=RefusalReason.UNCLEAR)
        .values_list("technology__organisation")
        .annotate(
            accepted=Count("pk", filter=~Q(verdict__in=[Verdict.REFUSED, Verdict.LATER])),
            declined=Count("pk", filter=Q(verdict=Verdict.REFUSED)),
        )
    )
    return {supplier: willingness(accepted, declined) for supplier, accepted, declined in said}
