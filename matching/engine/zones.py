"""Lay vectors out for the search of ``postings``: lists cut into zones of like rows, and the same by row.

Rows are numbered anew, those whose common terms weigh most first, and cut into zones. Within a zone a term weighs
about the same everywhere, so that the highest weight of its list there says nearly what each row can gain. Terms are
numbered anew by falling frequency, so that what is looked up often lies together.
"""

import numpy as np
from scipy import sparse

ZONE_ROWS = 12_500
"""Rows of a zone, whose totals then fit into the nearest cache of a processor."""
MOST_ZONES = 8
LARGEST_ZONE = 1 << 16
FULL_CODE = (1 << 16) - 1
MARK_WORDS = 4
COMMON_SHARE = 1 / 256
"""Terms in a larger share of the rows decide the order of the rows."""


def laid_out(documents: sparse.csr_matrix, order: np.ndarray) -> dict[str, np.ndarray]:
    """Return the arrays of ``Postings`` for vectors without zeros, one row per document.

    Raises
    ------
    ValueError
        With 2³¹ weights or more.
    """
    row_count, term_count = documents.shape
    if documents.nnz >= 1 << 31:
        raise ValueError("too many weights for one index")
    frequency = np.bincount(documents.indices, minlength=term_count)
    by_frequency = np.argsort(-frequency, kind="stable")
    numbers = np.empty(term_count, dtype=np.int32)
    numbers[by_frequency] = np.arange(term_count, dtype=np.int32)
    maxima = np.zeros(term_count, dtype=np.float32)
    np.maximum.at(maxima, numbers[documents.indices], documents.data)
    common = np.count_nonzero(frequency > row_count * COMMON_SHARE)
    ids = _by_weight(documents, numbers, maxima, common)
    forward = documents[ids]
    terms = numbers[forward.indices]
    rows = np.repeat(np.arange(row_count, dtype=np.int64), np.diff(forward.indptr))
    zone_count = max(-(-row_count // LARGEST_ZONE), min(MOST_ZONES, -(-row_count // ZONE_ROWS)), 1)
    edges = np.linspace(0, row_count, zone_count + 1).astype(np.int64)
    zones = np.searchsorted(edges, rows, side="right") - 1
    cells = terms.astype(np.int64) * zone_count + zones
    sequence = np.argsort(cells, kind="stable")
    # Rounded up, so that a sum of codes is never below the sum of the weights.
    codes = np.ceil(forward.data / maxima[terms].astype(np.float64) * FULL_CODE).clip(1, FULL_CODE)
    zone_maxima = np.zeros(term_count * zone_count)
    np.maximum.at(zone_maxima, cells, codes)
    lists = (codes.astype(np.uint32) << 16) | (rows - edges[zones]).astype(np.uint32)
    pointers = np.zeros(term_count * zone_count + 1, dtype=np.int32)
    np.cumsum(np.bincount(cells, minlength=term_count * zone_count), out=pointers[1:])
    return {
        "edges": edges,
        "numbers": numbers,
        "pointers": pointers,
        "maxima": maxima,
        "zone_maxima": np.ceil(zone_maxima / (FULL_CODE // 255)).astype(np.uint8),
        "lists": lists[sequence],
        "marks": _marks(rows, terms, row_count),
        "row_pointers": forward.indptr.astype(np.int64),
        "row_terms": terms,
        "row_weights": forward.data,
        "ids": ids,
        "order": order[ids],
    }


def _by_weight(documents, numbers, maxima, common) -> np.ndarray:
    """Return the rows by falling weight of their common terms, each weight as a share of its term's highest."""
    terms = numbers[documents.indices]
    shares = np.where(terms < common, documents.data / maxima[terms], 0)
    rows = np.repeat(np.arange(documents.shape[0]), np.diff(documents.indptr))
    highest = np.zeros(documents.shape[0])
    np.maximum.at(highest, rows, shares)
    return np.argsort(-highest, kind="stable").astype(np.int32)


def _marks(rows, terms, row_count) -> np.ndarray:
    """Return for each row which of the commonest terms it holds, 64 to a word, one line of words after the other."""
    marks = np.zeros((MARK_WORDS, row_count), dtype=np.int64)
    marked = np.flatnonzero(terms < 64 * MARK_WORDS)
    numbers = terms[marked].astype(np.int64)
    np.bitwise_or.at(marks, (numbers >> 6, rows[marked]), np.int64(1) << (numbers & 63))
    return marks
