"""Follow both libraries, and answer who is matched."""

from decimal import Decimal
from functools import partial

from django.db import transaction
from django.dispatch import receiver

from accounts.models import Organisation
from catalog.signals import (
    QuantityRead,
    listings_changed,
    match_counts_asked,
    matches_asked,
    quantities_asked,
    technologies_merged,
)
from matching import tasks
from matching.engine.quantities import read_fields
from matching.models import Recommendation
from matching.services.due import record_due
from matching.services.library import record_changes
from matching.services.looks import match_counts
from matching.services.merging import copy_feedback


@receiver(listings_changed, dispatch_uid="match_changed_listings")
def match_changed_listings(sender, kind, ids, **kwargs):
    ids = list(ids)
    if not ids:
        return
    record_due(kind, ids)
    if kind == "technology":
        record_changes(ids)
        transaction.on_commit(partial(tasks.update_technologies.delay, technology_ids=ids), robust=True)
    else:
        transaction.on_commit(partial(tasks.update_demands.delay, demand_ids=ids), robust=True)


@receiver(matches_asked, dispatch_uid="answer_who_is_matched")
def answer_who_is_matched(sender, user, demand_ids, **kwargs):
    """Return which of the demands have a live technology of the user's organisations on their list."""
    return set(
        Recommendation.objects.for_suppliers()
        .filter(
            demand__in=demand_ids,
            technology__organisation__in=Organisation.objects.of_member(user).filter(is_supplier=True),
        )
        .values_list("demand", flat=True)
    )


@receiver(match_counts_asked, dispatch_uid="answer_match_counts")
def answer_match_counts(sender, user, demand_ids, **kwargs):
    return match_counts(user, demand_ids)


@receiver(quantities_asked, dispatch_uid="read_quantities_of_texts")
def read_quantities_of_texts(sender, texts, **kwargs):
    def exact(value):
        return None if value is None else Decimal(f"{value:.10g}")

    return [
        QuantityRead(code, exact(each.range.minimum), exact(each.range.maximum), each.text, each.is_sure)
        for code, each in read_fields(texts).items()
    ]


@receiver(technologies_merged, dispatch_uid="keep_feedback_of_merged")
def keep_feedback_of_merged(sender, survivor_id, merged_id, **kwargs):
    copy_feedback(survivor_id=survivor_id, merged_id=merged_id)
