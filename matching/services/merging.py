"""Keep what was said of a technology when it is merged into another."""

from matching.models import Feedback


def copy_feedback(*, survivor_id: int, merged_id: int) -> int:
    """Let feedback on the merged technology hold for the survivor where nothing was said of that one.

    Returns how many were copied; the original rows stay, so that a merger can be undone.
    """
    said = set(Feedback.objects.filter(technology=survivor_id).values_list("demand_id", "side"))
    copies = []
    for feedback in Feedback.objects.filter(technology=merged_id):
        if (feedback.demand_id, feedback.side) not in said:
            feedback.pk, feedback.technology_id = None, survivor_id
            copies.append(feedback)
    return len(Feedback.objects.bulk_create(copies))
