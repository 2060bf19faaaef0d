"""Compiled loops over inverted lists. Import through ``postings.compiled``, never directly: it pulls in numba.

Loops index plain arrays with signed integers and cut no slices: both would double their time. Every function
releases the interpreter lock and is compiled once for the types that ``postings`` hands in.
"""

import numpy as np
from numba import njit

ROUNDING = 1.2e-7
"""Distance of neighbouring float32 numbers around 1."""
SMALLEST = np.float32(1e-37)
"""Any row that is in a list has more than this."""
BLOCK = 128
FIRST_LOOK = 1_000
SECOND_LOOK = 10_000
"""Postings after which the best rows so far are scored whole, for a threshold that is known early."""
COUNT_COST = 8
"""Rows that are counted in the time of adding one posting from a list."""
LOOK_UP_COST = 2
"""Time to look a term up in a row of the forward index, in times of adding one posting from a list."""


@njit(nogil=True, cache=True)
def add_lists(pointers, rows, weights, terms, factors, totals):
    """Add factor × weight of every posting of the terms to ``totals`` (float64), in the order of the terms."""
    for each in range(terms.shape[0]):
        term = terms[each]
        factor = np.float64(factors[each])
        for place in range(pointers[term], pointers[term + 1]):
            totals[rows[place]] += factor * np.float64(weights[place])


@njit(nogil=True, cache=True)
def _exact(row, forward_pointers, forward_terms, forward_weights, dense):
    total = 0.0
    for place in range(forward_pointers[row], forward_pointers[row + 1]):
        total += np.float64(dense[forward_terms[place]]) * np.float64(forward_weights[place])
    return total


@njit(nogil=True, cache=True)
def _insert(found, count, score, row, order, best_scores, best_rows):
    """Put a row into its place among the best so far; equal scores go by ``order``. Returns how many there are."""
    if found == count:
        last = count - 1
        if score < best_scores[last] or (score == best_scores[last] and order[row] > order[best_rows[last]]):
            return found
        place = last
    else:
        place = found
        found += 1
    while place > 0 and (
        best_scores[place - 1] < score
        or (best_scores[place - 1] == score and order[best_rows[place - 1]] > order[row])
    ):
        best_scores[place] = best_scores[place - 1]
        best_rows[place] = best_rows[place - 1]
        place -= 1
    best_scores[place] = score
    best_rows[place] = row
    return found


@njit(nogil=True, cache=True)
def _count_from(totals, first, last, lowest):
    """Return how many totals reach the lowest; without a branch, so that the compiler compares eight at a time."""
    count = np.int32(0)
    for row in range(first, last):
        count += totals[row] >= lowest
    return count


@njit(nogil=True, cache=True)
def _gather(totals, lowest, candidates):
    """Write the rows whose totals reach the lowest to ``candidates``; returns how many."""
    found = 0
    row_count = totals.shape[0]
    for first in range(0, row_count, BLOCK):
        last = min(first + BLOCK, row_count)
        if _count_from(totals, first, last, lowest):
            for row in range(first, last):
                if totals[row] >= lowest:
                    candidates[found] = row
                    found += 1
    return found


@njit(nogil=True, cache=True)
def _note(found, count, total, row, partial, partial_rows):
    """Keep a row among those with the highest totals, once; returns how many there are."""
    for place in range(found):
        if partial_rows[place] == row:
            return found
    place = found if found < count else count - 1
    while place > 0 and partial[place - 1] < total:
        partial[place] = partial[place - 1]
        partial_rows[place] = partial_rows[place - 1]
        place -= 1
    partial[place] = total
    partial_rows[place] = row
    return min(found + 1, count)


@njit(nogil=True, cache=True)
def _lowest_exact(found, partial_rows, forward_pointers, forward_terms, forward_weights, dense):
    lowest = np.inf
    for each in range(found):
        row = partial_rows[each]
        lowest = min(lowest, _exact(row, forward_pointers, forward_terms, forward_weights, dense))
    return lowest


@njit(nogil=True, cache=True)
def _best_of_one(
    pointers, rows, weights, maxima, forward_pointers, forward_terms, forward_weights, order, is_open,
    terms, factors, count, totals, dense, candidates, partial, partial_rows, best_scores, best_rows,
):  # fmt: skip
    """Find the rows with the highest sums; returns how many. ``dense`` is zero before and after.

    Lists are added from the shortest to the longest. A few rows of the shortest are scored whole, which gives a
    threshold that the last of the result cannot be below. As soon as the lists that are left cannot lift a row
    that is in none of those read to the threshold, and few rows can still reach it, those are looked up in the
    forward index instead of reading on. ``slack`` covers the rounding of the float32 totals.
    """
    term_count = terms.shape[0]
    row_count = totals.shape[0]
    lengths = np.empty(term_count, np.int64)
    rest_bound = 0.0
    for each in range(term_count):
        lengths[each] = pointers[terms[each] + 1] - pointers[terms[each]]
        dense[terms[each]] = factors[each]
        rest_bound += np.float64(factors[each]) * np.float64(maxima[terms[each]])
    sequence = np.argsort(lengths)
    totals[:] = 0
    slack = rest_bound * ROUNDING * (term_count + 4)
    row_cost = LOOK_UP_COST * (1 + forward_pointers[row_count] // max(1, row_count))
    threshold = -1.0
    added = 0
    next_look = FIRST_LOOK
    for step in range(term_count):
        if lengths[sequence[step]] * COUNT_COST > row_count and threshold > rest_bound + slack:
            lowest = np.float32(threshold - rest_bound - slack)
            if _count_from(totals, 0, row_count, lowest) * row_cost < lengths[sequence[step]]:
                break
        term = terms[sequence[step]]
        factor = factors[sequence[step]]
        for place in range(pointers[term], pointers[term + 1]):
            totals[rows[place]] += factor * weights[place]
        rest_bound -= np.float64(factor) * np.float64(maxima[term])
        added += lengths[sequence[step]]
        if step == term_count - 1:
            rest_bound = 0.0
        elif added >= next_look:
            next_look = SECOND_LOOK if added < SECOND_LOOK else pointers[pointers.shape[0] - 1] + 1
            found = 0
            for earlier in range(step + 1):
                term = terms[sequence[earlier]]
                for place in range(pointers[term], pointers[term + 1]):
                    row = rows[place]
                    if (found < count or totals[row] > partial[count - 1]) and is_open[row]:
                        found = _note(found, count, totals[row], row, partial, partial_rows)
            if found == count:
                lowest_exact = _lowest_exact(
                    found, partial_rows, forward_pointers, forward_terms, forward_weights, dense
                )
                threshold = max(threshold, lowest_exact)
    lowest = max(SMALLEST, np.float32(threshold - rest_bound - slack))
    candidate_count = _gather(totals, lowest, candidates)
    found = 0
    for each in range(candidate_count):
        row = candidates[each]
        if (found < count or totals[row] > partial[count - 1]) and is_open[row]:
            found = _note(found, count, totals[row], row, partial, partial_rows)
    if found == count:
        lowest_exact = _lowest_exact(
            found, partial_rows, forward_pointers, forward_terms, forward_weights, dense
        )
        threshold = max(threshold, lowest_exact)
    found = 0
    for each in range(candidate_count):
        row = candidates[each]
        if totals[row] + rest_bound + slack >= threshold and is_open[row]:
            score = _exact(row, forward_pointers, forward_terms, forward_weights, dense)
            found = _insert(found, count, score, row, order, best_scores, best_rows)
            if found == count:
                threshold = max(threshold, best_scores[count - 1])
    for each in range(term_count):
        dense[terms[each]] = 0
    return found


@njit(nogil=True, cache=True)
def best_of_many(
    pointers, rows, weights, maxima, forward_pointers, forward_terms, forward_weights, order, is_open,
    query_pointers, query_terms, query_factors, first, last, count,
    totals, dense, candidates, found, best_scores, best_rows,
):  # fmt: skip
    """Write the best rows of the queries from ``first`` up to ``last`` into their rows of the results."""
    partial = np.empty(count, np.float32)
    partial_rows = np.empty(count, np.int32)
    for query in range(first, last):
        start, stop = query_pointers[query], query_pointers[query + 1]
        found[query] = _best_of_one(
            pointers, rows, weights, maxima, forward_pointers, forward_terms, forward_weights, order, is_open,
            query_terms[start:stop], query_factors[start:stop], count, totals, dense,
            candidates, partial, partial_rows, best_scores[query], best_rows[query],
        )  # fmt: skip
