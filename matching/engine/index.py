"""The index: rank technologies for needs, and follow changes of the library."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from matching.engine.model import RankingModel, shipped_model
from matching.engine.profiles import DemandProfile, ListingId, TechnologyProfile
from matching.engine.reasons import Reason, find_reasons
from matching.engine.scoring import Part, combine, explain
from matching.engine.segment import Queries, Segment
from matching.engine.text import normalise
from matching.engine.vectors import TextModel

BATCH = 64
SMALL_LIBRARY = 300
LARGEST_DELTA_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Match:
    """Pair a need with a technology; the contributions of the parts add up to the score."""

    demand_id: ListingId
    technology_id: ListingId
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]


class MatchIndex:
    """Hold a library of technologies, indexed for matching.

    Changes go to a small second segment that uses the vocabulary and weights of the first; when it
    outgrows a tenth of the library, both are fitted anew. Not safe for use by several threads at once.

    ``ranking`` is the model that weighs the parts; another one may be put in its place at any time.

    Examples
    --------
    >>> index = MatchIndex.build([TechnologyProfile(1, "空压机余热回收"), TechnologyProfile(2, "蓄热式燃烧")])
    >>> [match.technology_id for match in index.rank(DemandProfile(9, "回收空压机的余热"), top=1)]
    [1]
    >>> index.remove(1)
    >>> index.replace(TechnologyProfile(3, "余热锅炉"))
    >>> [match.technology_id for match in index.rank(DemandProfile(9, "回收空压机的余热"), top=1)]
    [3]
    """

    def __init__(
        self,
        model: TextModel,
        base: Segment,
        generation: int = 0,
        library: str = "",
        ranking: RankingModel | None = None,
    ):
        self.model = model
        self.base = base
        self.ranking = ranking or shipped_model()
        self.generation = generation
        self.library = library
        self._position = {identity: row for row, identity in enumerate(base.ids)}
        self._is_alive = np.ones(len(base.ids), dtype=bool)
        self._changed: dict[ListingId, TechnologyProfile] = {}
        self._delta: Segment | None = None

    @classmethod
    def build(
        cls,
        technologies: Iterable[TechnologyProfile],
        generation: int = 0,
        library: str = "",
        ranking: RankingModel | None = None,
    ) -> "MatchIndex":
        """Fit the text model on the technologies and index them; of equal ids the last one counts.

        ``library`` and ``generation`` are the caller's marks of what was indexed. Without ``ranking`` the
        shipped model weighs the parts.
        """
        unique = list({each.id: each for each in technologies}.values())
        model = TextModel.fit(
            [normalise(each.title) for each in unique], [normalise(each.body) for each in unique]
        )
        return cls(model, Segment.build(model, unique), generation, library, ranking)

    def __len__(self) -> int:
        return int(self._is_alive.sum()) + len(self._changed)

    def __contains__(self, identity: ListingId) -> bool:
        return self.profile(identity) is not None

    @property
    def has_changes(self) -> bool:
        """Tell whether the index differs from what was built or loaded."""
        return bool(self._changed) or not self._is_alive.all()

    def profiles(self) -> Iterator[TechnologyProfile]:
        """Yield the technologies held."""
        for row, profile in enumerate(self.base.profiles):
            if self._is_alive[row]:
                yield profile
        yield from self._changed.values()

    def replace(self, technology: TechnologyProfile) -> None:
        """Add a technology, or put its new version in place of the old one."""
        self._bury(technology.id)
        self._changed[technology.id] = technology
        self._delta = None

    def remove(self, identity: ListingId) -> None:
        """Take a technology out; an unknown one is no error."""
        self._bury(identity)
        if self._changed.pop(identity, None) is not None:
            self._delta = None

    def compact(self) -> None:
        """Fit everything anew when there are changes."""
        if self.has_changes:
            fresh = MatchIndex.build(self.profiles(), self.generation, self.library, self.ranking)
            self.__dict__.update(fresh.__dict__)

    def rank(
        self,
        demand: DemandProfile,
        *,
        top: int = 50,
        exclude: Collection[ListingId] = (),
        minimum_score: float = 0.0,
        minimum_score_in_conflict: float = 0.0,
    ) -> list[Match]:
        """Return the best technologies for a need, best first; ties go by id, as text.

        Scores below ``minimum_score`` are left out; of technologies with a broken hard condition, whose
        scores are cut, those below ``minimum_score_in_conflict``.
        """
        return self.rank_many(
            [demand],
            top=top,
            exclude=exclude,
            minimum_score=minimum_score,
            minimum_score_in_conflict=minimum_score_in_conflict,
        )[0]

    def rank_many(
        self,
        demands: Sequence[DemandProfile],
        *,
        top: int = 50,
        exclude: Collection[ListingId] = (),
        minimum_score: float = 0.0,
        minimum_score_in_conflict: float = 0.0,
    ) -> list[list[Match]]:
        """Return one list of matches per need; lists equal those of ``rank``."""
        self._refresh()
        results = []
        for start in range(0, len(demands), BATCH):
            batch = demands[start : start + BATCH]
            queries = Queries.build(self.model, batch)
            for row in range(len(batch)):
                lowest = (minimum_score, minimum_score_in_conflict)
                results.append(self._rank_row(queries, row, top, set(exclude), lowest))
        return results

    def match(self, demand: DemandProfile, identity: ListingId) -> Match | None:
        """Return the match of one pair, however low, or None when the technology is not held."""
        technology = self.profile(identity)
        return None if technology is None else self._pair(Queries.build(self.model, [demand]), 0, technology)

    def profile(self, identity: ListingId) -> TechnologyProfile | None:
        """Return the technology held under an id, None for an unknown one."""
        if identity in self._changed:
            return self._changed[identity]
        row = self._position.get(identity)
        return self.base.profiles[row] if row is not None and self._is_alive[row] else None

    def match_of(self, demand: DemandProfile, technology: TechnologyProfile) -> Match:
        """Return the match of a need with a technology, held or not."""
        return self._pair(Queries.build(self.model, [demand]), 0, technology)

    def all_scores(self, demand: DemandProfile) -> tuple[list[ListingId], np.ndarray, np.ndarray]:
        """Return the ids of all technologies held, their scores for a need, and where a hard condition breaks."""
        self._refresh()
        queries = Queries.build(self.model, [demand])
        ids: list[ListingId] = []
        scores, conflicts = [np.empty(0)], [np.empty(0, dtype=bool)]
        for segment, is_alive in ((self.base, self._is_alive), (self._delta, None)):
            if segment is None or not segment.ids:
                continue
            values, broken = segment.values(queries, 0, self.ranking)
            kept = np.ones(len(segment.ids), dtype=bool) if is_alive is None else is_alive
            ids += [identity for identity, is_kept in zip(segment.ids, kept, strict=True) if is_kept]
            scores.append(combine(values, broken, self.ranking)[kept])
            conflicts.append(broken[kept])
        return ids, np.concatenate(scores), np.concatenate(conflicts)

    def scores_of(self, technology: TechnologyProfile, demands: Sequence[DemandProfile]) -> np.ndarray:
        """Return the score of one technology, held or not, for each need."""
        self._refresh()
        segment = Segment.build(self.model, [technology])
        scores = np.zeros(len(demands))
        for start in range(0, len(demands), BATCH):
            queries = Queries.build(self.model, demands[start : start + BATCH])
            for row in range(len(queries.demands)):
                scores[start + row] = segment.scores(queries, row, self.ranking)[0]
        return scores

    def rank_demands_for(
        self, technology: TechnologyProfile, demands: Sequence[DemandProfile], *, top: int = 50
    ) -> list[Match]:
        """Return the needs that a technology suits best, best first."""
        scores = self.scores_of(technology, demands)
        best = sorted(range(len(demands)), key=lambda row: (-scores[row], str(demands[row].id)))[:top]
        return [self._pair(Queries.build(self.model, [demands[row]]), 0, technology) for row in best]

    def _bury(self, identity: ListingId) -> None:
        row = self._position.get(identity)
        if row is not None:
            self._is_alive[row] = False

    def _refresh(self) -> None:
        base_count = len(self.base.ids)
        is_refit_due = base_count < SMALL_LIBRARY or len(self._changed) > base_count * LARGEST_DELTA_SHARE
        if self._changed and is_refit_due:
            self.compact()
        elif self._changed and self._delta is None:
            self._delta = Segment.build(self.model, list(self._changed.values()))

    def _rank_row(
        self, queries: Queries, row: int, top: int, exclude: set, lowest: tuple[float, float]
    ) -> list[Match]:
        candidates = []
        for segment, is_alive in ((self.base, self._is_alive), (self._delta, None)):
            if segment is None or not segment.ids:
                continue
            values, conflicts = segment.values(queries, row, self.ranking)
            scores = combine(values, conflicts, self.ranking)
            is_wanted = scores >= np.where(conflicts, lowest[1], lowest[0])
            if is_alive is not None:
                is_wanted &= is_alive
            for place in _best(scores, is_wanted, top + len(exclude)):
                if segment.ids[place] not in exclude:
                    found = _Candidate(segment, int(place), values, conflicts, self.ranking)
                    candidates.append(((-scores[place], str(segment.ids[place])), found))
        candidates.sort(key=lambda candidate: candidate[0])
        demand = queries.demands[row]
        return [candidate.match(demand) for _, candidate in candidates[:top]]

    def _pair(self, queries: Queries, row: int, technology: TechnologyProfile) -> Match:
        segment = Segment.build(self.model, [technology])
        return _Candidate(segment, 0, *segment.values(queries, row, self.ranking), self.ranking).match(
            queries.demands[row]
        )


@dataclass(frozen=True, slots=True)
class _Candidate:
    segment: Segment
    place: int
    values: dict[str, np.ndarray]
    conflicts: np.ndarray
    ranking: RankingModel

    def match(self, demand: DemandProfile) -> Match:
        technology = self.segment.profiles[self.place]
        values = {name: float(value[self.place]) for name, value in self.values.items()}
        score, parts = explain(values, bool(self.conflicts[self.place]), self.ranking)
        return Match(demand.id, technology.id, score, parts, find_reasons(demand, technology))


def _best(scores: np.ndarray, is_wanted: np.ndarray, count: int) -> np.ndarray:
    """Return the places of the highest scores and of all that equal the last of them."""
    places = np.flatnonzero(is_wanted)
    if len(places) <= count or count <= 0:
        return places
    wanted = scores[places]
    threshold = np.partition(wanted, len(wanted) - count)[len(wanted) - count]
    return places[wanted >= threshold]
