"""What a supplier's own words about needs change in the order of the needs that are shown to it.

Everything is taken from what the supplier may know: figures that an enterprise hides are unknown here as well.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from matching.engine.compatibility import range_fit
from matching.engine.feedback import DOWN, LIFT, OUT, POSITIVE, Effect, open_bounds
from matching.engine.profiles import DemandProfile, ListingId, TechnologyProfile
from matching.engine.similar import NEARLY_IDENTICAL, RELATED, SAME_KIND, is_alike

NEAR = 0.1
"""Figures within a tenth of each other count as the same circumstances."""


@dataclass(frozen=True, slots=True)
class NeedWord:
    """What a supplier said of a need for one of its technologies; ``reason`` is empty unless it refused."""

    technology_id: ListingId
    need: DemandProfile
    verdict: str
    reason: str = ""


def effects_on_need(
    need: DemandProfile, technology: TechnologyProfile, words: Sequence[NeedWord], likeness: Sequence[float]
) -> list[Effect]:
    """Return what the words change for one need under one technology, at most one effect per reason.

    Parameters
    ----------
    likeness
        One number in 0..1 for each word: how alike the need and that of the word are (``similarities``).

    Examples
    --------
    >>> technology = TechnologyProfile(1, "")
    >>> refused = DemandProfile(7, "甲", annual_use_tce=5000)
    >>> larger, smaller = DemandProfile(8, "乙", annual_use_tce=9000), DemandProfile(9, "丙", annual_use_tce=800)
    >>> words = [NeedWord(1, refused, "refused", "capacity")]
    >>> [[each.code for each in effects_on_need(need, technology, words, [0.1])] for need in (refused, larger, smaller)]
    [['refused'], ['capacity'], []]
    """
    own = [word for word in words if (word.technology_id, word.need.id) == (technology.id, need.id)]
    if any(word.verdict == "refused" for word in own):
        return [Effect("refused", factor=OUT)]
    if any(word.verdict in POSITIVE for word in own):
        return [Effect("interested", lift=LIFT, params={"is_same": True})]
    found: dict[str, Effect] = {}
    for word, alike in zip(words, likeness, strict=True):
        effect = _effect(need, technology, word, float(alike))
        if effect and (effect.code not in found or _strength(effect) > _strength(found[effect.code])):
            found[effect.code] = effect
    if any(effect.factor < 1 for effect in found.values()):
        found.pop("interested", None)
    return list(found.values())


def _strength(effect: Effect) -> tuple[float, float]:
    return (-effect.factor, effect.lift)


def _effect(need: DemandProfile, technology, word: NeedWord, alike: float) -> Effect | None:
    said_of = word.need
    params = {"need": said_of.title}
    if word.verdict in POSITIVE:
        is_hit = is_alike(need, said_of, alike, RELATED)
        return Effect("interested", lift=LIFT * alike, params=params) if is_hit else None
    if word.verdict != "refused":
        return None
    factor = DOWN
    match word.reason:
        case "conditions":
            is_hit = word.technology_id == technology.id
            if is_hit and _states_any(said_of, technology):
                params["quantities"] = shared_circumstances(need, said_of, technology)
                is_hit = bool(params["quantities"])
            elif is_hit:
                is_hit = is_alike(need, said_of, alike, SAME_KIND)
        case "capacity":
            is_hit = is_as_large(need, said_of)
        case "unclear":
            is_hit = says_no_more(need, said_of)
        case _:
            is_hit, factor = alike >= NEARLY_IDENTICAL, OUT
    return Effect(word.reason, factor=factor, params=params) if is_hit else None


def shared_circumstances(
    need: DemandProfile, refused: DemandProfile, technology: TechnologyProfile
) -> list[str]:
    """Return the quantities of the technology's conditions in which a need is like one that was refused for them.

    Figures of the refused need that lie outside the technology's range explain the refusal: then a need is like it
    where its own lie outside too. If all lie inside, the range said too much: then a need is like it where its
    figures are the same to a tenth.

    Examples
    --------
    >>> from matching.engine.profiles import Condition, Range
    >>> technology = TechnologyProfile(1, "", conditions=(Condition("power_kw", Range(100, None)),))
    >>> def plant(power):
    ...     return DemandProfile(power, "", quantities={"power_kw": Range(power, power)})
    >>> [shared_circumstances(plant(power), plant(40), technology) for power in (60, 200)]
    [['power_kw'], []]
    >>> [shared_circumstances(plant(power), plant(200), technology) for power in (210, 400)]
    [['power_kw'], []]
    """
    outside, inside = [], []
    is_explained = False
    for condition in technology.conditions:
        theirs, own = refused.given(condition.quantity), need.given(condition.quantity)
        if theirs is None or not condition.range.is_usable:
            continue
        is_out = range_fit(*theirs.range.closed(), *open_bounds(condition.range)) < 1
        is_explained = is_explained or bool(is_out)
        if own is None:
            continue
        if is_out and range_fit(*own.range.closed(), *open_bounds(condition.range)) < 1:
            outside.append(condition.quantity)
        elif not is_out:
            low, high = theirs.range.closed()
            if range_fit(*own.range.closed(), low - NEAR * abs(low), high + NEAR * abs(high)) > 0:
                inside.append(condition.quantity)
    return outside if is_explained else inside


def is_as_large(need: DemandProfile, other: DemandProfile) -> bool:
    """Tell whether a need is at least as large as another, by annual use, else by budget; unknown is not."""
    for name in ("annual_use_tce", "budget_cny"):
        own, theirs = getattr(need, name), getattr(other, name)
        if own is not None and theirs is not None:
            return own >= theirs
    return False


def says_no_more(need: DemandProfile, other: DemandProfile) -> bool:
    """Tell whether a need states no more figures than another, and no longer text.

    Examples
    --------
    >>> vague = DemandProfile(1, "", "能耗高")
    >>> says_no_more(DemandProfile(2, "", "费电"), vague), says_no_more(DemandProfile(3, "", "费电", budget_cny=9), vague)
    (True, False)
    """
    return _facts(need) <= _facts(other) and len(need.body) <= len(other.body)


def _facts(need: DemandProfile) -> int:
    figures = (
        need.annual_use_tce,
        need.annual_cost_cny,
        need.target_saving_tce,
        need.budget_cny,
        need.max_payback_years,
    )
    return len(need.stated_quantities()) + sum(figure is not None for figure in figures)


def _states_any(need: DemandProfile, technology: TechnologyProfile) -> bool:
    return any(need.given(condition.quantity) for condition in technology.conditions)
