"""What each side says of a match."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from accounts.models import User
from catalog.models import Demand, Technology
from matching.enums import RefusalReason, Side, Verdict
from matching.errors import FeedbackError
from matching.models import Feedback, Recommendation
from matching.services.library import current_index
from matching.services.own_feedback import PART, lock_lists, refresh_lists, sibling_demands
from matching.services.telling import tell_declined, tell_interest, tell_outcome, tell_recorded


def give_feedback(
    demand: Demand,
    technology: Technology,
    *,
    side: Side,
    user: User,
    verdict: Verdict | str,
    reason_code: RefusalReason | str = "",
    note: str = "",
    implemented_on: date | None = None,
    verified_saving_tce: Decimal | None = None,
    verified_saving_cny: Decimal | None = None,
) -> Feedback:
    """Store the latest word of one side about a pair; saying the same again changes nothing.

    A word of the enterprise, or of an official in its place, changes the order of all its lists in the same
    transaction. That a pair was introduced or implemented counts when the enterprise says so; from the supplier it is
    a proposal. Interest and outcomes are told to the other side and to the officials who push, once for each pair,
    side and word. Raise FeedbackError for a refusal without one of the reasons of that side, for an implementation
    without a date up to today, and for a saving that is no number from 0.
    """
    verdict = Verdict(verdict)
    if verdict != Verdict.REFUSED:
        reason_code = ""
    elif reason_code not in RefusalReason.of(side):
        raise FeedbackError(_("请选择不合适的原因。"))
    outcome = {"implemented_on": None, "verified_saving_tce": None, "verified_saving_cny": None}
    if verdict == Verdict.IMPLEMENTED:
        _require_sound_outcome(implemented_on, verified_saving_tce, verified_saving_cny)
        outcome = {
            "implemented_on": implemented_on,
            "verified_saving_tce": verified_saving_tce,
            "verified_saving_cny": verified_saving_cny,
        }
    with changing_lists_of(demand, side=side):
        before = Feedback.objects.filter(demand=demand, technology=technology, side=side).first()
        values = {"user": user, "verdict": verdict, "reason_code": reason_code, "note": note, **outcome}
        if before is None or not {Verdict(before.verdict), verdict} <= {*Verdict.positive()}:
            # What follows from an interest was decided on what was seen then.
            values |= _what_was_seen(demand, technology)
        feedback, _is_new = Feedback.objects.update_or_create(
            demand=demand, technology=technology, side=side, defaults=values
        )
        if verdict == Verdict.INTERESTED:
            tell_interest(feedback)
        elif verdict in Verdict.outcomes():
            tell_outcome(feedback)
    return feedback


def take_back(demand: Demand, technology: Technology, *, side: Side) -> None:
    """Forget what one side said of a pair; the order of the lists is as if it had never been said."""
    with changing_lists_of(demand, side=side):
        Feedback.objects.filter(demand=demand, technology=technology, side=side).delete()


def record_outcome(demand: Demand, technology: Technology, *, official: User, **words) -> Feedback:
    """Let an official record in place of the enterprise what happened, as `give_feedback` takes it, and tell it so."""
    feedback = give_feedback(demand, technology, side=Side.ENTERPRISE, user=official, **words)
    tell_recorded(feedback)
    return feedback


def confirm_outcome(demand: Demand, technology: Technology, *, user: User) -> Feedback:
    """Let the enterprise say what the supplier proposed, with its date and figures; raise FeedbackError without one."""
    proposal = _proposal(demand, technology)
    return give_feedback(
        demand,
        technology,
        side=Side.ENTERPRISE,
        user=user,
        verdict=proposal.verdict,
        implemented_on=proposal.implemented_on,
        verified_saving_tce=proposal.verified_saving_tce,
        verified_saving_cny=proposal.verified_saving_cny,
    )


def decline_outcome(demand: Demand, technology: Technology, *, user: User) -> None:
    """Drop what the supplier proposed and tell it so; raise FeedbackError without a proposal."""
    proposal = _proposal(demand, technology)
    with transaction.atomic():
        tell_declined(proposal, sender=user)
        proposal.delete()


def _proposal(demand: Demand, technology: Technology) -> Feedback:
    proposal = Feedback.objects.filter(
        demand=demand, technology=technology, side=Side.SUPPLIER, verdict__in=Verdict.outcomes()
    ).first()
    if proposal is None:
        raise FeedbackError(_("供方已撤回，没有待确认的内容。"))
    return proposal


@contextmanager
def changing_lists_of(demand: Demand, *, side: Side) -> Iterator[None]:
    """Hold the lists of the enterprise while its words change, and order them anew before the transaction ends."""
    # Lent before the transaction: who holds the index may be waiting to write.
    with current_index() as index:
        model = index.model
    with transaction.atomic():
        lock_lists(sibling_demands(demand))
        yield
        if side == Side.ENTERPRISE:
            refresh_lists(demand, model)


def _what_was_seen(demand: Demand, technology: Technology) -> dict:
    row = Recommendation.objects.filter(demand=demand, technology=technology).first()
    if row is None:
        return {"parts": [], "score": None, "rank": None, "engine_version": ""}
    return {
        "parts": [part for part in row.parts if part["name"] != PART],
        "score": row.base_score,
        "rank": row.rank,
        "engine_version": row.engine_version,
    }


def _require_sound_outcome(implemented_on, *savings: Decimal | None) -> None:
    if implemented_on is None:
        raise FeedbackError(_("请填写实施日期。"))
    if implemented_on > timezone.localdate():
        raise FeedbackError(_("实施日期不能晚于今天。"))
    if any(saving is not None and (not saving.is_finite() or saving < 0) for saving in savings):
        raise FeedbackError(_("核定节能量和费用应为不小于 0 的数。"))
