"""What an enterprise's own words change on its lists.

An effect multiplies a score or lifts it; each names the word that it follows from, so that a sentence can say why.
"""

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from matching.engine.compatibility import range_fit
from matching.engine.profiles import ListingId, Range, TechnologyProfile
from matching.engine.similar import NEARLY_IDENTICAL, RELATED, SAME_KIND, is_alike

OUT = 0.05
"""Factor of what is not to be recommended any more."""
DOWN = 0.35
"""Factor of what was refused for the same reason: below everything that is listed without a conflict."""
DOWN_AGAIN = 0.8
"""Further factor for every further reason."""
LIFT = 0.3
"""Share of what is missing to 1 that interest in the same technology adds; for similar ones times the likeness."""

EVIDENCE_LEVELS = ("self_declared", "third_party_test", "catalogue", "accepted_subsidy", "measured_here")
POSITIVE = frozenset({"interested", "introduced", "implemented"})
OF_THE_ORGANISATION = frozenset({"cost", "in_use", "tried", "evidence"})
"""Reasons that hold in every need of the enterprise; the others belong to the need where they were given."""


@dataclass(frozen=True, slots=True)
class Word:
    """What an enterprise said of a technology for one of its needs; ``reason`` is empty unless it refused."""

    demand_id: ListingId
    technology: TechnologyProfile
    verdict: str
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Effect:
    """Change one score: ``factor`` below 1 takes away, ``lift`` adds that share of what is missing to 1."""

    code: str
    factor: float = 1.0
    lift: float = 0.0
    params: Mapping[str, Any] = field(default_factory=dict)

    @property
    def is_out(self) -> bool:
        """Tell whether the technology is to be set aside."""
        return self.factor <= OUT


def effects_on(
    technology: TechnologyProfile,
    words: Sequence[Word],
    likeness: Sequence[float],
    *,
    demand_id: ListingId,
    quantities: Mapping[str, Range],
) -> list[Effect]:
    """Return what the words change for one technology on the list of one need, at most one effect per reason.

    Parameters
    ----------
    likeness
        One number in 0..1 for each word: how alike the technology and that of the word are (``similarities``).
    quantities
        What the plant of the need offers.

    Examples
    --------
    >>> refused = TechnologyProfile(1, "甲", investment_cny=Range(100, 200))
    >>> dearer = TechnologyProfile(2, "乙", investment_cny=Range(300, 300))
    >>> words = [Word(9, refused, "refused", "cost")]
    >>> [effect.code for effect in effects_on(dearer, words, [0.1], demand_id=8, quantities={})]
    ['cost']
    >>> [effect.code for effect in effects_on(refused, words, [1.0], demand_id=9, quantities={})]
    ['refused']
    """
    own = [word for word in words if word.technology.id == technology.id and word.demand_id == demand_id]
    if any(word.verdict == "refused" for word in own):
        return [Effect("refused", factor=OUT, params={"reason": own[0].reason})]
    if any(word.verdict in POSITIVE for word in own):
        return [Effect("interested", lift=LIFT, params={"is_same": True})]
    found: dict[str, Effect] = {}
    for word, alike in zip(words, likeness, strict=True):
        effect = _effect(technology, word, float(alike), demand_id, quantities)
        if effect and (effect.code not in found or _strength(effect) > _strength(found[effect.code])):
            found[effect.code] = effect
    if any(effect.factor < 1 for effect in found.values()):
        found.pop("interested", None)
    return list(found.values())


def changed_score(score: float, effects: Sequence[Effect]) -> float:
    """Return the score after the effects, in 0..1.

    The strongest factor counts, each further one as ``DOWN_AGAIN``; a lift adds its share of 1 − score.

    Examples
    --------
    >>> changed_score(0.8, []), round(changed_score(0.8, [Effect("cost", factor=0.35)]), 2)
    (0.8, 0.28)
    >>> round(changed_score(0.8, [Effect("cost", factor=0.35), Effect("tried", factor=0.35)]), 3)
    0.224
    >>> round(changed_score(0.5, [Effect("interested", lift=0.3)]), 2)
    0.65
    """
    factors = sorted(effect.factor for effect in effects if effect.factor < 1)
    if factors:
        return score * factors[0] * DOWN_AGAIN ** (len(factors) - 1)
    return score + (1 - score) * max((effect.lift for effect in effects), default=0.0)


def order_after(scores: Sequence[float], effects: Sequence[Sequence[Effect]]) -> list[int]:
    """Return the places of a list, given in its order, in the order that the effects make.

    What has no effect keeps its order among itself, also where that order does not follow the scores.

    Examples
    --------
    >>> order_after([0.9, 0.8, 0.7], [[Effect("cost", factor=0.35)], [], [Effect("interested", lift=0.6)]])
    [2, 1, 0]
    """
    # The best score from a place on downwards stands for the place.
    standing = np.maximum.accumulate(np.asarray(scores, dtype=float)[::-1])[::-1]
    after = [changed_score(float(place), own) for place, own in zip(standing, effects, strict=True)]
    return sorted(range(len(after)), key=lambda place: -after[place])


def _strength(effect: Effect) -> tuple[float, float]:
    return (-effect.factor, effect.lift)


def _effect(technology, word: Word, alike: float, demand_id, quantities) -> Effect | None:
    said_of = word.technology
    params = {"technology": said_of.title}
    is_here = word.demand_id == demand_id
    if word.verdict in POSITIVE:
        # What was carried out for this need is done; elsewhere it speaks for its kind.
        if (word.verdict == "implemented" and is_here) or not is_alike(technology, said_of, alike, RELATED):
            return None
        return Effect("interested", lift=LIFT * alike, params=params)
    if word.verdict != "refused" or not (is_here or word.reason in OF_THE_ORGANISATION):
        return None
    is_same = said_of.id == technology.id
    match word.reason:
        case "in_use":
            is_hit, factor = is_same or is_alike(technology, said_of, alike, SAME_KIND), OUT
        case "tried":
            is_hit, factor = is_same or is_alike(technology, said_of, alike, RELATED), DOWN
        case "cost":
            is_hit = is_same or _reaches(technology.investment_cny, said_of.investment_cny)
            factor, params["offered"] = DOWN, _bounds(said_of.investment_cny)
            params["is_alike"] = is_same or is_alike(technology, said_of, alike, RELATED)
        case "payback":
            is_hit = _reaches(technology.payback_years, said_of.payback_years)
            factor, params["offered"] = DOWN, _bounds(said_of.payback_years)
        case "evidence":
            is_hit, factor = is_same or _evidence_rank(technology) <= _evidence_rank(said_of), DOWN
        case "conditions":
            shared = shared_unmet(technology, said_of, quantities)
            is_hit, factor, params["quantities"] = bool(shared), DOWN, shared
        case _:
            is_hit, factor = alike >= NEARLY_IDENTICAL, OUT
    return Effect(word.reason, factor=factor, params=params) if is_hit else None


def shared_unmet(
    technology: TechnologyProfile, refused: TechnologyProfile, quantities: Mapping[str, Range]
) -> list[str]:
    """Return the quantities for which both technologies need what the plant does not offer.

    Where the plant's figure is known, that figure must lie outside both ranges, at least in part. Where it is not,
    the refused range counts as unmet, and so does every range that asks at least as much. A quantity whose figure
    is known to break the refused technology explains the refusal alone; unknown ones are then left out.

    Examples
    --------
    >>> from matching.engine.profiles import Condition
    >>> def hot(identity, *, above):
    ...     return TechnologyProfile(identity, "", conditions=(Condition("temperature_c", Range(above, None)),))
    >>> shared_unmet(hot(1, above=60), hot(2, above=80), {"temperature_c": Range(45, 45)})
    ['temperature_c']
    >>> shared_unmet(hot(1, above=40), hot(2, above=80), {"temperature_c": Range(45, 45)})
    []
    >>> shared_unmet(hot(1, above=90), hot(2, above=80), {}), shared_unmet(hot(1, above=60), hot(2, above=80), {})
    (['temperature_c'], [])
    """
    wanted = {each.quantity: each.range for each in refused.conditions if each.range.is_usable}
    fits = {name: _fit(quantities.get(name), needed) for name, needed in wanted.items()}
    unmet = {name for name, fit in fits.items() if fit is not None and fit < 1}
    if not unmet:
        unmet = {name for name, fit in fits.items() if fit is None}
    found = []
    for condition in technology.conditions:
        if condition.quantity not in unmet or not condition.range.is_usable:
            continue
        fit = _fit(quantities.get(condition.quantity), condition.range)
        asks_as_much = _lies_within(condition.range, wanted[condition.quantity]) if fit is None else fit < 1
        if asks_as_much and condition.quantity not in found:
            found.append(condition.quantity)
    return found


def _fit(given: Range | None, needed: Range) -> float | None:
    if given is None or not given.is_usable:
        return None
    low, high = open_bounds(needed)
    return float(range_fit(*given.closed(), low, high))


def _lies_within(inner: Range, outer: Range) -> bool:
    (inner_low, inner_high), (outer_low, outer_high) = open_bounds(inner), open_bounds(outer)
    return outer_low <= inner_low and inner_high <= outer_high


def open_bounds(given: Range) -> tuple[float, float]:
    """Return both bounds of a range, infinite where one is missing."""
    return (
        -math.inf if given.minimum is None else given.minimum,
        math.inf if given.maximum is None else given.maximum,
    )


def _bounds(given: Range) -> list[float | None]:
    return [given.minimum, given.maximum]


def _reaches(offered: Range, refused: Range) -> bool:
    """Tell whether the middle of a range is at or above that of another; unknown ranges reach nothing."""
    if not offered.is_usable or not refused.is_usable:
        return False
    return sum(offered.closed()) >= sum(refused.closed())


def _evidence_rank(technology: TechnologyProfile) -> int:
    """Return 0 for the weakest level, below it where nobody stands behind the figures."""
    return EVIDENCE_LEVELS.index(technology.evidence) if technology.evidence in EVIDENCE_LEVELS else -1
