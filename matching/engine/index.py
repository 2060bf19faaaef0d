"""The index: rank technologies for needs, and follow changes of the library."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np

from matching.engine.merging import SMALL_SEGMENT, Merge, open_after, open_profiles, segments_to_merge
from matching.engine.model import RankingModel, shipped_model
from matching.engine.profiles import DemandProfile, ListingId, TechnologyProfile
from matching.engine.reasons import Reason, find_reasons
from matching.engine.scoring import Part, combine, explain
from matching.engine.segment import Queries, Segment
from matching.engine.selection import Limits, Selection, select
from matching.engine.text import normalise
from matching.engine.vectors import TextModel

BATCH = 64
SMALL_LIBRARY = 300
LARGEST_DELTA_SHARE = 0.1


@dataclass(frozen=True, slots=True)
class Match:
    """Pair a need with a technology; the contributions of the parts add up to the score.

    ``is_twin`` marks what repeats a listing further up: same owner, same title.
    """

    demand_id: ListingId
    technology_id: ListingId
    score: float
    parts: tuple[Part, ...]
    reasons: tuple[Reason, ...]
    is_twin: bool = False


class MatchIndex:
    """Hold a library of technologies, indexed for matching.

    Changes go to small further segments that use the vocabulary and weights of the first. Larger ones are put
    together by ``prepare_merge``, ``Merge.run`` and ``take_over``, of which the second may go on beside queries; when
    they outgrow a tenth of the library (``is_outgrown``), it is time to fit everything anew. Otherwise not safe for
    use by several threads at once.

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
        self.fitted_at = generation
        self.library = library
        self._segments = [base]
        self._is_open = [np.ones(len(base.ids), dtype=bool)]
        self._position = {identity: (0, row) for row, identity in enumerate(base.ids)}
        self._pending: dict[ListingId, TechnologyProfile] = {}

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
        model, titles, bodies = TextModel.fit_counted(
            [normalise(each.title) for each in unique], [normalise(each.body) for each in unique]
        )
        return cls(model, Segment.build_counted(model, unique, titles, bodies), generation, library, ranking)

    def __len__(self) -> int:
        return len(self._position) + len(self._pending)

    def __contains__(self, identity: ListingId) -> bool:
        return self.profile(identity) is not None

    @property
    def has_changes(self) -> bool:
        """Tell whether the index differs from what was built or loaded."""
        return bool(self._pending) or len(self._segments) > 1 or not self._is_open[0].all()

    @property
    def change_count(self) -> int:
        """Return how many technologies stand outside the first segment."""
        return len(self._pending) + sum(len(segment.ids) for segment in self._segments[1:])

    @property
    def is_outgrown(self) -> bool:
        """Tell whether so much has changed that vocabulary and weights no longer fit the library."""
        return self.change_count > len(self.base.ids) * LARGEST_DELTA_SHARE

    def profiles(self) -> Iterator[TechnologyProfile]:
        """Yield the technologies held when this is called; the index may change meanwhile."""
        segments, is_open = tuple(self._segments), [own.copy() for own in self._is_open]
        return chain(open_profiles(segments, is_open), list(self._pending.values()))

    def prepare_merge(self) -> Merge | None:
        """Return the work of putting segments together, None while there are few."""
        numbers = segments_to_merge([len(segment.ids) for segment in self._segments])
        if numbers is None:
            return None
        part = slice(numbers.start, numbers.stop)
        is_open = tuple(own.copy() for own in self._is_open[part])
        return Merge(self.model, numbers.start, tuple(self._segments[part]), is_open)

    def take_over(self, merge: Merge, merged: Segment) -> bool:
        """Put a merged segment in place of those it was made of; leave all as it is when they are gone."""
        last = merge.first + len(merge.segments)
        present = self._segments[merge.first : last]
        if len(present) != len(merge.segments) or any(
            mine is not theirs for mine, theirs in zip(present, merge.segments, strict=True)
        ):
            return False
        is_open = open_after(merge, merged, self._position)
        self._segments[merge.first : last] = [merged]
        self._is_open[merge.first : last] = [is_open]
        for number in range(merge.first, len(self._segments)):
            segment, own = self._segments[number], self._is_open[number]
            self._position.update({segment.ids[row]: (number, row) for row in np.flatnonzero(own).tolist()})
        return True

    def replace(self, technology: TechnologyProfile) -> None:
        """Add a technology, or put its new version in place of the old one."""
        self.remove(technology.id)
        self._pending[technology.id] = technology

    def remove(self, identity: ListingId) -> None:
        """Take a technology out; an unknown one is no error."""
        self._pending.pop(identity, None)
        place = self._position.pop(identity, None)
        if place is not None:
            self._is_open[place[0]][place[1]] = False

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
        folds_twins: bool = False,
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
            folds_twins=folds_twins,
        )[0]

    def rank_many(
        self,
        demands: Sequence[DemandProfile],
        *,
        top: int = 50,
        exclude: Collection[ListingId] = (),
        minimum_score: float = 0.0,
        minimum_score_in_conflict: float = 0.0,
        folds_twins: bool = False,
    ) -> list[list[Match]]:
        """Return one list of matches per need; lists equal those of ``rank``.

        With ``folds_twins`` there are up to ``top`` technologies of different owner or title, and beside them what
        repeats one of them with a score as good as the last, at most as many again.
        """
        self._refresh()
        limits = Limits(top, minimum_score, minimum_score_in_conflict, folds_twins)
        results = []
        for start in range(0, len(demands), BATCH):
            batch = demands[start : start + BATCH]
            queries = Queries.build(self.model, batch, self.ranking)
            for row in range(len(batch)):
                results.append(self._rank_row(queries, row, exclude, limits))
        return results

    def among(self, technologies: Sequence[TechnologyProfile]) -> "MatchIndex":
        """Return an index of a few technologies with the words and weights of this one, to rank a shortlist.

        Examples
        --------
        >>> index = MatchIndex.build([TechnologyProfile(1, "空压机余热回收"), TechnologyProfile(2, "余热锅炉")])
        >>> [match.technology_id for match in index.among([index.profile(2)]).rank(DemandProfile(9, "余热"))]
        [2]
        """
        segment = Segment.build(self.model, technologies)
        return MatchIndex(self.model, segment, self.generation, self.library, self.ranking)

    def match(self, demand: DemandProfile, identity: ListingId) -> Match | None:
        """Return the match of one pair, however low, or None when the technology is not held."""
        technology = self.profile(identity)
        return (
            None
            if technology is None
            else self._pair(Queries.build(self.model, [demand], self.ranking), 0, technology)
        )

    def profile(self, identity: ListingId) -> TechnologyProfile | None:
        """Return the technology held under an id, None for an unknown one."""
        if identity in self._pending:
            return self._pending[identity]
        place = self._position.get(identity)
        return None if place is None else self._segments[place[0]].profiles[place[1]]

    def match_of(self, demand: DemandProfile, technology: TechnologyProfile) -> Match:
        """Return the match of a need with a technology, held or not."""
        return self._pair(Queries.build(self.model, [demand], self.ranking), 0, technology)

    def all_scores(self, demand: DemandProfile) -> tuple[list[ListingId], np.ndarray, np.ndarray]:
        """Return the ids of all technologies held, their scores for a need, and where a hard condition breaks."""
        self._refresh()
        queries = Queries.build(self.model, [demand], self.ranking)
        ids: list[ListingId] = []
        scores, conflicts = [np.empty(0)], [np.empty(0, dtype=bool)]
        for segment, is_open in zip(self._segments, self._is_open, strict=True):
            rows = np.flatnonzero(is_open)
            values, broken = segment.values(queries, 0, self.ranking, rows)
            ids += [segment.ids[row] for row in rows.tolist()]
            scores.append(combine(values, broken, self.ranking))
            conflicts.append(broken)
        return ids, np.concatenate(scores), np.concatenate(conflicts)

    def scores_of(self, technology: TechnologyProfile, demands: Sequence[DemandProfile]) -> np.ndarray:
        """Return the score of one technology, held or not, for each need."""
        self._refresh()
        segment = Segment.build(self.model, [technology])
        scores = np.zeros(len(demands))
        for start in range(0, len(demands), BATCH):
            queries = Queries.build(self.model, demands[start : start + BATCH], self.ranking)
            for row in range(len(queries.demands)):
                scores[start + row] = segment.scores(queries, row, self.ranking)[0]
        return scores

    def rank_demands_for(
        self, technology: TechnologyProfile, demands: Sequence[DemandProfile], *, top: int = 50
    ) -> list[Match]:
        """Return the needs that a technology suits best, best first."""
        scores = self.scores_of(technology, demands)
        best = sorted(range(len(demands)), key=lambda row: (-scores[row], str(demands[row].id)))[:top]
        return [
            self._pair(Queries.build(self.model, [demands[row]], self.ranking), 0, technology) for row in best
        ]

    def _refresh(self) -> None:
        if not self._pending:
            return
        if len(self.base.ids) < SMALL_LIBRARY:
            self.compact()
            return
        fresh = list(self._pending.values())
        if len(self._segments) > 1 and len(self._segments[-1].ids) + len(fresh) <= SMALL_SEGMENT:
            fresh = [*open_profiles(self._segments[-1:], self._is_open[-1:]), *fresh]
            self._segments.pop()
            self._is_open.pop()
        number = len(self._segments)
        self._segments.append(Segment.build(self.model, fresh))
        self._is_open.append(np.ones(len(fresh), dtype=bool))
        self._position.update({each.id: (number, row) for row, each in enumerate(fresh)})
        self._pending = {}

    def _rank_row(
        self, queries: Queries, row: int, exclude: Collection[ListingId], limits: Limits
    ) -> list[Match]:
        demand = queries.demands[row]
        if not limits.folds_twins:
            found = self._candidates(queries, row, exclude, limits)[: limits.top]
            return [self._match(demand, *place) for place in found]
        length = limits.top
        while True:
            # Of what is found the first ``length`` are in order and complete.
            found = self._candidates(queries, row, exclude, replace(limits, top=length))[:length]
            kept, is_full = _folded(found, limits.top)
            if is_full or len(found) < length:
                break
            length *= 2
        return [replace(self._match(demand, *place), is_twin=is_twin) for place, is_twin in kept]

    def _candidates(
        self, queries: Queries, row: int, exclude: Collection[ListingId], limits: Limits
    ) -> list[tuple[Selection, int]]:
        candidates = []
        for number, segment in enumerate(self._segments):
            if not segment.ids or limits.top < 1:
                continue
            is_open = self._is_open[number]
            left_out = [self._position[each] for each in exclude if each in self._position]
            if left_out:
                is_open = is_open.copy()
                is_open[[place for holder, place in left_out if holder == number]] = False
            found = select(segment, queries, row, self.ranking, limits, is_open)
            for place, score in enumerate(found.scores.tolist()):
                identity = segment.ids[found.rows[place]]
                candidates.append(((-score, str(identity)), found, place))
        candidates.sort(key=lambda candidate: candidate[0])
        return [(found, place) for _, found, place in candidates]

    def _match(self, demand: DemandProfile, found: Selection, place: int) -> Match:
        technology = found.segment.profiles[int(found.rows[place])]
        values = {name: float(value[place]) for name, value in found.values.items()}
        score, parts = explain(values, bool(found.conflicts[place]), self.ranking)
        return Match(demand.id, technology.id, score, parts, find_reasons(demand, technology))

    def _pair(self, queries: Queries, row: int, technology: TechnologyProfile) -> Match:
        segment = Segment.build(self.model, [technology])
        values, conflicts = segment.values(queries, row, self.ranking)
        scores = combine(values, conflicts, self.ranking)
        found = Selection(segment, np.zeros(1, dtype=np.int64), values, conflicts, scores)
        return self._match(queries.demands[row], found, 0)


def _folded(found: Sequence[tuple[Selection, int]], top: int) -> tuple[list[tuple[tuple, bool]], bool]:
    """Return what is listed, best first, each with whether it is a twin, and whether all places are taken."""
    kept: list[tuple[tuple, bool]] = []
    seen: set[int] = set()
    places = twins = 0
    for selection, place in found:
        listing = int(selection.segment.columns.arrays["listing"][selection.rows[place]])
        is_twin = listing < 0 and listing in seen
        if is_twin and twins == top:
            continue
        twins, places = twins + is_twin, places + (not is_twin)
        kept.append(((selection, place), is_twin))
        seen.add(listing)
        if places == top:
            return kept, True
    return kept, False
