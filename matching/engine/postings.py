"""The best rows for a query without reading the rest of the library.

Two ways give the same numbers. ``numpy`` serves small libraries and single pages; the compiled loops of
``kernels`` serve large ones and long batches, once a worker has called ``compile_kernels``. Nothing imports
numba before that, so a process that never needs it never waits for it.
"""

import importlib
import os
import threading
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Self

import numpy as np
from scipy import sparse

from matching.engine.columns import entries_of
from matching.engine.lists import Lists, arrays_of, compiled, use
from matching.engine.zones import FULL_CODE, LARGEST_ZONE, laid_out

LEAST = 1e-15
"""Weights below this are dropped: their products must not vanish."""
ROUNDING = 1e-9
ALL = np.empty(0, dtype=bool)
"""Says that every row is open."""
NEEDS_PER_RANGE = 64

_scratch = threading.local()


def compile_kernels(cache_folder: Path | None = None) -> None:
    """Import numba and compile the loops, or read them from the cache; later calls do nothing.

    Takes about 8 seconds the first time and 1 second afterwards: call it in a worker or a command, not in a web
    request. ``cache_folder`` keeps the machine code, best on the same disk as the index.
    """
    if compiled() is not None:
        return
    if cache_folder is not None:
        cache_folder.mkdir(parents=True, exist_ok=True)
        # numba reads this once, when it is imported.
        os.environ.setdefault("NUMBA_CACHE_DIR", str(cache_folder))
    kernels = importlib.import_module("matching.engine.kernels")
    tiny = sparse.csr_matrix(np.eye(2, dtype=np.float32))
    Postings.build(tiny).best_of(tiny, 1, kernels=kernels)
    Lists.build(tiny).sums(np.array([0], np.int32), np.array([1], np.float32), kernels=kernels)
    use(kernels)


@dataclass(frozen=True)
class Postings:
    """Hold vectors as lists that can be searched for the best rows without reading all of them; see ``zones``.

    Attributes
    ----------
    count
        Number of documents, the rows.
    edges
        Where the zones of rows begin and end; rows here are numbered anew, ``ids`` gives the caller's number.
    numbers
        Number of each term in all other arrays, which go by falling frequency.
    pointers, lists
        ``lists[pointers[t * zones + z]:pointers[t * zones + z + 1]]`` are the rows of a zone that contain term t,
        ascending: the row within the zone in the lower 16 bits, in the upper its weight as a share of the highest.
    maxima, zone_maxima
        Highest weight of each term; within each zone as a share of that, in 255ths, rounded up.
    marks
        Which of the commonest terms each row holds, one bit each.
    row_pointers, row_terms, row_weights
        The exact weights by row, in the caller's order of terms.
    ids
        The caller's number of each row.
    order
        Place of each row among equals: of equal scores the lower comes first.
    """

    count: int
    edges: np.ndarray
    numbers: np.ndarray
    pointers: np.ndarray
    maxima: np.ndarray
    zone_maxima: np.ndarray
    lists: np.ndarray
    marks: np.ndarray
    row_pointers: np.ndarray
    row_terms: np.ndarray
    row_weights: np.ndarray
    ids: np.ndarray
    order: np.ndarray

    @classmethod
    def build(cls, documents: sparse.csr_matrix, order: Sequence[int] | None = None) -> "Postings":
        """Turn vectors, one row per document, into lists; ``order`` defaults to that of the rows.

        Raises
        ------
        ValueError
            When a weight is negative or not finite: the bounds of the search would not hold.

        Examples
        --------
        >>> postings = Postings.build(sparse.csr_matrix(np.array([[0.5, 0], [1, 0.25], [0.5, 0]], np.float32)))
        >>> postings.best(sparse.csr_matrix(np.array([[1, 2]], np.float32)), 2)
        [(1, 1.5), (0, 0.5)]
        """
        documents = sparse.csr_matrix(documents, dtype=np.float32, copy=True)
        documents.sum_duplicates()
        if not (np.isfinite(documents.data).all() and (documents.data >= 0).all()):
            raise ValueError("weights of documents must be finite and not negative")
        documents.data[documents.data < LEAST] = 0
        documents.eliminate_zeros()
        count = documents.shape[0]
        places = np.arange(count, dtype=np.int32) if order is None else np.asarray(order, dtype=np.int32)
        return cls(count, **laid_out(documents, places))

    @classmethod
    def restore(cls, count: int, arrays: Mapping[str, np.ndarray]) -> Self:
        """Put lists together from what ``arrays`` returned."""
        return cls(count, **{name: np.asarray(array) for name, array in arrays.items()})

    def arrays(self) -> dict[str, np.ndarray]:
        """Return every array by name, to be stored."""
        return arrays_of(self)

    @property
    def byte_count(self) -> int:
        """Return the memory that the arrays take."""
        return sum(array.nbytes for array in self.arrays().values())

    def best(self, query: sparse.csr_matrix, count: int, **options) -> list[tuple[int, float]]:
        """Return row and score of the best rows for one query; ``options`` as for ``best_of``."""
        return self.best_of(query, count, **options)[0]

    def best_of(
        self,
        queries: sparse.csr_matrix,
        count: int,
        *,
        is_open: np.ndarray | None = None,
        threads: int = 1,
        kernels: ModuleType | None = None,
    ) -> list[list[tuple[int, float]]]:
        """Return row and score of the ``count`` best rows for each query, best first, ties by ``order``.

        Rows that share no term with the query are not listed; nor are those where ``is_open`` is false.

        Raises
        ------
        ValueError
            When a weight of a query is negative or not finite.
        """
        found, rows, scores = self.search(queries, count, is_open=is_open, threads=threads, kernels=kernels)
        return [
            list(zip(rows[each, :length].tolist(), scores[each, :length].tolist(), strict=True))
            for each, length in enumerate(found.tolist())
        ]

    def search(
        self,
        queries: sparse.csr_matrix,
        count: int,
        *,
        is_open: np.ndarray | None = None,
        threads: int = 1,
        kernels: ModuleType | None = None,
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Return for each query how many rows were found, the rows and their scores, as ``best_of`` lists them.

        Threads share the queries out in ranges; the results do not depend on their number.
        """
        queries = _canonical(queries)
        if count < 1:
            raise ValueError("count must be at least 1")
        size = queries.shape[0]
        found = np.zeros(size, dtype=np.int64)
        rows = np.zeros((size, count), dtype=np.int32)
        scores = np.zeros((size, count))
        if not self.count:
            return found, rows, scores
        is_open = ALL if is_open is None else np.asarray(is_open, dtype=bool)
        kernels = kernels or compiled()
        pointers, terms, factors = queries.indptr, queries.indices, queries.data
        if kernels is not None and len(terms) > kernels.MOST_TERMS:
            # Texts so long are rare; the sums of their terms would not fit into the totals of the compiled search.
            kernels = kernels if np.diff(pointers).max() <= kernels.MOST_TERMS else None

        def work(first: int, last: int) -> None:
            if kernels is None:
                for query in range(first, last):
                    part = slice(pointers[query], pointers[query + 1])
                    best, values = self._scan(terms[part], factors[part], count, is_open)
                    found[query] = len(best)
                    rows[query, : len(best)], scores[query, : len(best)] = best, values
                return
            kernels.best_of_many(
                self.edges, self.numbers, self.pointers, self.maxima, self.zone_maxima, self.lists, self.marks,
                self.row_pointers, self.row_terms, self.row_weights, self.ids, self.order, is_open, pointers,
                terms, factors, first, last, count, *_work_space(self.count, len(self.numbers)), found, rows,
                scores,
            )  # fmt: skip

        if threads > 1 and size > NEEDS_PER_RANGE:
            ranges = [
                (first, min(first + NEEDS_PER_RANGE, size)) for first in range(0, size, NEEDS_PER_RANGE)
            ]
            with ThreadPoolExecutor(threads) as pool:
                list(pool.map(lambda each: work(*each), ranges))
        else:
            work(0, size)
        if kernels is not None and (found < 0).any():
            raise _unusable()
        return found, rows, scores

    def _scan(self, terms, factors, count, is_open) -> tuple[np.ndarray, np.ndarray]:
        """Bound every row by the codes of all lists, and score wholly the rows that may be among the best."""
        # One comparison finds a NaN as well.
        if not ((factors >= 0) & (factors < np.inf)).all():
            raise _unusable()
        is_felt = factors >= LEAST
        terms, factors = self.numbers[terms[is_felt]], factors[is_felt].astype(np.float64)
        zone_count = len(self.edges) - 1
        bounds = self.pointers[terms[:, None] * zone_count + np.arange(zone_count + 1)]
        parts = [self.lists[first:last] for first, last in bounds[:, [0, -1]].tolist()]
        postings = np.concatenate([*parts, self.lists[:0]])
        firsts = np.repeat(np.tile(self.edges[:-1], len(terms)), np.diff(bounds, axis=1).ravel())
        units = factors * self.maxima[terms] / FULL_CODE
        products = (postings >> 16) * np.repeat(units, bounds[:, -1] - bounds[:, 0])
        upper = np.bincount((postings & 0xFFFF) + firsts, weights=products, minlength=self.count)
        is_possible = upper > 0
        if len(is_open):
            is_possible &= is_open[self.ids]
        places = np.flatnonzero(is_possible)
        if len(places) > count:
            wanted = upper[places]
            # No bound is more than one step of every code above its sum.
            lowest = np.partition(wanted, len(wanted) - count)[len(wanted) - count] - units.sum()
            places = places[wanted >= lowest - ROUNDING * upper.max()]
        dense = np.zeros(len(self.numbers))
        dense[terms] = factors
        entries, starts = entries_of(self.row_pointers, places)
        line = np.repeat(np.arange(len(places)), np.diff(starts))
        totals = np.bincount(
            line,
            weights=dense[self.row_terms[entries]] * self.row_weights[entries],
            minlength=len(places),
        )
        ranked = np.lexsort((self.order[places], -totals))[:count]
        return self.ids[places[ranked]], totals[ranked]


def _unusable() -> ValueError:
    return ValueError("weights of queries must be finite and not negative")


def _canonical(queries: sparse.csr_matrix) -> sparse.csr_matrix:
    """Return the queries as float32 with their terms ascending, each once."""
    if not (queries.format == "csr" and queries.data.dtype == np.float32 and queries.has_canonical_format):
        queries = sparse.csr_matrix(queries, dtype=np.float32, copy=True)
        queries.sum_duplicates()
    if queries.indices.dtype != np.int32 or queries.indptr.dtype != np.int32:
        places, starts = queries.indices.astype(np.int32), queries.indptr.astype(np.int32)
        queries = sparse.csr_matrix((queries.data, places, starts), shape=queries.shape)
    return queries


def _work_space(row_count: int, term_count: int) -> tuple[np.ndarray, ...]:
    """Return the arrays that a thread works in, kept from query to query; the first two are zero between them."""
    held = getattr(_scratch, "held", None)
    if held is None or held[0] != (row_count, term_count):
        arrays = (
            np.zeros(row_count, dtype=np.int16),
            np.zeros(term_count, dtype=np.int16),
            np.empty(min(row_count, LARGEST_ZONE), dtype=np.int64),
            np.empty(min(row_count, LARGEST_ZONE)),
            np.empty(term_count + 1, dtype=np.int64),
        )
        held = _scratch.held = ((row_count, term_count), arrays)
    return held[1]
