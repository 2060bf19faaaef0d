"""The engines, each behind the same three questions: hold vectors, rank one need, rank many."""

from abc import ABC, abstractmethod

import bm25s
import numpy as np
from scipy import sparse
from sklearn.neighbors import NearestNeighbors
from sparse_dot_topn import sp_matmul_topn

from benchmarks.matching.corpora import Corpus
from matching.engine.postings import Postings

THREADS = 2
TOP = 10


class Engine(ABC):
    """Rank technologies by cosine; ``one`` and ``many`` return rows and scores, best first."""

    name: str

    @abstractmethod
    def __init__(self, corpus: Corpus): ...

    @abstractmethod
    def one(self, need: int) -> tuple[np.ndarray, np.ndarray]:
        """Return rows and scores for one need, with one thread."""

    @abstractmethod
    def many(self, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Return rows and scores for the first needs, one line each, with ``THREADS`` threads where it has them."""

    @property
    @abstractmethod
    def byte_count(self) -> int:
        """Return the memory of what is held for ranking."""


class Ours(Engine):
    """Our inverted lists."""

    name = "ours"

    def __init__(self, corpus):
        self.postings = Postings.build(corpus.technologies)
        self.needs = corpus.needs
        self.lines = [corpus.needs[each] for each in range(corpus.needs.shape[0])]

    def one(self, need):
        found, rows, scores = self.postings.search(self.lines[need], TOP)
        return rows[0, : found[0]], scores[0, : found[0]]

    def many(self, count):
        _, rows, scores = self.postings.search(self.needs[:count], TOP, threads=THREADS)
        return rows, scores

    @property
    def byte_count(self):
        return self.postings.byte_count


class Neighbours(Engine):
    """scikit-learn's brute force."""

    name = "scikit-learn NearestNeighbors"

    def __init__(self, corpus):
        self.single = NearestNeighbors(n_neighbors=TOP, metric="cosine", algorithm="brute")
        self.single.fit(corpus.technologies)
        self.several = NearestNeighbors(
            n_neighbors=TOP, metric="cosine", algorithm="brute", n_jobs=THREADS
        ).fit(corpus.technologies)
        self.needs = corpus.needs
        self.lines = [corpus.needs[each] for each in range(corpus.needs.shape[0])]
        self.held = corpus.technologies

    def one(self, need):
        distances, rows = self.single.kneighbors(self.lines[need])
        return rows[0], 1 - distances[0]

    def many(self, count):
        distances, rows = self.several.kneighbors(self.needs[:count])
        return rows, 1 - distances

    @property
    def byte_count(self):
        return _bytes(self.held)


class SparseDotTopN(Engine):
    """The product of two sparse matrices, keeping the best of each row."""

    name = "sparse_dot_topn"

    def __init__(self, corpus):
        self.held = corpus.technologies.T.tocsr()
        self.needs = corpus.needs
        self.lines = [corpus.needs[each] for each in range(corpus.needs.shape[0])]

    def one(self, need):
        return self._rank(self.lines[need], 1)

    def many(self, count):
        product = self._product(self.needs[:count], THREADS)
        rows = np.full((count, TOP), -1)
        scores = np.zeros((count, TOP))
        for line in range(count):
            part = slice(product.indptr[line], product.indptr[line + 1])
            length = part.stop - part.start
            rows[line, :length], scores[line, :length] = product.indices[part], product.data[part]
        return rows, scores

    def _rank(self, needs, threads):
        product = self._product(needs, threads)
        return product.indices, product.data

    def _product(self, needs, threads):
        return sp_matmul_topn(needs, self.held, top_n=TOP, sort=True, n_threads=threads)

    @property
    def byte_count(self):
        return _bytes(self.held)


class Bm25s(Engine):
    """bm25s on numba, holding our weights in place of its own, so that its sums are our cosines."""

    name = "bm25s (numba)"

    def __init__(self, corpus):
        weighted = corpus.technologies.copy()
        # It has no weights of terms in a query: they are multiplied in beforehand.
        weighted.data = weighted.data * corpus.term_weights[weighted.indices]
        columns = weighted.tocsc()
        self.held = columns
        self.retriever = bm25s.BM25(backend="numba")
        self.retriever.scores = {
            "data": columns.data.astype(np.float32),
            "indices": columns.indices.astype(np.int32),
            "indptr": columns.indptr.astype(np.int32),
            "num_docs": columns.shape[0],
        }
        self.retriever.nonoccurrence_array = None
        self.retriever.unique_token_ids_set = set(range(columns.shape[1]))
        needs = corpus.needs
        self.tokens = [
            needs.indices[needs.indptr[each] : needs.indptr[each + 1]].tolist()
            for each in range(needs.shape[0])
        ]
        self.lengths = np.array([np.sqrt((corpus.term_weights[tokens] ** 2).sum()) for tokens in self.tokens])

    def one(self, need):
        rows, scores = self._retrieve([self.tokens[need]], 1)
        return rows[0], scores[0] / self.lengths[need]

    def many(self, count):
        rows, scores = self._retrieve(self.tokens[:count], THREADS)
        return rows, scores / self.lengths[:count, None]

    def _retrieve(self, tokens, threads):
        found = self.retriever.retrieve(
            tokens, corpus=None, k=TOP, sorted=True, show_progress=False, n_threads=threads
        )
        return found.documents, found.scores

    @property
    def byte_count(self):
        return _bytes(self.held)


class ScipyColumns(Engine):
    """Columns of a scipy matrix times the weights of the need."""

    name = "scipy, CSC"

    def __init__(self, corpus):
        self.held = corpus.technologies.tocsc()
        self.needs = corpus.needs
        self.parts = [
            (needs.indices, needs.data)
            for needs in (corpus.needs[each] for each in range(corpus.needs.shape[0]))
        ]

    def one(self, need):
        terms, weights = self.parts[need]
        scores = self.held[:, terms] @ weights
        best = np.argpartition(scores, len(scores) - TOP)[-TOP:]
        best = best[np.argsort(-scores[best], kind="stable")]
        return best, scores[best]

    def many(self, count):
        lists = [self.one(each) for each in range(count)]
        return np.array([rows for rows, _ in lists]), np.array([scores for _, scores in lists])

    @property
    def byte_count(self):
        return _bytes(self.held)


ENGINES: tuple[type[Engine], ...] = (Ours, Neighbours, SparseDotTopN, Bm25s, ScipyColumns)


def differing_lists(reference: tuple[np.ndarray, np.ndarray], other: tuple[np.ndarray, np.ndarray]) -> int:
    """Return in how many lists the rows differ, apart from rows whose scores are equal to 5 digits.

    The engines add in single precision and in different orders, so that equal scores come in any order.
    """
    count = 0
    for rows, scores, other_rows, other_scores in zip(*reference, *other, strict=True):
        is_same = np.allclose(scores, other_scores, rtol=1e-4, atol=1e-6)
        surely = scores > scores[-1] * (1 + 1e-4)
        count += not (is_same and set(rows[surely].tolist()) <= set(other_rows.tolist()))
    return count


def _bytes(matrix: sparse.spmatrix) -> int:
    return matrix.data.nbytes + matrix.indices.nbytes + matrix.indptr.nbytes
