"""Text to vectors with a fitted model: weighted terms (TF-IDF) and topics.

This side answers needs in every web process, so it loads numpy and scipy alone. Fitting needs scikit-learn,
whose import costs seconds of processor time: it stands in ``fitting``, loaded by ``TextModel.fit`` only.
"""

import importlib
from array import array
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from scipy import sparse

from matching.engine.text import narrower_terms, terms

DOCUMENT_NORM_POWER = 0.6
BODY_SHARE_OF_QUERY = 0.4
FEW_VECTORS = 100
NARROWER_SHARE = 0.5
"""What a kind of something counts in a need that names the thing itself."""


@dataclass(frozen=True)
class TextModel:
    """Hold the vocabulary, its weights and the topics of one fitted library.

    ``vocabulary`` gives the column of each term and ``weights`` the weight of each column;
    ``title_scale`` and ``body_scale`` are median vector lengths of the library, ``components`` has
    one row per topic and is None for a library too small for topics.
    """

    vocabulary: dict[str, int]
    weights: np.ndarray
    title_scale: float
    body_scale: float
    components: np.ndarray | None

    @classmethod
    def fit(cls, titles: Sequence[str], bodies: Sequence[str]) -> "TextModel":
        """Fit vocabulary, weights and topics on the normalised texts of a library; see ``fitting.fit``.

        Examples
        --------
        >>> model = TextModel.fit(["余热锅炉", "磁悬浮风机"], ["", ""])
        >>> model.queries(["余热"]).nnz > 0, model.components is None
        (True, True)
        >>> TextModel.fit([], []).queries(["余热"]).nnz
        0
        """
        # The one door to everything that fits: an ordinary import would load scikit-learn in every process.
        return importlib.import_module("matching.engine.fitting").fit(titles, bodies)

    @classmethod
    def fit_counted(
        cls, titles: Sequence[str], bodies: Sequence[str]
    ) -> tuple["TextModel", sparse.csr_matrix, sparse.csr_matrix]:
        """Return what ``fit`` does, with the counts of terms in titles and bodies."""
        return importlib.import_module("matching.engine.fitting").fit_counted(titles, bodies)

    @classmethod
    def restore(cls, terms_in_order, weights, title_scale, body_scale, components) -> "TextModel":
        """Put a model together from its terms in the order of their columns, their weights and scales."""
        vocabulary = {term: column for column, term in enumerate(terms_in_order)}
        return cls(vocabulary, np.asarray(weights, dtype=np.float64), title_scale, body_scale, components)

    def counts(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return how often each text has each known term, one row per text."""
        columns, counts, starts = array("i"), array("f"), array("l", [0])
        for text in texts:
            known = Counter(
                column for term in terms(text) if (column := self.vocabulary.get(term)) is not None
            )
            for column in sorted(known):
                columns.append(column)
                counts.append(known[column])
            starts.append(len(columns))
        return matrix_of(columns, counts, starts, len(self.vocabulary))

    def weighted(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return weights × (1 + ln(tf)) for counts of terms, in single precision."""
        data = (1 + np.log(counts.data)) * self.weights[counts.indices]
        return sparse.csr_matrix((data.astype(np.float32), counts.indices, counts.indptr), shape=counts.shape)

    def vectors(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return one row of weights × (1 + ln(tf)) per text, in single precision and of any length."""
        return self.weighted(self.counts(texts))

    def queries(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """Return one vector of length 1 per text (all zero when no term is known)."""
        return of_length_one(self.vectors(texts))

    def needs(
        self, texts: Sequence[str], common_terms: Mapping[str, float] | None = None
    ) -> sparse.csr_matrix:
        """Return one vector of length 1 per text of a need: as ``queries``, and with less weight the kinds of
        what it names, so that 压缩机 finds 空压机 and not the reverse.

        ``common_terms`` gives factors for terms that say little in a need.
        """
        kinds: list[tuple[int, int]] = [
            (row, column)
            for row, text in enumerate(texts)
            for term in narrower_terms(text)
            if (column := self.vocabulary.get(term)) is not None
        ]
        vectors = self.vectors(texts)
        if kinds:
            rows, columns = np.asarray(kinds, dtype=np.int32).reshape(-1, 2).T
            below = (NARROWER_SHARE * self.weights[columns]).astype(np.float32)
            vectors = vectors + sparse.csr_matrix((below, (rows, columns)), shape=vectors.shape)
        if common_terms:
            factors = np.ones(len(self.vocabulary), dtype=np.float32)
            for term, factor in common_terms.items():
                if (column := self.vocabulary.get(term)) is not None:
                    factors[column] = factor
            vectors.data *= factors[vectors.indices]
        return of_length_one(vectors)

    def titles(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return vectors of technology titles from counts of terms, damped by the root of their length."""
        return _damped(self.weighted(counts), self.title_scale)

    def bodies(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return vectors of technology descriptions from counts of terms, damped by the root of their length."""
        return _damped(self.weighted(counts), self.body_scale)

    def documents(self, counts: sparse.csr_matrix) -> sparse.csr_matrix:
        """Return vectors of length 1 of whole technologies from counts of terms in title and body."""
        return of_length_one(self.weighted(counts))

    def topics(self, vectors: sparse.csr_matrix) -> np.ndarray | None:
        """Return one unit row of topic coordinates per vector, None without topics."""
        if self.components is None:
            return None
        if vectors.shape[0] > FEW_VECTORS:
            topics = np.asarray(vectors @ self.components.T.astype(np.float32), dtype=np.float32)
        else:
            # The product copies all components; a few needs have only a few hundred terms.
            topics = np.empty((vectors.shape[0], len(self.components)), dtype=np.float32)
            for row, (start, stop) in enumerate(pairwise(vectors.indptr.tolist())):
                chosen = self.components[:, vectors.indices[start:stop]].astype(np.float32)
                topics[row] = chosen @ vectors.data[start:stop]
        lengths = np.linalg.norm(topics, axis=1, keepdims=True)
        return topics / np.where(lengths > 0, lengths, 1)


def whole_query(titles: sparse.csr_matrix, bodies: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return one vector per need from its title and, with less weight, its body."""
    return of_length_one(titles + BODY_SHARE_OF_QUERY * bodies)


def matrix_of(columns: array, counts: array, starts: array, width: int) -> sparse.csr_matrix:
    """Return a matrix of single precision from the columns and values of its rows and where each row starts."""
    data, places = np.array(counts, dtype=np.float32), np.array(columns, dtype=np.int32)
    return sparse.csr_matrix((data, places, np.array(starts, dtype=np.int64)), shape=(len(starts) - 1, width))


def _lengths(matrix: sparse.csr_matrix) -> np.ndarray:
    # For a single need the product of sparse matrices takes longer in its checks than in its sums.
    row_of = np.repeat(np.arange(matrix.shape[0]), np.diff(matrix.indptr))
    squares = np.square(matrix.data, dtype=np.float64)
    return np.sqrt(np.bincount(row_of, weights=squares, minlength=matrix.shape[0]))


def median_length(matrix: sparse.csr_matrix) -> float:
    """Return the median length of the rows that are not empty, 1 where all are."""
    lengths = _lengths(matrix)
    return float(np.median(lengths[lengths > 0])) if (lengths > 0).any() else 1.0


def of_length_one(matrix: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the matrix with every row that is not empty scaled to length 1."""
    lengths = _lengths(matrix)
    return _scaled(matrix, 1 / np.where(lengths > 0, lengths, 1))


def _damped(matrix: sparse.csr_matrix, scale: float) -> sparse.csr_matrix:
    # Dividing by the whole length (a cosine) favours titles of one or two words.
    lengths = _lengths(matrix)
    factors = np.zeros_like(lengths)
    is_filled = lengths > 0
    factors[is_filled] = 1 / (lengths[is_filled] ** DOCUMENT_NORM_POWER * scale ** (1 - DOCUMENT_NORM_POWER))
    return _scaled(matrix, factors)


def _scaled(matrix: sparse.csr_matrix, factors: np.ndarray) -> sparse.csr_matrix:
    """Return the matrix with each row multiplied by its factor."""
    data = matrix.data * np.repeat(factors.astype(np.float32), np.diff(matrix.indptr))
    return sparse.csr_matrix((data, matrix.indices, matrix.indptr), shape=matrix.shape)
