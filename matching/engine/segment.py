"""A block of technologies, ready to be compared with needs."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from matching.engine.columns import Columns
from matching.engine.model import RankingModel
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

    @classmethod
    def build(cls, model: TextModel, demands: Sequence[DemandProfile]) -> "Queries":
        """Normalise the texts of the needs and turn them into vectors."""
        titles = model.needs([normalise(demand.title) for demand in demands])
        problems = model.needs([strip_boilerplate(normalise(demand.body)) for demand in demands])
        whole = whole_query(titles, problems)
        return cls(demands, titles, problems, whole, model.topics(whole))


@dataclass(frozen=True)
class Segment:
    """Hold vectors and columns of technologies; ``titles`` and ``bodies`` have one column for each."""

    ids: Sequence[ListingId]
    profiles: Sequence[TechnologyProfile]
    titles: sparse.csr_matrix
    bodies: sparse.csr_matrix
    has_body: np.ndarray
    topics: np.ndarray | None
    columns: Columns

    @classmethod
    def build(cls, model: TextModel, technologies: Sequence[TechnologyProfile]) -> "Segment":
        """Compute vectors and columns of the technologies with a fitted model."""
        titles = [normalise(each.title) for each in technologies]
        bodies = [normalise(each.body) for each in technologies]
        if not technologies:
            titles = bodies = [""]
        title_vectors, body_vectors = model.titles(titles), model.bodies(bodies)
        documents = model.queries([f"{title}\n{body}" for title, body in zip(titles, bodies, strict=True)])
        count = len(technologies)
        topics = model.topics(documents)
        return cls(
            [each.id for each in technologies],
            list(technologies),
            title_vectors[:count].T.tocsr(),
            body_vectors[:count].T.tocsr(),
            np.diff(body_vectors[:count].indptr) > 0,
            None if topics is None else topics[:count],
            Columns.build(technologies),
        )

    def values(
        self, queries: Queries, row: int, ranking: RankingModel
    ) -> tuple[dict[str, np.ndarray], np.ndarray]:
        """Return the value of every part for each technology, and where a hard condition breaks.

        A part is NaN where either side leaves it open.
        """
        unknown = np.full(len(self.ids), np.nan)
        values = {"title": unknown, "problem": unknown, "body": unknown, "topic": unknown}
        title, problem, whole = queries.titles[row], queries.problems[row], queries.whole[row]
        if title.nnz:
            values["title"] = text_value(_similarities(title, self.titles), ranking.scales["title"])
        if problem.nnz:
            values["problem"] = text_value(_similarities(problem, self.titles), ranking.scales["problem"])
        if whole.nnz:
            body = text_value(_similarities(whole, self.bodies), ranking.scales["body"])
            values["body"] = np.where(self.has_body, body, np.nan)
            if self.topics is not None and queries.topics is not None:
                values["topic"] = text_value(self.topics @ queries.topics[row], ranking.scales["topic"])
        structured, has_hard_conflict = self.columns.compare(queries.demands[row])
        return values | structured, has_hard_conflict

    def scores(self, queries: Queries, row: int, ranking: RankingModel) -> np.ndarray:
        """Return the score of every technology for one need."""
        values, has_hard_conflict = self.values(queries, row, ranking)
        return combine(values, has_hard_conflict, ranking)


def _similarities(query: sparse.csr_matrix, vectors: sparse.csr_matrix) -> np.ndarray:
    return (query @ vectors).toarray().ravel()
