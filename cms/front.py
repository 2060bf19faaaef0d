"""What the home page shows of the libraries."""

from django.db.models import Count, Q

from accounts.models import Organisation
from catalog.enums import Origin
from catalog.masking import masked_for
from catalog.models import Demand, EnergySystem, Technology

NEW_TECHNOLOGIES = 6
NEW_DEMANDS = 4


def front_page(user):
    """Return figures, newest listings and systems; the number of queries does not grow with the libraries."""
    technologies = Technology.objects.public()
    counts = technologies.aggregate(
        technologies=Count("pk"), references=Count("pk", filter=Q(origin=Origin.REFERENCE))
    )
    return {
        "figures": counts
        | {
            "demands": Demand.objects.public().count(),
            "suppliers": Organisation.objects.verified().filter(is_supplier=True).count(),
        },
        "systems": list(
            EnergySystem.objects.annotate(
                public=Count("technologies", filter=Q(technologies__in=technologies), distinct=True)
            ).order_by("order", "code")
        ),
        "technologies": technologies.exclude(origin=Origin.REFERENCE)
        .select_related("organisation")
        .prefetch_related("systems")
        .order_by("-first_published_at", "-pk")[:NEW_TECHNOLOGIES],
        "demands": masked_for(
            Demand.objects.public().with_details().order_by("-first_published_at", "-pk")[:NEW_DEMANDS], user
        ),
    }
