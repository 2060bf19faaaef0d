"""Inverted lists of a whole library, to be summed for a need.

The sums come from numpy, or from the compiled loops of ``kernels`` once ``postings.compile_kernels`` has loaded them;
the numbers are the same.
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import ModuleType
from typing import Any, Self

import numpy as np
from scipy import sparse

BLOCK_ROWS = 1 << 16
LARGEST_WEIGHT = 65_504
_HALVES = np.arange(1 << 16, dtype=np.uint16).view(np.float16).astype(np.float32)
"""The number that each pattern of 16 bits stands for."""

_kernels: ModuleType | None = None


def compiled() -> ModuleType | None:
    """Return the compiled loops, None in a process that has not asked for them."""
    return _kernels


def use(kernels: ModuleType) -> None:
    """Sum by compiled loops from now on."""
    global _kernels
    _kernels = kernels


def arrays_of(held: Any) -> dict[str, np.ndarray]:
    """Return every array of lists by name, to be stored."""
    return {each.name: getattr(held, each.name) for each in fields(held) if each.name != "count"}


@dataclass(frozen=True)
class Lists:
    """Hold documents as lists by term, in 4 bytes for each place.

    Weights are kept to 11 bits (float16), which changes them by less than a 2,000th; whatever is compared is
    compared by these, so that a technology has the same score wherever it stands.

    Attributes
    ----------
    count
        Number of documents, the rows.
    pointers
        ``pointers[t * blocks + b]`` is where the list of term t begins in block b of ``BLOCK_ROWS`` rows.
    rows, weights
        The rows of each list within their block, ascending, and their weights (uint16, float16).
    """

    count: int
    pointers: np.ndarray
    rows: np.ndarray
    weights: np.ndarray

    @classmethod
    def build(cls, documents: sparse.csr_matrix) -> "Lists":
        """Turn vectors, one row per document, into lists.

        Raises
        ------
        ValueError
            When a weight is not finite in 16 bits (65,504 at most).
        """
        columns = sparse.csc_matrix(documents, dtype=np.float32)
        columns.sort_indices()
        if len(columns.data) and not np.abs(columns.data).max() <= LARGEST_WEIGHT:
            raise ValueError(f"weights of documents must be finite and at most {LARGEST_WEIGHT:,}")
        count, term_count = columns.shape
        weights, rows = columns.data.astype(np.float16), columns.indices
        blocks = _block_count(count)
        if blocks == 1:
            pointers = columns.indptr.astype(np.int64)
        else:
            cells = np.repeat(np.arange(term_count), np.diff(columns.indptr)) * blocks + rows // BLOCK_ROWS
            pointers = np.zeros(term_count * blocks + 1, dtype=np.int64)
            np.cumsum(np.bincount(cells, minlength=term_count * blocks), out=pointers[1:])
        return cls(count, pointers, (rows % BLOCK_ROWS).astype(np.uint16), weights)

    @classmethod
    def restore(cls, count: int, arrays: Mapping[str, np.ndarray]) -> Self:
        """Put lists together from what ``arrays`` returned."""
        return cls(count, **{name: np.asarray(array) for name, array in arrays.items()})

    def arrays(self) -> dict[str, np.ndarray]:
        """Return every array by name, to be stored."""
        return arrays_of(self)

    @property
    def term_count(self) -> int:
        """Return how many terms there are."""
        return (len(self.pointers) - 1) // _block_count(self.count)

    def sums(
        self, terms: np.ndarray, factors: np.ndarray, *, kernels: ModuleType | None = None
    ) -> np.ndarray:
        """Return Σ factor × weight for every row, in float64, added in the order of the terms.

        Examples
        --------
        >>> lists = Lists.build(sparse.csr_matrix(np.array([[0.5, 0], [1, 0.25]], np.float32)))
        >>> lists.sums(np.array([0, 1]), np.array([1, 2])).tolist()
        [0.5, 1.5]
        """
        kernels = kernels or compiled()
        blocks = _block_count(self.count)
        if kernels is not None:
            totals = np.zeros(self.count)
            kernels.add_lists(
                self.pointers, self.rows, self.weights.view(np.uint16), _HALVES, blocks, BLOCK_ROWS,
                terms.astype(np.int32), factors.astype(np.float32), totals,
            )  # fmt: skip
            return totals
        if not len(terms):
            return np.zeros(self.count)
        bounds = self.pointers[np.asarray(terms, dtype=np.int64)[:, None] * blocks + np.arange(blocks + 1)]
        parts = [slice(first, last) for first, last in bounds[:, [0, -1]].tolist()]
        products = np.concatenate([self.weights[part] for part in parts]).astype(np.float64)
        products *= np.repeat(factors.astype(np.float32).astype(np.float64), bounds[:, -1] - bounds[:, 0])
        rows = np.concatenate([self.rows[part] for part in parts]).astype(np.int64)
        if blocks > 1:
            firsts = np.tile(np.arange(blocks) * BLOCK_ROWS, len(terms))
            rows += np.repeat(firsts, np.diff(bounds, axis=1).ravel())
        return np.bincount(rows, weights=products, minlength=self.count)


def _block_count(row_count: int) -> int:
    return max(1, -(-row_count // BLOCK_ROWS))
