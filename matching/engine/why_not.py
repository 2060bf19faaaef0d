"""Why a technology is not on a list, and what would bring it there: facts are changed and scored anew, not guessed."""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from matching.engine.compatibility import carrier_fit, limit_fit, range_fit, system_fit
from matching.engine.index import Match, MatchIndex
from matching.engine.profiles import Condition, DemandProfile, ListingId, Range, TechnologyProfile
from matching.engine.quoting import telling_words
from matching.engine.text import normalise

MISSING = "missing"
CONFLICT = "conflict"
MOST_WORDS = 4


@dataclass(frozen=True, slots=True)
class Limits:
    """Hold what is needed to be listed: scores, and how many are listed at most.

    ``score_in_conflict`` is None where a broken hard condition keeps a pair out whatever its score.
    """

    score: float
    score_in_conflict: float | None = None
    length: int | None = None

    def obstacle(self, score: float, has_conflict: bool, place: int) -> str:
        """Return ``"conflict"``, ``"score"``, ``"length"``, or an empty string for what would be listed.

        Examples
        --------
        >>> limits = Limits(0.35, 0.1, 50)
        >>> [limits.obstacle(*each) for each in ((0.4, False, 3), (0.3, False, 3), (0.05, True, 3), (0.4, False, 51))]
        ['', 'score', 'conflict', 'length']
        """
        needed = self.score_in_conflict if has_conflict else self.score
        if needed is None or score < needed:
            return "conflict" if has_conflict else "score"
        return "length" if self.length is not None and place > self.length else ""


@dataclass(frozen=True, slots=True)
class Standing:
    """Say where a pair stands in the whole library; ``obstacle`` is empty when it would be listed."""

    match: Match
    score: float
    place: int
    total: int
    obstacle: str


@dataclass(frozen=True, slots=True)
class Change:
    """A fact that would lift a pair, with the standing that it would bring.

    Attributes
    ----------
    code
        ``condition``, ``payback``, ``budget``, ``system``, ``carrier``, ``industry``, ``annual_use``, ``words``,
        or ``all`` for all of them together.
    kind
        ``missing`` when the fact is not given, ``conflict`` when it is given and does not fit.
    params
        JSON-able figures and codes for the sentence: what is now and what would fit.
    uses
        Fields of the need that the change touches.
    """

    code: str
    kind: str
    params: dict[str, Any]
    uses: tuple[str, ...]
    score: float
    place: int
    obstacle: str


@dataclass(frozen=True, slots=True)
class _Edit:
    code: str
    kind: str
    params: dict[str, Any]
    uses: tuple[str, ...]
    apply: Callable[[Any], Any]


def standing(
    index: MatchIndex, demand: DemandProfile, identity: ListingId, limits: Limits
) -> Standing | None:
    """Return where a technology stands for a need, None when the index does not hold it.

    The place counts every technology of the library with a higher score; ties go by id, as text.

    Examples
    --------
    >>> index = MatchIndex.build([TechnologyProfile(1, "空压机余热回收"), TechnologyProfile(2, "蓄热式燃烧")])
    >>> found = standing(index, DemandProfile(9, "空压机余热"), 2, Limits(0.35))
    >>> found.place, found.total, found.obstacle
    (2, 2, 'score')
    """
    match = index.match(demand, identity)
    if match is None:
        return None
    score, place, total, has_conflict = _place(index, demand, identity)
    return Standing(match, score, place, total, limits.obstacle(score, has_conflict, place))


def changes_of_demand(
    index: MatchIndex, demand: DemandProfile, technology: TechnologyProfile, limits: Limits
) -> list[Change]:
    """Return which facts of the need, given or changed, would lift the technology; the strongest first.

    Every one is put into the need, and the whole library is scored anew. What lifts nothing is left out. When
    several lift, the last one holds all together.

    Examples
    --------
    >>> technology = TechnologyProfile(
    ...     1, "ORC发电", conditions=(Condition("heat_source_temperature_c", Range(80, 250), True),)
    ... )
    >>> demand = DemandProfile(9, "余热发电", quantities={"heat_source_temperature_c": Range(45, 45)})
    >>> index = MatchIndex.build([technology])
    >>> (change,) = [each for each in changes_of_demand(index, demand, technology, Limits(0.35)) if each.code == "condition"]
    >>> change.kind, change.params["fitting"], change.obstacle
    ('conflict', [80, 80], '')
    """

    def measure(changed: DemandProfile) -> tuple[float, int, str]:
        score, place, _total, has_conflict = _place(index, changed, technology.id)
        return score, place, limits.obstacle(score, has_conflict, place)

    return _lifting(list(_demand_edits(demand, technology)), demand, measure)


def changes_of_technology(
    index: MatchIndex, demand: DemandProfile, technology: TechnologyProfile, limits: Limits
) -> list[Change]:
    """Return which facts of the technology would lift it for a need; like ``changes_of_demand``."""
    others = [
        (str(identity), score)
        for identity, score, _ in zip(*index.all_scores(demand), strict=True)
        if identity != technology.id
    ]

    def measure(changed: TechnologyProfile) -> tuple[float, int, str]:
        match = index.match_of(demand, changed)
        ahead = sum(
            score > match.score or (score == match.score and other < str(technology.id))
            for other, score in others
        )
        has_conflict = any(reason.is_hard for reason in match.reasons)
        return match.score, ahead + 1, limits.obstacle(match.score, has_conflict, ahead + 1)

    return _lifting(list(_technology_edits(demand, technology)), technology, measure)


def _place(index: MatchIndex, demand: DemandProfile, identity: ListingId) -> tuple[float, int, int, bool]:
    ids, scores, conflicts = index.all_scores(demand)
    own = ids.index(identity)
    ahead = int((scores > scores[own]).sum())
    ahead += sum(str(ids[row]) < str(identity) for row in (scores == scores[own]).nonzero()[0])
    return float(scores[own]), ahead + 1, len(ids), bool(conflicts[own])


def _lifting(edits: list[_Edit], profile, measure) -> list[Change]:
    before, _place_before, _obstacle = measure(profile)
    changes, kept = [], []
    for edit in edits:
        score, place, obstacle = measure(edit.apply(profile))
        if round(score * 100) > round(before * 100):
            changes.append(Change(edit.code, edit.kind, edit.params, edit.uses, score, place, obstacle))
            kept.append(edit)
    changes.sort(key=lambda change: -change.score)
    if len(kept) > 1:
        together = profile
        for edit in kept:
            together = edit.apply(together)
        uses = tuple(dict.fromkeys(use for edit in kept for use in edit.uses))
        changes.append(Change("all", MISSING, {"count": len(kept)}, uses, *measure(together)))
    return changes


def _demand_edits(demand: DemandProfile, technology: TechnologyProfile) -> Iterator[_Edit]:
    for condition in technology.conditions:
        yield from _condition_edit(demand, condition)
    for code, name, offered in (
        ("payback", "max_payback_years", technology.payback_years),
        ("budget", "budget_cny", technology.investment_cny),
    ):
        given = getattr(demand, name)
        if offered.is_usable and (given is None or limit_fit(given, *offered.closed()) < 1):
            fitting = offered.closed()[1]
            params = {"given": given, "fitting": fitting}
            yield _Edit(
                code, MISSING if given is None else CONFLICT, params, (name,), _setter(**{name: fitting})
            )
    for code, name, fit in (("system", "systems", system_fit), ("carrier", "carriers", carrier_fit)):
        mine, theirs = getattr(demand, name), getattr(technology, name)
        if theirs and max((fit(each, other) for each in mine for other in theirs), default=0) < 1:
            params = {"given": list(mine), "fitting": list(theirs)}
            kind = CONFLICT if mine else MISSING
            yield _Edit(code, kind, params, (name,), _setter(**{name: (*mine, *theirs)}))
    if technology.industries and not demand.industries:
        params = {"given": [], "fitting": list(technology.industries)}
        yield _Edit("industry", MISSING, params, ("industries",), _setter(industries=technology.industries))
    absent = absent_words(demand, technology)
    if absent:
        body = "，".join(each for each in (demand.body, "、".join(absent)) if each)
        yield _Edit("words", MISSING, {"words": absent}, ("body",), _setter(body=body))


def _technology_edits(demand: DemandProfile, technology: TechnologyProfile) -> Iterator[_Edit]:
    for place, condition in enumerate(technology.conditions):
        given = demand.given(condition.quantity)
        if given is None or _share(given.range, condition.range) != 0:
            continue
        low, high = given.range.closed()
        wide = Range(
            None if condition.range.minimum is None else min(condition.range.minimum, low),
            None if condition.range.maximum is None else max(condition.range.maximum, high),
        )
        conditions = list(technology.conditions)
        conditions[place] = replace(condition, range=wide)
        params = {
            "quantity": condition.quantity,
            "given": _pair(condition.range),
            "fitting": _pair(wide),
            "is_hard": condition.is_hard,
        }
        if condition.read_text:
            params["given_text"] = condition.read_text
        yield _Edit("condition", CONFLICT, params, (given.field,), _setter_at(place, conditions[place]))
    for code, name, limit, use in (
        ("payback", "payback_years", demand.max_payback_years, "max_payback_years"),
        ("budget", "investment_cny", demand.budget_cny, "budget_cny"),
    ):
        offered = getattr(technology, name)
        if limit is not None and not offered.is_usable:
            params = {"given": None, "fitting": limit}
            yield _Edit(code, MISSING, params, (use,), _setter(**{name: Range(limit, limit)}))
    for code, name, use in (
        ("system", "systems", "systems"),
        ("carrier", "carriers", "carriers"),
        ("industry", "industries", "industries"),
    ):
        wanted = getattr(demand, name)
        if wanted and not getattr(technology, name):
            params = {"given": [], "fitting": list(wanted)}
            yield _Edit(code, MISSING, params, (use,), _setter(**{name: tuple(wanted)}))


def absent_words(demand: DemandProfile, technology: TechnologyProfile) -> list[str]:
    """Return what the technology's title names and the need says nowhere, in order.

    Examples
    --------
    >>> absent_words(DemandProfile(1, "定型机废气"), TechnologyProfile(2, "定型机余热回收技术"))
    ['余热', '回收']
    """
    text = normalise(f"{demand.title}\n{demand.body}")
    return [word for word in telling_words(normalise(technology.title)) if word not in text][:MOST_WORDS]


def _condition_edit(demand: DemandProfile, condition: Condition) -> Iterator[_Edit]:
    given, needed, quantity = demand.given(condition.quantity), condition.range, condition.quantity
    if not needed.is_usable:
        return
    if given is not None and _share(given.range, needed) == 1:
        return
    fitting = Range(*needed.closed()) if given is None else _nearest(given.range, needed)
    params = {
        "quantity": quantity,
        "given": None if given is None else _pair(given.range),
        "needed": _pair(needed),
        "fitting": _pair(fitting),
        "is_hard": condition.is_hard,
    }
    if given is not None and given.quantity != quantity:
        params["given_quantity"] = given.quantity
    if given is not None and given.read is not None:
        params["given_text"], params["given_field"] = given.read.text, given.read.field

    def apply(profile: DemandProfile) -> DemandProfile:
        return replace(profile, quantities={**profile.quantities, quantity: fitting})

    uses = ("quantities",) if given is None else (given.field,)
    yield _Edit("condition", MISSING if given is None else CONFLICT, params, uses, apply)


def _nearest(given: Range, needed: Range) -> Range:
    """Return the part of what is given that fits, or the nearest value that would."""
    low, high = given.closed()
    least = -math.inf if needed.minimum is None else needed.minimum
    most = math.inf if needed.maximum is None else needed.maximum
    if high < least:
        return Range(least, least)
    if low > most:
        return Range(most, most)
    return Range(max(low, least), min(high, most))


def _share(given: Range, needed: Range) -> float:
    low = -math.inf if needed.minimum is None else needed.minimum
    high = math.inf if needed.maximum is None else needed.maximum
    return float(range_fit(*given.closed(), low, high))


def _setter(**values):
    return lambda profile: replace(profile, **values)


def _setter_at(place: int, condition: Condition):
    def apply(profile: TechnologyProfile) -> TechnologyProfile:
        conditions = list(profile.conditions)
        conditions[place] = condition
        return replace(profile, conditions=tuple(conditions))

    return apply


def _pair(bounds: Range) -> list[float | None]:
    return [bounds.minimum, bounds.maximum]
