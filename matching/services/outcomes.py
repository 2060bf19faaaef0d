"""What became of pairs in which somebody took an interest, for officials."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Exists, Max, OuterRef

from matching.enums import Side, Verdict
from matching.models import Feedback


@dataclass(frozen=True, slots=True)
class Progress:
    """The words of both sides on one pair; None where a side said nothing."""

    enterprise: Feedback | None
    supplier: Feedback | None

    @property
    def demand(self):
        return (self.enterprise or self.supplier).demand

    @property
    def technology(self):
        return (self.enterprise or self.supplier).technology

    @property
    def is_waiting(self):
        """Tell whether the supplier says that something happened which the enterprise has not said."""
        if self.supplier is None or self.supplier.verdict not in Verdict.outcomes():
            return False
        said = self.enterprise.verdict if self.enterprise else ""
        return said not in {self.supplier.verdict, Verdict.IMPLEMENTED}


def pairs_in_progress(*, waiting_only: bool = False):
    """Return the pairs of which a side spoke well, as dictionaries of demand and technology, latest word first."""
    words = Feedback.objects.filter(verdict__in=Verdict.positive())
    if waiting_only:
        of_pair = Feedback.objects.filter(demand=OuterRef("demand"), technology=OuterRef("technology"))
        own = of_pair.filter(side=Side.ENTERPRISE)
        words = words.filter(side=Side.SUPPLIER, verdict__in=Verdict.outcomes()).exclude(
            Exists(own.filter(verdict=OuterRef("verdict"))) | Exists(own.filter(verdict=Verdict.IMPLEMENTED))
        )
    return (
        words.order_by().values("demand", "technology").annotate(latest=Max("updated_at")).order_by("-latest")
    )


def progress_of(pairs: Iterable[dict]) -> list[Progress]:
    """Return the words on some pairs, in their order, in one query."""
    keys = [(pair["demand"], pair["technology"]) for pair in pairs]
    words = Feedback.objects.filter(
        demand__in={demand for demand, _technology in keys},
        technology__in={technology for _demand, technology in keys},
    ).select_related("demand__organisation", "technology__organisation")
    said = {(word.demand_id, word.technology_id, word.side): word for word in words}
    return [Progress(said.get((*key, Side.ENTERPRISE)), said.get((*key, Side.SUPPLIER))) for key in keys]
