"""The structured side of a library as arrays, so that a need is compared with all of it at once."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import blake2b

import numpy as np

from matching.engine.compatibility import (
    ALL_INDUSTRIES,
    OPEN_HARD_WEIGHT,
    UNUSED_SOURCE_WEIGHT,
    carrier_fit,
    condition_weight,
    industry_fit,
    limit_fit,
    range_fit,
    system_fit,
)
from matching.engine.prior import prior_of, shipped_prior
from matching.engine.profiles import DemandProfile, Range, TechnologyProfile
from matching.engine.quantity_kinds import (
    HEAT_SOURCE,
    distance_weight,
    is_excluded_by,
    is_wanted,
    spoken_against,
)
from matching.engine.scoring import EVIDENCE_VALUE

LABELS = ("industries", "systems", "carriers", "case_industries")
CASES_ELSEWHERE = 0.3
MOST_FITS = 500


@dataclass(frozen=True)
class LabelColumn:
    """Hold labels of technologies: row r carries ``labels[c]`` for c in ``codes[pointers[r]:pointers[r + 1]]``."""

    pointers: np.ndarray
    codes: np.ndarray
    labels: tuple[str, ...]
    _fits: dict[tuple[str, ...], np.ndarray] = field(default_factory=dict, repr=False, compare=False)

    @classmethod
    def build(cls, values: Iterable[Sequence[str]]) -> "LabelColumn":
        """Collect the labels of one technology after the other."""
        position: dict[str, int] = {}
        codes, pointers = [], [0]
        for labels in values:
            codes += [position.setdefault(label, len(position)) for label in labels if label]
            pointers.append(len(codes))
        return cls(np.array(pointers, dtype=np.int64), np.array(codes, dtype=np.int32), tuple(position))

    def best(
        self, rows: np.ndarray, wanted: Sequence[str], fit: Callable[[Sequence[str], str], float]
    ) -> np.ndarray:
        """Return for some rows the best fit of what is wanted to one of the labels, NaN without labels.

        Fits are kept by what is wanted, so ``fit`` must be the same in every call.

        Examples
        --------
        >>> column = LabelColumn.build([["boiler", "steam"], [], ["lighting"]])
        >>> column.best(np.arange(3), ("steam",), lambda wanted, label: float(label in wanted)).tolist()
        [1.0, nan, 0.0]
        """
        places, starts = entries_of(self.pointers, rows)
        return self._best(self.codes[places], starts, tuple(wanted), fit)

    def best_of_all(self, wanted: Sequence[str], fit: Callable[[Sequence[str], str], float]) -> np.ndarray:
        """Return what ``best`` does for every row, sooner than by naming them all."""
        return self._best(self.codes, self.pointers, tuple(wanted), fit)

    def _best(self, codes, starts, wanted, fit) -> np.ndarray:
        result = np.full(len(starts) - 1, np.nan)
        if len(codes):
            is_filled = starts[1:] > starts[:-1]
            fits = self._fits_of(wanted, fit)[codes]
            result[is_filled] = np.maximum.reduceat(fits, starts[:-1][is_filled])
        return result

    def _fits_of(self, wanted, fit) -> np.ndarray:
        # Many needs ask for the same few systems and industries.
        if wanted not in self._fits:
            if len(self._fits) >= MOST_FITS:
                self._fits.clear()
            self._fits[wanted] = np.array([fit(wanted, label) for label in self.labels], dtype=float)
        return self._fits[wanted]


def entries_of(pointers: np.ndarray, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return the places of all entries of some rows, one row after the other, and where each row starts there.

    Examples
    --------
    >>> entries_of(np.array([0, 2, 2, 3]), np.array([2, 0, 1]))
    (array([2, 0, 1]), array([0, 1, 3, 3]))
    """
    firsts = pointers[rows]
    starts = np.concatenate([[0], np.cumsum(pointers[rows + 1] - firsts)])
    places = np.arange(starts[-1]) + np.repeat(firsts - starts[:-1], np.diff(starts))
    return places, starts


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
            "condition_pointers": np.searchsorted(
                [each[0] for each in conditions], np.arange(len(technologies) + 1)
            ).astype(np.int64),
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
        hard = [place for place, each in enumerate(conditions) if each[3]]
        hard.sort(key=lambda place: conditions[place][1])
        arrays["listing"] = np.array(
            [_listing(row, each) for row, each in enumerate(technologies)], dtype=np.int64
        )
        arrays["hard"] = np.array(hard, dtype=np.int32)
        arrays["hard_pointers"] = np.searchsorted(
            [conditions[place][1] for place in hard], np.arange(len(position) + 1)
        ).astype(np.int64)
        return cls(len(technologies), labels, tuple(position), arrays)

    def compare(
        self, demand: DemandProfile, rows: np.ndarray | None = None
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return the values of the structured parts, NaN where unknown, and where a hard condition breaks.

        ``rows`` are the technologies to compare, all without it.

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
        rows = np.arange(self.count) if rows is None else rows
        conditions, has_hard_conflict = self._conditions(demand, rows)
        limit = _or_nan(demand.max_payback_years)
        budget = _or_nan(demand.budget_cny)
        system = self._labelled("systems", demand.systems, _best_system, rows)
        return {
            "system": system,
            "conditions": conditions,
            "industry": self._industry(demand, rows),
            "carrier": self._labelled("carriers", demand.carriers, _best_carrier, rows),
            "payback": limit_fit(limit, *self.arrays["payback"][rows].T),
            "budget": limit_fit(budget, *self.arrays["investment"][rows].T),
            "saving": self._saving(demand, rows, system),
            "cases": self._cases(demand, rows),
            "evidence": np.array(self.arrays["evidence"][rows]),
            "prior": np.array(self.arrays["prior"][rows]),
        }, has_hard_conflict

    def cheap_values(self, demand: DemandProfile) -> dict[str, np.ndarray]:
        """Return for every technology the values of the parts that take next to no time, as ``compare`` has them."""
        everything = slice(None)
        found = {name: self.arrays[name] for name in ("evidence", "prior")}
        if any(demand.systems):
            found["system"] = self.labels["systems"].best_of_all(demand.systems, _best_system)
        if any(demand.carriers):
            found["carrier"] = self.labels["carriers"].best_of_all(demand.carriers, _best_carrier)
        if any(demand.industries):
            fits = self.labels["industries"].best_of_all(demand.industries, _best_industry)
            found["industry"] = self._for_all_industries(fits, demand, everything)
        return found

    def costly(self, demand: DemandProfile) -> set[str]:
        """Return the other parts that the need does not leave open."""
        given = {
            "conditions": any(demand.given(quantity) for quantity in self.quantities),
            "payback": demand.max_payback_years is not None,
            "budget": demand.budget_cny is not None,
            "saving": bool(demand.target_saving_tce),
            "cases": True,
        }
        return {name for name, is_given in given.items() if is_given}

    def hard_conflicts(self, demand: DemandProfile) -> np.ndarray:
        """Return the rows with a hard condition that the need breaks; reads only quantities that it gives."""
        broken = [np.zeros(0, dtype=np.int32)]
        pointers, stated = self.arrays["hard_pointers"], demand.stated_quantities()
        for position, quantity in enumerate(self.quantities):
            given = demand.given(quantity)
            entries = self.arrays["hard"][pointers[position] : pointers[position + 1]]
            if given is None and is_excluded_by(quantity, spoken_against(quantity, stated)):
                broken.append(self.arrays["condition_row"][entries])
            if given is not None and given.is_sure:
                fits = range_fit(*given.range.closed(), *self.arrays["condition_range"][entries].T)
                broken.append(self.arrays["condition_row"][entries[fits == 0]])
        return np.concatenate(broken)

    def _labelled(self, name: str, wanted: Sequence[str], fit, rows: np.ndarray) -> np.ndarray:
        return self.labels[name].best(rows, wanted, fit) if any(wanted) else np.full(len(rows), np.nan)

    def _industry(self, demand: DemandProfile, rows: np.ndarray) -> np.ndarray:
        fits = self._labelled("industries", demand.industries, _best_industry, rows)
        return self._for_all_industries(fits, demand, rows)

    def _for_all_industries(self, fits: np.ndarray, demand: DemandProfile, rows) -> np.ndarray:
        applies_to_all = self.arrays["all_industries"][rows] & bool(demand.industries)
        return np.where(applies_to_all, np.fmax(fits, ALL_INDUSTRIES), fits)

    def _cases(self, demand: DemandProfile, rows: np.ndarray) -> np.ndarray:
        fits = self._labelled("case_industries", demand.industries, _best_industry, rows)
        return np.where(self.arrays["case_count"][rows] > 0, np.fmax(fits, CASES_ELSEWHERE), np.nan)

    def _saving(self, demand: DemandProfile, rows: np.ndarray, system: np.ndarray) -> np.ndarray:
        if not demand.target_saving_tce or demand.target_saving_tce <= 0:
            return np.full(len(rows), np.nan)
        use = _or_nan(demand.annual_use_tce)
        # A rate says nothing about the use of systems that the technology does not treat; see ``saving``.
        own = np.where(system == 0, np.nan, self.arrays["rate"][rows].mean(axis=1) * use)
        typical = self.arrays["typical_saving"][rows]
        # A comparison with what is not known is false, so an unknown use is no limit.
        typical = np.where((use > 0) & (typical > use), use, typical).mean(axis=1)
        expected = np.where(np.isnan(own), typical, own)
        # A target next to nothing is reached by anything, even where the quotient leaves the range of numbers.
        with np.errstate(over="ignore"):
            return np.clip(expected / demand.target_saving_tce, 0, 1)

    def _conditions(self, demand: DemandProfile, rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        mean = np.full(len(rows), np.nan)
        has_hard_conflict = np.zeros(len(rows), dtype=bool)
        available = np.full((len(self.quantities), 2), np.nan)
        is_sure = np.ones(len(self.quantities), dtype=bool)
        for position, code in enumerate(self.quantities):
            if given := demand.given(code):
                available[position] = given.range.closed()
                is_sure[position] = given.is_sure
        stated = demand.stated_quantities()
        against = [spoken_against(each, stated) for each in self.quantities]
        is_against = np.array([each is not None for each in against], dtype=bool)
        if np.isnan(available).all() and not is_against.any():
            return mean, has_hard_conflict
        places, starts = entries_of(self.arrays["condition_pointers"], rows)
        quantity = self.arrays["condition_quantity"][places]
        needed, is_hard = self.arrays["condition_range"][places], self.arrays["condition_is_hard"][places]
        fits = range_fit(*available[quantity].reshape(-1, 2).T, *needed.T)
        is_broken = (fits == 0) & is_hard & is_sure[quantity]
        if is_against.any():
            # What speaks against an open hard condition leaves it unmet, though nobody has said so.
            is_unmet = np.isnan(fits) & is_hard & is_against[quantity]
            is_excluded = np.array(
                [is_excluded_by(*each) for each in zip(self.quantities, against, strict=True)]
            )
            is_broken |= is_unmet & is_excluded[quantity]
            fits[is_unmet] = 0
        is_judged = ~np.isnan(fits)
        owner = np.repeat(np.arange(len(rows)), np.diff(starts))
        weights = self._condition_weights(available, needed, quantity)

        def total(chosen: np.ndarray, values: np.ndarray) -> np.ndarray:
            return np.bincount(owner[chosen], weights=values[chosen], minlength=len(rows))

        judged = total(is_judged, weights)
        is_open = ~is_judged & is_hard
        open_weight = OPEN_HARD_WEIGHT * np.bincount(owner[is_open], minlength=len(rows))
        if HEAT_SOURCE in stated:
            is_unused = np.zeros(len(rows), dtype=bool)
            is_unused[owner[is_judged & self._is(is_wanted)[quantity]]] = True
            is_unused[owner[self._is(HEAT_SOURCE.__eq__)[quantity]]] = False
            open_weight[is_unused] += UNUSED_SOURCE_WEIGHT
        np.divide(total(is_judged, weights * fits), judged + open_weight, out=mean, where=judged > 0)
        has_hard_conflict[owner[is_broken]] = True
        return mean, has_hard_conflict

    def _condition_weights(self, available, needed, quantity) -> np.ndarray:
        """Return how much each of some conditions counts; a heat source far beyond its range counts more."""
        weights = np.array([condition_weight(each) for each in self.quantities], dtype=float)[quantity]
        if HEAT_SOURCE in self.quantities:
            own = self.quantities.index(HEAT_SOURCE)
            low, high = available[own]
            if not np.isnan(low):
                is_source = quantity == own
                least, most = needed[is_source].T
                weights[is_source] *= distance_weight(np.maximum(least - high, low - most), most - least)
        return weights

    def _is(self, test: Callable[[str], bool]) -> np.ndarray:
        return np.array([test(each) for each in self.quantities], dtype=bool)


def _best_system(wanted: Sequence[str], label: str) -> float:
    return max(system_fit(each, label) for each in wanted)


def _best_carrier(wanted: Sequence[str], label: str) -> float:
    return max(carrier_fit(each, label) for each in wanted)


def _best_industry(wanted: Sequence[str], code: str) -> float:
    return max((industry_fit(each, code) for each in wanted if each), default=np.nan)


def _listing(row: int, technology: TechnologyProfile) -> int:
    """Return a number that technologies of one owner and title share, and no others."""
    if not technology.owner:
        return row
    text = f"{technology.title.strip()}\n{technology.owner}".encode()
    # Negative, so that it never meets the number of a row.
    return -1 - (int.from_bytes(blake2b(text, digest_size=8).digest(), "big") >> 1)


def _or_nan(value: float | None) -> float:
    return np.nan if value is None else value


def _prior_value(technology: TechnologyProfile) -> float:
    share = prior_of(technology)
    return np.nan if share is None else shipped_prior().value(share)


def _bounds(ranges: Iterable[Range]) -> np.ndarray:
    bounds = [each.closed() if each.is_usable else (np.nan, np.nan) for each in ranges]
    return np.array(bounds, dtype=float).reshape(-1, 2)
