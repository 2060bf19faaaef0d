"""What the libraries tell the rooms above."""

from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from decimal import Decimal

from django.dispatch import Signal

# Sent after listings became public, changed in public view or left it, once for many:
# kind ("technology" or "demand") and ids (list of primary keys). Receivers must expect ids that are gone.
listings_changed = Signal()

# Sent after one technology was merged into another: survivor_id and merged_id. What upper rooms keep for the merged
# one should hold for the survivor as well; the merged one's own rows stay, so that the merger can be undone.
technologies_merged = Signal()

is_one_of_many = ContextVar("is_one_of_many", default=False)

# Sent at the end of `load_reference`, so that upper rooms can add what they need (permissions of duties, pages).
# Receivers must be idempotent: it is sent at every start.
reference_loaded = Signal()

# Questions to the rooms above, answered by the return values of receivers; user and demand_ids are sent.
# Which of the demands the user is matched with, as an active member of a supplier with a live technology that is
# recommended for them: a set of primary keys.
matches_asked = Signal()
# How many technologies are recommended for each demand and how many of them the user has not seen: a dict from
# primary key to MatchCount.
match_counts_asked = Signal()
# Which quantities of a plant stand in the texts of a demand; texts (a dict from field to text) is sent: a list of
# QuantityRead.
quantities_asked = Signal()


@dataclass(frozen=True, slots=True)
class MatchCount:
    """What the owner's list says about the matches of one demand."""

    total: int = 0
    new: int = 0
    interested: int = 0


@dataclass(frozen=True, slots=True)
class QuantityRead:
    """A quantity that a text of a demand states, in the unit of its code, with the passage that says it."""

    code: str
    minimum: Decimal | None
    maximum: Decimal | None
    text: str
    is_sure: bool


@contextmanager
def one_signal_for_many():
    """Keep single deletions silent inside: the caller sends `listings_changed` once for all of them."""
    token = is_one_of_many.set(True)
    try:
        yield
    finally:
        is_one_of_many.reset(token)
