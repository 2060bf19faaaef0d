"""Invented demands with the reference technologies that an energy engineer expects for them: a score of their own.

The judged needs of `evaluation` carry text alone; these have quantities, systems and carriers, and technologies that
must not match.
"""

import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from catalog.services.reference import read_technologies
from matching.engine.index import Match, MatchIndex
from matching.engine.profiles import DemandProfile, Range, TechnologyProfile
from matching.engine.quantities import read_fields
from matching.models.recommendations import MATCHED_SCORE
from matching.profiles import TECHNOLOGY_TEXTS, all_conditions, number, number_range

CASES = Path(__file__).parents[1] / "data/regression.toml"
FIRST = 5


@dataclass(frozen=True, slots=True)
class Case:
    """One demand; `why` says what makes the forbidden technologies wrong."""

    demand: DemandProfile
    expected: tuple[str, ...]
    forbidden: tuple[str, ...]
    why: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one case: its first technologies, the expected ones missing and the forbidden ones that match."""

    case: Case
    first: tuple[str, ...]
    missing: tuple[str, ...]
    violations: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Figures:
    """The score of the suite: mean share of expected technologies among the first five, and what must not happen."""

    recall_at_5: float
    first_is_expected: float
    violations: int
    case_count: int
    forbidden_count: int
    outcomes: tuple[Outcome, ...]


def read_cases(path: Path = CASES) -> list[Case]:
    """Return the demands of the suite; quantities are typed ones, everything else is read from the texts."""
    return [_case(number, entry) for number, entry in enumerate(tomllib.loads(path.read_text())["case"])]


def _case(number: int, entry: dict[str, Any]) -> Case:
    texts = {name: entry.get(name, "") for name in ("title", "problem", "process")}
    demand = DemandProfile(
        id=number,
        title=texts["title"],
        body="\n".join(text for text in (texts["problem"], texts["process"]) if text),
        industries=(entry["industry"],) if "industry" in entry else (),
        systems=tuple(entry.get("systems", ())),
        carriers=tuple(entry.get("carriers", ())),
        quantities={code: Range(*bounds) for code, bounds in entry.get("quantities", {}).items()},
        read_quantities=read_fields(texts),
    )
    expected, forbidden = (tuple(entry.get(name, ())) for name in ("expected", "forbidden"))
    return Case(demand, expected, forbidden, entry.get("why", ""))


def without_fields(case: Case, *, is_read: bool = True) -> Case:
    """Return the case with nothing but its texts; without `is_read` no quantity is read from them either."""
    fields = {"systems": (), "carriers": (), "industries": (), "quantities": {}}
    if not is_read:
        fields["read_quantities"] = {}
    return replace(case, demand=replace(case.demand, **fields))


def reference_profiles() -> Iterable[TechnologyProfile]:
    """Yield the reference technologies as their files have them, with their slugs for ids."""
    for entry in read_technologies():
        rows = [
            (each["quantity"], each.get("minimum"), each.get("maximum"), each.get("is_hard", False))
            for each in entry.get("conditions", ())
        ]
        yield TechnologyProfile(
            id=entry["slug"],
            title=entry["title"],
            body="\n".join(text for name in TECHNOLOGY_TEXTS if (text := entry.get(name))),
            industries=tuple(entry["industries"]),
            applies_to_all_industries=entry["applies_to_all_industries"],
            systems=tuple(entry["systems"]),
            carriers=tuple(entry["carriers"]),
            conditions=tuple(all_conditions(rows, entry["conditions_note"])),
            saving_rate=number_range(entry.get("saving_rate_min"), entry.get("saving_rate_max")),
            annual_saving_tce=number_range(
                entry.get("annual_saving_min_tce"), entry.get("annual_saving_max_tce")
            ),
            investment_cny=number_range(entry.get("investment_min_cny"), entry.get("investment_max_cny")),
            payback_years=number_range(entry.get("payback_min_years"), entry.get("payback_max_years")),
            penetration=number(entry.get("penetration_now")),
        )


def run_regression(cases: Sequence[Case] | None = None) -> Figures:
    """Rank the reference library for each case and count what is missing and what must not be there.

    A forbidden technology violates when it stands among the first five, or counts as matched.
    """
    cases = read_cases() if cases is None else cases
    index = MatchIndex.build(reference_profiles())
    ranked = index.rank_many([case.demand for case in cases], top=len(index))
    outcomes = tuple(_outcome(case, matches) for case, matches in zip(cases, ranked, strict=True))
    wanted = [outcome for outcome in outcomes if outcome.case.expected]
    count = max(len(wanted), 1)
    return Figures(
        sum(1 - len(each.missing) / len(each.case.expected) for each in wanted) / count,
        sum(bool(set(each.first[:1]) & set(each.case.expected)) for each in wanted) / count,
        sum(len(each.violations) for each in outcomes),
        len(outcomes),
        sum(len(each.case.forbidden) for each in outcomes),
        outcomes,
    )


def _outcome(case: Case, matches: Sequence[Match]) -> Outcome:
    first = tuple(str(match.technology_id) for match in matches[:FIRST])
    matched = {match.technology_id for match in matches if _is_matched(match)}
    return Outcome(
        case,
        first,
        tuple(each for each in case.expected if each not in first),
        tuple(each for each in case.forbidden if each in first or each in matched),
    )


def _is_matched(match: Match) -> bool:
    has_conflict = any(part.name == "hard_conflict" for part in match.parts)
    return match.score >= MATCHED_SCORE and not has_conflict
