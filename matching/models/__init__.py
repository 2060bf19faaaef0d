"""Pair: what was recommended to whom, and what they said."""

from matching.models.due import DueWork
from matching.models.fairness import FairnessSettings, ListingStanding, SupplierTerms
from matching.models.feedback import Feedback
from matching.models.looks import LastLook
from matching.models.push import Push, PushItem
from matching.models.ranking import LearningOptions, RankingModelVersion
from matching.models.recommendations import LibraryChange, LibraryState, Recommendation
from matching.models.reserve import ReserveScore, ReserveWeights
from matching.models.shares import MatchingShare

__all__ = [
    "DueWork",
    "FairnessSettings",
    "Feedback",
    "LastLook",
    "LearningOptions",
    "LibraryChange",
    "LibraryState",
    "ListingStanding",
    "MatchingShare",
    "Push",
    "PushItem",
    "RankingModelVersion",
    "Recommendation",
    "ReserveScore",
    "ReserveWeights",
    "SupplierTerms",
]
