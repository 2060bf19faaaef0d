"""The structured side of a library as arrays, so that a need is compared with all of it at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.compatibility import (
    ALL_INDUSTRIES,
    best_industry_fit,
    carrier_fit,
    limit_fit,
    range_fit,
    system_fit,
)
from matching.engine.prior import prior_of, shipped_prior
from matching.engine.profiles import DemandProfile, Range, TechnologyProfile
from matching.engine.scoring import EVIDENCE_VALUE

LABELS = ("industries", "systems", "carriers", "case_industries")
CASES_ELSEWHERE = 0.3


@dataclass(frozen=True)
class LabelColumn:
    """Hold labels of technologies: ``rows[i]`` carries ``labels[codes[i]]``."""

    rows: np.ndarray
    codes: np.ndarray
    labels: tuple[str, ...]

    @classmethod
    def build(cls, values: Iterable[Sequence[str]]) -> "LabelColumn":
        """Collect the labels of one technology after the other."""
        position: dict[str, int] = {}
        pairs = [
            (row, position.setdefault(label, len(position)))
            for row, labels in enumerate(values)
            for label in labels
            if label
        ]
        array = np.array(pairs, dtype=np.int32).reshape(-1, 2)
        return cls(array[:, 0].copy(), array[:, 1].copy(), tuple(position))

    def best(self, count: int, fit: Callable[[str], float]) -> np.ndarray:
        """Return the best fit among each technology's labels, NaN where it has none.

        Examples
        --------
        >>> column = LabelColumn.build([["boiler", "steam"], [], ["lighting"]])
        >>> column.best(3, lambda label: float(label == "steam")).tolist()
        [1.0, nan, 0.0]
        """
        result = np.full(count, np.nan)
        if len(self.rows):
            fits = np.array([fit(label) for label in self.labels], dtype=float)
            result[self.rows] = -np.inf
            np.maximum.at(result, self.rows, fits[self.codes])
        return result


@dataclass(frozen=True)
class Columns:
    """Hold every structured field of a library; ``arrays`` are the plain ones, by name."""

    count: int
    labels: Mapping[str, LabelColumn]
    quantities: tuple[str, ...]
    arrays: Mapping[str, np.ndarray]

    @classmethod
    def build(cls, technologies: Sequence[TechnologyProfile]) -> "Columns":
        """Lay the profiles out as arrays; contradictory ranges become unknown."""
        labels = {name: LabelColumn.build(getattr(each, name) for each in technologies) for name in LABELS}
        position: dict[str, int] = {}
        conditions = [
            (row, position.setdefault(condition.quantity, len(position)), condition.range, condition.is_hard)
            for row, technology in enumerate(technologies)
            for condition in technology.conditions
            if condition.range.is_usable
        ]
        arrays = {
            "all_industries": np.array([each.applies_to_all_industries for each in technologies], dtype=bool),
            "case_count": np.array([each.case_count for each in technologies], dtype=np.int32),
            "evidence": np.array(
                [EVIDENCE_VALUE.get(each.evidence, np.nan) for each in technologies], dtype=float
            ),
            "prior": np.array([_prior_value(each) for each in technologies], dtype=float),
            "payback": _bounds(each.payback_years for each in technologies),
            "investment": _bounds(each.investment_cny for each in technologies),
            "rate": _bounds(each.saving_rate for each in technologies),
            "typical_saving": _bounds(each.annual_saving_tce for each in technologies),
            "condition_row": np.array([each[0] for each in conditions], dtype=np.int32),
            "condition_quantity": np.array([each[1] for each in conditions], dtype=np.int32),
            "condition_range": np.array(
                [
                    (
                        -np.inf if each[2].minimum is None else each[2].minimum,
                        np.inf if each[2].maximum is None else each[2].maximum,
                    )
                    for each in conditions
                ],
                dtype=float,
            ).reshape(-1, 2),
            "condition_is_hard": np.array([each[3] for each in conditions], dtype=bool),
        }
        return cls(len(technologies), labels, tuple(position), arrays)

    def compare(self, demand: DemandProfile) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return the values of the structured parts, NaN where unknown, and where a hard condition breaks.

        Examples
        --------
        >>> from matching.engine.profiles import Condition
        >>> needs_heat = TechnologyProfile(
        ...     1, "ORC", conditions=(Condition("heat_source_temperature_c", Range(80, None), True),)
        ... )
        >>> demand = DemandProfile(1, "", quantities={"heat_source_temperature_c": Range(45, 45)})
        >>> values, has_conflict = Columns.build([needs_heat]).compare(demand)
        >>> values["conditions"].tolist(), has_conflict.tolist(), values["industry"].tolist()
        ([0.0], [True], [nan])
        """
        conditions, has_hard_conflict = self._conditions(demand)
        limit = _or_nan(demand.max_payback_years)
        budget = _or_nan(demand.budget_cny)
        return {
            "system": self._labelled("systems", demand.systems, system_fit),
            "conditions": conditions,
            "industry": self._industry(demand),
            "carrier": self._labelled("carriers", demand.carriers, carrier_fit),
            "payback": limit_fit(limit, *self.arrays["payback"].T),
            "budget": limit_fit(budget, *self.arrays["investment"].T),
            "saving": self._saving(demand),
            "cases": self._cases(demand),
            "evidence": np.array(self.arrays["evidence"]),
            "prior": np.array(self.arrays["prior"]),
        }, has_hard_conflict

    def _labelled(self, name: str, wanted: Sequence[str], fit: Callable[[str, str], float]) -> np.ndarray:
        if not wanted:
            return np.full(self.count, np.nan)
        return self.labels[name].best(self.count, lambda label: max(fit(each, label) for each in wanted))

    def _industry(self, demand: DemandProfile) -> np.ndarray:
        fits = self._by_industry("industries", demand)
        applies_to_all = self.arrays["all_industries"] & bool(demand.industries)
        return np.where(applies_to_all, np.fmax(fits, ALL_INDUSTRIES), fits)

    def _cases(self, demand: DemandProfile) -> np.ndarray:
        fits = self._by_industry("case_industries", demand)
        return np.where(self.arrays["case_count"] > 0, np.fmax(fits, CASES_ELSEWHERE), np.nan)

    def _by_industry(self, name: str, demand: DemandProfile) -> np.ndarray:
        if not any(demand.industries):
            return np.full(self.count, np.nan)
        return self.labels[name].best(self.count, lambda code: best_industry_fit(demand.industries, (code,)))

    def _saving(self, demand: DemandProfile) -> np.ndarray:
        if not demand.target_saving_tce or demand.target_saving_tce <= 0:
            return np.full(self.count, np.nan)
        own = self.arrays["rate"].mean(axis=1) * _or_nan(demand.annual_use_tce)
        expected = np.where(np.isnan(own), self.arrays["typical_saving"].mean(axis=1), own)
        return np.clip(expected / demand.target_saving_tce, 0, 1)

    def _conditions(self, demand: DemandProfile) -> tuple[np.ndarray, np.ndarray]:
        available = np.full((len(self.quantities), 2), np.nan)
        for position, quantity in enumerate(self.quantities):
            given = demand.quantities.get(quantity)
            if given is not None and given.is_usable:
                available[position] = given.closed()
        rows = self.arrays["condition_row"]
        offered = available[self.arrays["condition_quantity"]].reshape(-1, 2)
        fits = range_fit(*offered.T, *self.arrays["condition_range"].T)
        is_judged = ~np.isnan(fits)
        judged = np.bincount(rows[is_judged], minlength=self.count)
        total = np.bincount(rows[is_judged], weights=fits[is_judged], minlength=self.count)
        mean = np.divide(total, judged, out=np.full(self.count, np.nan), where=judged > 0)
        has_hard_conflict = np.zeros(self.count, dtype=bool)
        has_hard_conflict[rows[is_judged & (fits == 0) & self.arrays["condition_is_hard"]]] = True
        return mean, has_hard_conflict


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _prior_value(technology: TechnologyProfile) -> float:
    share = prior_of(technology)
    return np.nan if share is None else shipped_prior().value(share)


def _bounds(ranges: Iterable[Range]) -> np.ndarray:
    bounds = [each.closed() if each.is_usable else (np.nan, np.nan) for each in ranges]
    return np.array(bounds, dtype=float).reshape(-1, 2)
