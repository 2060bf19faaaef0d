"""Pair: what was recommended to whom, and what they said."""

from matching.models.feedback import Feedback
from matching.models.looks import LastLook
from matching.models.push import Push, PushItem
from matching.models.recommendations import LibraryChange, LibraryState, Recommendation
from matching.models.reserve import ReserveScore, ReserveWeights

__all__ = [
    "Feedback",
    "LastLook",
    "LibraryChange",
    "LibraryState",
    "Push",
    "PushItem",
    "Recommendation",
    "ReserveScore",
    "ReserveWeights",
]
