"""Which needs a supplier may hear of."""

from django.db.models import OuterRef, Prefetch, Subquery

from accounts.models import Organisation
from catalog.models import Demand
from matching.enums import Side
from matching.models import Feedback, Recommendation


def suppliers_of(user):
    """Return the supplier organisations for which the user acts."""
    return Organisation.objects.of_member(user).filter(is_supplier=True)


def needs_for(user):
    """Return the recommendations of needs for technologies of the user's suppliers, best first by technology.

    `answer` is the supplier's own verdict and `wish` that of the enterprise.
    """
    words = Feedback.objects.filter(demand=OuterRef("demand"), technology=OuterRef("technology"))
    return (
        Recommendation.objects.for_suppliers()
        .filter(technology__organisation__in=suppliers_of(user))
        .annotate(
            answer=Subquery(words.filter(side=Side.SUPPLIER).values("verdict")[:1]),
            answer_reason=Subquery(words.filter(side=Side.SUPPLIER).values("reason_code")[:1]),
            answer_note=Subquery(words.filter(side=Side.SUPPLIER).values("note")[:1]),
            wish=Subquery(words.filter(side=Side.ENTERPRISE).values("verdict")[:1]),
            wish_reason=Subquery(words.filter(side=Side.ENTERPRISE).values("reason_code")[:1]),
        )
        .select_related("technology")
        .prefetch_related(Prefetch("demand", Demand.objects.with_details()))
        .order_by("technology__title", "technology", "-base_score", "pk")
    )
