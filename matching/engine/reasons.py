"""Why a technology fits a need, what speaks against it, and what nobody has said."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import numpy as np

from matching.engine.compatibility import (
    best_industry_fit,
    carrier_fit,
    limit_fit,
    range_fit,
    system_fit,
)
from matching.engine.lexicon import equal_terms, kinds_of
from matching.engine.prior import prior_of, shipped_prior
from matching.engine.profiles import DemandProfile, Range, TechnologyProfile
from matching.engine.quantity_kinds import HEAT_SOURCE, is_excluded_by, is_wanted, spoken_against
from matching.engine.quoting import KEPT_TECHNOLOGIES, is_telling, shared_phrases
from matching.engine.saving import estimate_saving, is_rate_for_other_system
from matching.engine.text import normalise, strip_boilerplate

FITS = "fits"
CONFLICT = "conflict"
UNKNOWN = "unknown"
MOST_PAIRS = 2


@dataclass(frozen=True, slots=True)
class Reason:
    """State one finding about a pair.

    Attributes
    ----------
    code
        What it is about: ``words``, ``synonyms``, ``kinds``, ``system``, ``industry``, ``carrier``, ``condition``, ``payback``,
        ``budget``, ``saving``, ``target``, ``cases``, ``prior``.
    verdict
        ``fits``, ``conflict`` or ``unknown``.
    params
        JSON-able figures and codes for the sentence.
    uses
        Fields of the need that the finding draws on: whoever may not see one of them must not see the
        finding.
    missing
        ``"demand"`` or ``"technology"`` when that side has left something open, else None.
    is_hard
        Whether a conflict alone decides.
    """

    code: str
    verdict: str
    params: dict[str, Any] = field(default_factory=dict)
    uses: tuple[str, ...] = ()
    missing: str | None = None
    is_hard: bool = False

    def to_dict(self) -> dict[str, Any]:
        """Return JSON-able values."""
        return {
            "code": self.code,
            "verdict": self.verdict,
            "params": self.params,
            "uses": list(self.uses),
            "missing": self.missing,
            "is_hard": self.is_hard,
        }


def find_reasons(demand: DemandProfile, technology: TechnologyProfile) -> tuple[Reason, ...]:
    """Return the findings about a pair: hard conflicts first, then what fits, conflicts, unknowns.

    Examples
    --------
    >>> demand = DemandProfile(1, "空压机余热回收", systems=("compressed_air",), max_payback_years=4)
    >>> technology = TechnologyProfile(2, "空压机热能利用", systems=("compressed_air",), payback_years=Range(2, 3))
    >>> for reason in find_reasons(demand, technology):
    ...     print(reason.code, reason.verdict, reason.params)
    words fits {'words': ['空压机'], 'field': 'title'}
    system fits {'systems': ['compressed_air']}
    payback fits {'limit': 4, 'minimum': 2, 'maximum': 3}
    industry unknown {}
    saving unknown {}
    prior unknown {'share': 0.43, 'overall': 0.4832, 'years': [1981, 2024]}
    """
    found = [
        *_words(demand, technology),
        *_labels(demand, technology),
        *_conditions(demand, technology),
        *_limits(demand, technology),
        *_saving(demand, technology),
        *_cases(demand, technology),
        *_prior(technology),
    ]
    order = {FITS: 1, CONFLICT: 2, UNKNOWN: 3}
    found.sort(key=lambda reason: 0 if reason.is_hard else order[reason.verdict])
    if demand.derived_from:
        found = [_with_origins(reason, demand) for reason in found]
    return tuple(found)


def _with_origins(reason: Reason, demand: DemandProfile) -> Reason:
    uses = demand.origins(*reason.uses)
    if uses == reason.uses:
        return reason
    return Reason(reason.code, reason.verdict, reason.params, uses, reason.missing, reason.is_hard)


def _words(demand: DemandProfile, technology: TechnologyProfile) -> list[Reason]:
    """Quote from those texts only that count in the score: a need's problem without the talk around it."""
    places = (("title", _normalised(technology.title)), ("body", _normalised(technology.body)))
    sources = (("title", _normalised(demand.title)), ("body", _without_talk(demand.body)))
    found: list[Reason] = []
    # Everything named so far, a line for each: no phrase goes over the end of a line.
    named = ""
    for source, text in sources:
        for place, other in places:
            phrases = [phrase for phrase in shared_phrases(text, other) if phrase not in named]
            if phrases:
                named = "\n".join((named, *phrases))
                found.append(Reason("words", FITS, {"words": phrases, "field": place}, (source,)))
            for code, pairs in (("synonyms", equal_terms(text, other)), ("kinds", kinds_of(text, other))):
                told = []
                for own, theirs in pairs.items():
                    if own in named or theirs in named or not is_telling(own) or not is_telling(theirs):
                        continue
                    told.append([own, theirs])
                    named = "\n".join((named, own, theirs))
                if told:
                    params = {"pairs": told[:MOST_PAIRS], "field": place}
                    found.append(Reason(code, FITS, params, (source,)))
    return found


@lru_cache(maxsize=KEPT_TECHNOLOGIES)
def _normalised(text: str) -> str:
    """Normalise once what is compared with many others."""
    return normalise(text)


@lru_cache(maxsize=256)
def _without_talk(text: str) -> str:
    return strip_boilerplate(normalise(text))


def _labels(demand: DemandProfile, technology: TechnologyProfile) -> list[Reason]:
    found = []
    for code, field_name, mine, theirs, fit in (
        ("system", "systems", demand.systems, technology.systems, system_fit),
        ("carrier", "carriers", demand.carriers, technology.carriers, carrier_fit),
    ):
        if not mine or not theirs:
            continue
        shared = [each for each in theirs if max(fit(other, each) for other in mine) == 1]
        related = [each for each in theirs if 0 < max(fit(other, each) for other in mine) < 1]
        if shared:
            found.append(Reason(code, FITS, {field_name: shared}, (field_name,)))
        elif related:
            params = {"wanted": list(mine), "related": related}
            found.append(Reason(f"{code}_related", FITS, params, (field_name,)))
        else:
            params = {"wanted": list(mine), "offered": list(theirs)}
            found.append(Reason(code, CONFLICT, params, (field_name,)))
    if demand.industries and technology.industries:
        best = best_industry_fit(demand.industries, technology.industries)
        if best >= 0.5:
            nearest = max(
                technology.industries, key=lambda code: best_industry_fit(demand.industries, (code,))
            )
            found.append(Reason("industry", FITS, {"industry": nearest}, ("industries",)))
        elif technology.applies_to_all_industries:
            found.append(Reason("industry_all", FITS))
        else:
            params = {"offered": list(technology.industries)}
            verdict = CONFLICT if best < 0.2 else UNKNOWN
            found.append(Reason("industry", verdict, params, ("industries",)))
    elif technology.applies_to_all_industries:
        found.append(Reason("industry_all", FITS))
    elif not technology.industries:
        found.append(Reason("industry", UNKNOWN, missing="technology"))
    return found


def _conditions(demand: DemandProfile, technology: TechnologyProfile) -> list[Reason]:
    found = []
    gives = takes = False
    stated = demand.stated_quantities()
    for condition in technology.conditions:
        if not condition.range.is_usable:
            continue
        params = {"quantity": condition.quantity, "needed": _pair(condition.range)}
        if condition.read_text:
            params["needed_text"] = condition.read_text
        takes = takes or condition.quantity == HEAT_SOURCE
        given = demand.given(condition.quantity)
        if given is None:
            against = spoken_against(condition.quantity, stated)
            if condition.is_hard and against:
                code = "wanted_only" if is_wanted(against) else "medium"
                params["stated"] = against
                is_hard = is_excluded_by(condition.quantity, against)
                found.append(Reason(code, CONFLICT, params, _uses(demand, against), is_hard=is_hard))
            else:
                found.append(Reason("condition", UNKNOWN, params, ("quantities",), missing="demand"))
            continue
        gives = gives or is_wanted(condition.quantity)
        low, high = condition.range.minimum, condition.range.maximum
        fit = range_fit(
            *given.range.closed(), -np.inf if low is None else low, np.inf if high is None else high
        )
        params["given"] = _pair(given.range)
        params["share"] = round(float(fit), 3)
        if given.quantity != condition.quantity:
            params["given_quantity"] = given.quantity
        if given.read is not None:
            params["given_text"], params["given_field"] = given.read.text, given.read.field
            params["is_sure"] = given.read.is_sure
        is_hard = condition.is_hard and float(fit) == 0 and given.is_sure
        verdict = FITS if fit > 0.5 else CONFLICT
        found.append(Reason("condition", verdict, params, (given.field,), is_hard=is_hard))
    if gives and not takes and HEAT_SOURCE in stated:
        params = {"given": _pair(demand.quantity(HEAT_SOURCE))}
        found.append(Reason("unused_source", UNKNOWN, params, _uses(demand, HEAT_SOURCE)))
    return found


def _uses(demand: DemandProfile, stated: str) -> tuple[str, ...]:
    """Return the fields behind a finding about a stated quantity and one that is left open."""
    read = demand.read(stated)
    return ("quantities",) if read is None else ("quantities", read.field)


def _limits(demand: DemandProfile, technology: TechnologyProfile) -> list[Reason]:
    found = []
    for code, limit, offered, use in (
        ("payback", demand.max_payback_years, technology.payback_years, "max_payback_years"),
        ("budget", demand.budget_cny, technology.investment_cny, "budget_cny"),
    ):
        if not offered.is_usable:
            if limit is not None:
                found.append(Reason(code, UNKNOWN, {"limit": limit}, (use,), missing="technology"))
            continue
        low, high = offered.closed()
        params = {"minimum": low, "maximum": high}
        if limit is None:
            found.append(Reason(code, UNKNOWN, params, (use,), missing="demand"))
            continue
        fit = limit_fit(limit, low, high)
        params = {"limit": limit, **params}
        name = code if fit in (0, 1) else f"{code}_partly"
        found.append(Reason(name, FITS if fit > 0 else CONFLICT, params, (use,)))
    return found


def _saving(demand: DemandProfile, technology: TechnologyProfile) -> list[Reason]:
    estimate = estimate_saving(demand, technology)
    if estimate is None:
        if demand.annual_use_tce and is_rate_for_other_system(demand, technology):
            return [Reason("saving", UNKNOWN, {"doubt": "other_system"}, ("annual_use_tce", "systems"))]
        if demand.annual_use_tce or not technology.saving_rate.is_usable:
            return [Reason("saving", UNKNOWN, missing="technology")]
        return [Reason("saving", UNKNOWN, {}, ("annual_use_tce",), missing="demand")]
    params = {
        "basis": estimate.basis,
        "price_basis": estimate.price_basis,
        "saving_tce": _pair(estimate.saving_tce),
        "saving_cny": _pair(estimate.saving_cny) if estimate.saving_cny else None,
    }
    if estimate.basis == "own_use":
        params["annual_use_tce"] = demand.annual_use_tce
        params["saving_rate"] = _pair(Range(*technology.saving_rate.closed()))
    if estimate.doubt:
        params["doubt"] = estimate.doubt
    found = [Reason("saving", FITS, params, estimate.uses)]
    if demand.target_saving_tce and demand.target_saving_tce > 0:
        is_enough = estimate.middle_tce >= demand.target_saving_tce
        params = {"target_tce": demand.target_saving_tce, "saving_tce": params["saving_tce"]}
        uses = (*estimate.uses, "target_saving_tce")
        found.append(Reason("target", FITS if is_enough else CONFLICT, params, uses))
    return found


def _cases(demand: DemandProfile, technology: TechnologyProfile) -> list[Reason]:
    if not technology.case_count:
        return []
    near = [
        code for code in technology.case_industries if best_industry_fit(demand.industries, (code,)) >= 0.5
    ]
    if near:
        return [Reason("cases", FITS, {"count": len(near), "industries": sorted(set(near))}, ("industries",))]
    return [Reason("cases_elsewhere", FITS, {"count": technology.case_count})]


def _prior(technology: TechnologyProfile) -> list[Reason]:
    share = prior_of(technology)
    if share is None:
        return []
    prior = shipped_prior()
    params = {"share": round(share, 3), "overall": prior.overall, "years": list(prior.years)}
    # Being done more rarely than most is a thing to ask about, not a conflict.
    return [Reason("prior", FITS if share >= prior.overall else UNKNOWN, params)]


def _pair(bounds: Range) -> list[float | None]:
    return [bounds.minimum, bounds.maximum]
