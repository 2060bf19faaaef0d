"""What an official sees of a push before it is sent."""

from dataclasses import dataclass, field
from datetime import datetime

from accounts.models import Membership, Organisation, User
from catalog.masking import Level
from matching.models import Push, PushItem, Recommendation
from matching.wording import Names, ReasonLines, reason_lines
from notices.services import last_contacted


@dataclass
class ProposedItem:
    """One match with the sentences that speak for and against it."""

    item: PushItem
    reasons: ReasonLines | None


@dataclass
class Person:
    """A recipient, what would be sent, and when something was last sent."""

    user: User
    organisation: Organisation
    responsibilities: list
    last_contacted_at: datetime | None
    items: list[ProposedItem] = field(default_factory=list)

    @property
    def kept(self) -> list[ProposedItem]:
        return [proposed for proposed in self.items if not proposed.item.is_removed]


def group_by_person(push: Push) -> list[Person]:
    """Return the recipients of a push with their items, best first; the number of queries is constant."""
    items = list(
        push.items.select_related("recipient", "organisation", "demand", "technology").order_by(
            "organisation__name", "recipient", "-score", "pk"
        )
    )
    pairs = {(item.demand_id, item.technology_id) for item in items}
    found = Recommendation.objects.filter(
        demand__in={demand for demand, _technology in pairs},
        technology__in={technology for _demand, technology in pairs},
    ).select_related("demand")
    names = Names.load(found)
    reasons = {(row.demand_id, row.technology_id): reason_lines(row, Level.OFFICIALS, names) for row in found}
    contacted = last_contacted({item.recipient_id for item in items})
    memberships = {
        (row.user_id, row.organisation_id): row
        for row in Membership.objects.filter(user__in={item.recipient_id for item in items})
    }
    people: dict[tuple[int, int], Person] = {}
    for item in items:
        key = (item.recipient_id, item.organisation_id)
        if key not in people:
            membership = memberships.get(key)
            people[key] = Person(
                user=item.recipient,
                organisation=item.organisation,
                responsibilities=[duty.label for duty in membership.responsibilities] if membership else [],
                last_contacted_at=contacted.get(item.recipient_id),
            )
        people[key].items.append(ProposedItem(item, reasons.get((item.demand_id, item.technology_id))))
    return list(people.values())
