"""A block of technologies, ready to be compared with needs."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matching.engine.columns import Columns
from matching.engine.concepts import concept_table
from matching.engine.lists import Lists
from matching.engine.model import TEXT_PARTS, RankingModel
from matching.engine.profiles import DemandProfile, ListingId, TechnologyProfile
from matching.engine.scoring import combine, text_value
from matching.engine.text import normalise, strip_boilerplate
from matching.engine.vectors import TextModel, whole_query


@dataclass(frozen=True)
class Queries:
    """Hold the vectors of some needs, one row each."""

    demands: Sequence[DemandProfile]
    titles: sparse.csr_matrix
    problems: sparse.csr_matrix
    whole: sparse.csr_matrix
    topics: np.ndarray | None
    concepts: sparse.csr_matrix

    @classmethod
    def build(cls, model: TextModel, demands: Sequence[DemandProfile], ranking: RankingModel) -> "Queries":
        """Normalise the texts of the needs and turn them into vectors.

        What most needs say, whatever they are about, counts less in their problem texts: ``ranking.common_terms``.
        """
        title_texts = [normalise(demand.title) for demand in demands]
        problem_texts = [strip_boilerplate(normalise(demand.body)) for demand in demands]
        titles = model.needs(title_texts)
        problems = model.needs(problem_texts, ranking.common_terms)
        whole = whole_query(titles, problems)
        concepts = concept_table().vectors(title_texts, problem_texts)
        return cls(demands, titles, problems, whole, model.topics(whole), concepts)


@dataclass(frozen=True)
class Segment:
    """Hold the words and columns of technologies, one row for each."""

    ids: Sequence[ListingId]
    profiles: Sequence[TechnologyProfile]
    titles: Lists
    bodies: Lists
    has_body: np.ndarray
    topics: np.ndarray | None
    concepts: Lists
    columns: Columns

    @classmethod
    def build(cls, model: TextModel, technologies: Sequence[TechnologyProfile]) -> "Segment":
        """Compute vectors and columns of the technologies with a fitted model."""
        titles = model.counts([normalise(each.title) for each in technologies])
        bodies = model.counts([normalise(each.body) for each in technologies])
        return cls.build_counted(model, technologies, titles, bodies)

    @classmethod
    def build_counted(
        cls,
        model: TextModel,
        technologies: Sequence[TechnologyProfile],
        titles: sparse.csr_matrix,
        bodies: sparse.csr_matrix,
    ) -> "Segment":
        """Do what ``build`` does from the counts of terms in titles and bodies, one row for each technology."""
        topics = model.topics(model.documents(titles + bodies))
        concepts = concept_table().vectors(
            [normalise(each.title) for each in technologies], [normalise(each.body) for each in technologies]
        )
        return cls(
            [each.id for each in technologies],
            list(technologies),
            Lists.build(model.titles(titles)),
            Lists.build(model.bodies(bodies)),
            np.diff(bodies.indptr) > 0,
            None if topics is None else topics.astype(np.float16),
            Lists.build(concepts),
            Columns.build(technologies),
        )

    def similarities(self, queries: Queries, row: int) -> dict[str, np.ndarray]:
        """Return Σ of products of term weights for every technology, by text part that the need allows."""
        found = {}
        for part, vectors, lists in (
            ("title", queries.titles, self.titles),
            ("problem", queries.problems, self.titles),
            ("body", queries.whole, self.bodies),
            ("concept", queries.concepts, self.concepts),
        ):
            terms = slice(vectors.indptr[row], vectors.indptr[row + 1])
            if terms.stop > terms.start:
                found[part] = lists.sums(vectors.indices[terms], vectors.data[terms])
        return found

    def values(
        self,
        queries: Queries,
        row: int,
        ranking: RankingModel,
        rows: np.ndarray | None = None,
        similarities: Mapping[str, np.ndarray] | None = None,
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return the value of every part for some technologies, and where a hard condition breaks.

        A part is NaN where either side leaves it open. Without ``rows`` all are compared;
        ``similarities`` are those of the need, when they are known already.
        """
        rows = np.arange(len(self.ids)) if rows is None else rows
        similarities = self.similarities(queries, row) if similarities is None else similarities
        values = dict.fromkeys(TEXT_PARTS, np.full(len(rows), np.nan))
        for part, sums in similarities.items():
            values[part] = text_value(sums[rows], ranking.scales[part])
        if "body" in similarities:
            values["body"] = np.where(self.has_body[rows], values["body"], np.nan)
            if self.topics is not None and queries.topics is not None:
                # Row by row, so that a technology has the same value whatever it is compared beside.
                cosine = (self.topics[rows] * queries.topics[row]).sum(axis=1)
                values["topic"] = text_value(cosine, ranking.scales["topic"])
        structured, has_hard_conflict = self.columns.compare(queries.demands[row], rows)
        return values | structured, has_hard_conflict

    def scores(self, queries: Queries, row: int, ranking: RankingModel) -> np.ndarray:
        """Return the score of every technology for one need."""
        values, has_hard_conflict = self.values(queries, row, ranking)
        return combine(values, has_hard_conflict, ranking)
