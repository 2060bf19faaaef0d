"""Feedback on merged technologies."""

from catalog.signals import technologies_merged
from matching.models import Feedback


def test_feedback_holds_for_the_survivor_unless_it_has_its_own(cast, make_technology, make_demand):
    survivor, merged = make_technology("甲"), make_technology("乙")
    first, second = make_demand("一"), make_demand("二")
    for demand, technology, verdict in (
        (first, merged, "interested"),
        (second, merged, "interested"),
        (second, survivor, "later"),
    ):
        Feedback.objects.create(
            demand=demand, technology=technology, user=cast.enterprise, verdict=verdict, side="enterprise"
        )
    technologies_merged.send(sender=None, survivor_id=survivor.pk, merged_id=merged.pk)
    found = Feedback.objects.filter(technology=survivor).order_by("demand").values_list("demand", "verdict")
    assert list(found) == [(first.pk, "interested"), (second.pk, "later")]
    assert Feedback.objects.filter(technology=merged).count() == 2
