"""Compiled loops over inverted lists. Import through ``postings.compiled``, never directly: it pulls in numba.

Loops index plain arrays with signed integers and cut no slices: both would double their time. Every function
releases the interpreter lock and is compiled once for the types that ``postings`` hands in.
"""

import numpy as np
from numba import njit

MOST_TERMS = 4_000
"""Terms of a query that the compiled search takes: their sums must fit into 16 bits."""
LEAST = 1e-15
"""Factors below this are dropped: their products must not vanish."""
FULL_TOTAL = 32_000
FULL_CODE = 65_535.0
FULL_ZONE_CODE = 255.0
MARGIN = 1e-9
"""Rounding of sums in double precision."""
BLOCK = 64
FIRST_LOOK = 500
"""Postings of the rarest terms that give the first threshold."""
STOP_SHARE = 0.4
"""Lists are read until what is left can give at most this share of the threshold: reading on costs less than the
rows that could otherwise be among the best."""


@njit(nogil=True, cache=True)
def add_lists(pointers, rows, codes, values, block_count, block_rows, terms, factors, totals):
    """Add factor × weight of every posting of the terms to ``totals`` (float64), in the order of the terms.

    ``codes`` are weights of 16 bits and ``values`` the number that each stands for.
    """
    for each in range(terms.shape[0]):
        factor = np.float64(factors[each])
        for block in range(block_count):
            cell = terms[each] * block_count + block
            part = totals[block * block_rows :]
            for place in range(np.uint64(pointers[cell]), np.uint64(pointers[cell + 1])):
                part[rows[place]] += factor * np.float64(values[codes[place]])


@njit(nogil=True, cache=True)
def _touched(rows, first, found, row_pointers, row_terms, row_weights):
    """Read a number of every 64 bytes that ``_exact`` will read of some rows, so that it need not wait for memory.

    These reads do not depend on each other: many are under way at a time.
    """
    total = np.int64(0)
    for each in range(found):
        start, stop = row_pointers[first + rows[each]], row_pointers[first + rows[each] + 1]
        for place in range(start, stop, 16):
            total += row_terms[place] + (row_weights[place] > 0)
    return total


@njit(nogil=True, cache=True)
def _exact(row, row_pointers, row_terms, row_weights, factors, asked, hits):
    """Return the sum of a row in double precision. ``asked`` holds 1 + place in the query for each of its terms."""
    found = 0
    for place in range(row_pointers[row], row_pointers[row + 1]):
        hits[found] = place
        found += asked[row_terms[place]] != 0
    total = 0.0
    for each in range(found):
        place = hits[each]
        total += np.float64(factors[asked[row_terms[place]] - 1]) * np.float64(row_weights[place])
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
def _by_length(pointers, zone_maxima, lists, zone_count, terms, factors, asked, sequence, hits):
    """Mark the terms as asked for and put those with a list into ``sequence``, short lists first; returns how many.

    -1 stands for a factor that is negative or not finite.
    """
    touched = np.int64(0)
    for each in range(terms.shape[0]):
        if not 0 <= factors[each] < np.inf:
            return -1
        # The terms of a need lie far apart in memory: fetched at once, they are not waited for one by one.
        cell = terms[each] * zone_count
        touched += zone_maxima[cell]
        if pointers[cell] < pointers[cell + zone_count]:
            touched += lists[pointers[cell]]
    hits[0] = touched
    length = 0
    for each in range(terms.shape[0]):
        term = terms[each]
        if factors[each] < LEAST or pointers[term * zone_count] == pointers[(term + 1) * zone_count]:
            continue
        asked[term] = each + 1
        place = length
        # Terms are numbered by falling frequency: of two lists the one of the higher number is not the longer.
        while place > 0 and terms[sequence[place - 1]] < term:
            sequence[place] = sequence[place - 1]
            place -= 1
        sequence[place] = each
        length += 1
    return length


@njit(nogil=True, cache=True)
def _add(lists, first, last, factor, totals):
    # Unsigned bounds spare the test whether a place counts from the end.
    for place in range(np.uint64(first), np.uint64(last)):
        posting = lists[place]
        row = posting & 0xFFFF
        totals[row] = np.int16(totals[row] + (((posting >> 16) * factor) >> 16) + 1)


@njit(nogil=True, cache=True)
def _first_threshold(
    edges, pointers, lists, row_pointers, row_terms, row_weights, ids, is_open, terms, factors, length, sequence,
    steps, count, totals, asked, hits, partial, partial_rows,
):  # fmt: skip
    """Return a score that the last of the result cannot be below, from rows with the rarest terms; -1 without one."""
    zone_count = edges.shape[0] - 1
    read = 0
    lists_read = 0
    while lists_read < length:
        term = terms[sequence[lists_read]]
        read += pointers[(term + 1) * zone_count] - pointers[term * zone_count]
        if lists_read > 0 and read > FIRST_LOOK:
            break
        for zone in range(zone_count):
            _add(
                lists, pointers[term * zone_count + zone], pointers[term * zone_count + zone + 1],
                steps[lists_read], totals[edges[zone] : edges[zone + 1]],
            )  # fmt: skip
        lists_read += 1
    found = 0
    lowest = 0
    for each in range(lists_read):
        term = terms[sequence[each]]
        for zone in range(zone_count):
            part = totals[edges[zone] : edges[zone + 1]]
            for place in range(pointers[term * zone_count + zone], pointers[term * zone_count + zone + 1]):
                row = lists[place] & 0xFFFF
                total = part[row]
                part[row] = 0
                if total > lowest and (is_open.shape[0] == 0 or is_open[ids[edges[zone] + row]]):
                    at = found if found < count else count - 1
                    while at > 0 and partial[at - 1] < total:
                        partial[at] = partial[at - 1]
                        partial_rows[at] = partial_rows[at - 1]
                        at -= 1
                    partial[at] = total
                    partial_rows[at] = edges[zone] + row
                    found = min(found + 1, count)
                    if found == count:
                        lowest = partial[count - 1]
    if found < count:
        return -1.0
    hits[0] = _touched(partial_rows, 0, found, row_pointers, row_terms, row_weights)
    threshold = np.inf
    for each in range(found):
        threshold = min(
            threshold, _exact(partial_rows[each], row_pointers, row_terms, row_weights, factors, asked, hits)
        )
    return threshold


@njit(nogil=True, cache=True)
def _gather(totals, lowest, candidates):
    """Write the rows whose totals reach the lowest to ``candidates``; returns how many.

    Blocks are counted without a branch, so that the compiler compares many totals at a time.
    """
    found = 0
    whole = totals.shape[0] // BLOCK * BLOCK
    for first in range(0, whole, BLOCK):
        block = totals[first : first + BLOCK]
        reaching = np.int16(0)
        for row in range(BLOCK):
            reaching = np.int16(reaching + np.int16(block[row] >= lowest))
        if reaching != 0:
            for row in range(BLOCK):
                if block[row] >= lowest:
                    candidates[found] = first + row
                    found += 1
    for row in range(whole, totals.shape[0]):
        if totals[row] >= lowest:
            candidates[found] = row
            found += 1
    return found


@njit(nogil=True, cache=True)
def _still_possible(
    marks, first, terms, sequence, bounds, read, length, threshold, candidates, upper, found, shifts, losses
):
    """Keep the candidates that may reach the threshold without the lists whose terms their marks deny."""
    for word in range(marks.shape[0]):
        denied = 0
        for step in range(read, length):
            term = terms[sequence[step]]
            if term >> 6 == word:
                shifts[denied] = term & 63
                losses[2 * denied] = bounds[step]
                losses[2 * denied + 1] = 0.0
                denied += 1
        if denied == 0:
            continue
        kept = 0
        line = marks[word]
        for each in range(found):
            row = candidates[each]
            mark = line[first + row]
            most = upper[each]
            for bit in range(denied):
                most -= losses[2 * bit + ((mark >> shifts[bit]) & 1)]
            candidates[kept] = row
            upper[kept] = most
            kept += most >= threshold
        found = kept
        if found == 0:
            break
    return found


@njit(nogil=True, cache=True)
def _best_of_one(
    edges, pointers, maxima, zone_maxima, lists, marks, row_pointers, row_terms, row_weights, ids, order, is_open,
    terms, factors, count, totals, asked, candidates, upper, hits, sequence, steps, weights, bounds, rest,
    shifts, losses, partial, partial_rows, best_scores, best_rows,
):  # fmt: skip
    """Find the rows with the highest sums; returns how many, -1 for factors that cannot be. ``asked`` and ``totals`` are zero before and after.

    Totals are whole numbers of 16 bits, each contribution rounded up, so that they bound the sums from above. Zone
    after zone, lists are added from the shortest to the longest, until those left cannot lift a row that is in none
    of those read to a share of the threshold. Rows that may still reach the threshold are first asked for their
    marks and then scored whole, which raises the threshold for the zones to come.
    """
    zone_count = edges.shape[0] - 1
    length = _by_length(pointers, zone_maxima, lists, zone_count, terms, factors, asked, sequence, hits)
    if length <= 0:
        return length
    everything = 0.0
    for step in range(length):
        each = sequence[step]
        weights[step] = np.float64(factors[each]) * np.float64(maxima[terms[each]])
        everything += weights[step]
    scale = everything / (FULL_TOTAL - 4 * length)
    for step in range(length):
        steps[step] = np.int64(np.ceil(weights[step] / scale)) + 1
    threshold = _first_threshold(
        edges, pointers, lists, row_pointers, row_terms, row_weights, ids, is_open, terms, factors, length,
        sequence, steps, count, totals, asked, hits, partial, partial_rows,
    )  # fmt: skip
    margin = everything * MARGIN
    found = 0
    for zone in range(zone_count):
        rest[length] = margin
        for step in range(length - 1, -1, -1):
            bounds[step] = weights[step] * (
                zone_maxima[terms[sequence[step]] * zone_count + zone] / FULL_ZONE_CODE
            )
            rest[step] = rest[step + 1] + bounds[step]
        if rest[0] < threshold:
            continue
        first = edges[zone]
        part = totals[: edges[zone + 1] - first]
        read = 0
        touched = np.int64(0)
        while read < length and rest[read] >= threshold * STOP_SHARE:
            cell = terms[sequence[read]] * zone_count + zone
            for place in range(np.uint64(pointers[cell]), np.uint64(pointers[cell + 1]), np.uint64(16)):
                touched += lists[place]
            read += 1
        hits[0] = touched
        for step in range(read):
            cell = terms[sequence[step]] * zone_count + zone
            _add(lists, pointers[cell], pointers[cell + 1], steps[step], part)
        lowest = np.int16(max(1.0, np.floor((threshold - rest[read]) / scale)))
        possible = _gather(part, lowest, candidates)
        for each in range(possible):
            upper[each] = part[candidates[each]] * scale + rest[read]
        part[:] = 0
        possible = _still_possible(
            marks, first, terms, sequence, bounds, read, length, threshold, candidates, upper, possible, shifts,
            losses,
        )  # fmt: skip
        hits[0] = _touched(candidates, first, possible, row_pointers, row_terms, row_weights)
        for each in range(possible):
            row = first + candidates[each]
            if upper[each] >= threshold and (is_open.shape[0] == 0 or is_open[ids[row]]):
                score = _exact(row, row_pointers, row_terms, row_weights, factors, asked, hits)
                if score >= threshold:
                    found = _insert(found, count, score, row, order, best_scores, best_rows)
                    if found == count:
                        threshold = max(threshold, best_scores[count - 1])
    for each in range(terms.shape[0]):
        asked[terms[each]] = 0
    for each in range(found):
        best_rows[each] = ids[best_rows[each]]
    return found


@njit(nogil=True, cache=True)
def best_of_many(
    edges, numbers, pointers, maxima, zone_maxima, lists, marks, row_pointers, row_terms, row_weights, ids, order,
    is_open, query_pointers, query_terms, query_factors, first, last, count,
    totals, asked, candidates, upper, hits, found, best_rows, best_scores,
):  # fmt: skip
    """Write the best rows of the queries from ``first`` up to ``last`` into their rows of the results."""
    most = 1
    for query in range(first, last):
        most = max(most, query_pointers[query + 1] - query_pointers[query])
    terms = np.empty(most, np.int64)
    sequence = np.empty(most, np.int64)
    steps = np.empty(most, np.int64)
    weights = np.empty(most)
    bounds = np.empty(most)
    rest = np.empty(most + 1)
    shifts = np.empty(64, np.int64)
    losses = np.empty(128)
    partial = np.empty(count, np.int64)
    partial_rows = np.empty(count, np.int64)
    for query in range(first, last):
        start, stop = query_pointers[query], query_pointers[query + 1]
        for place in range(start, stop):
            terms[place - start] = numbers[query_terms[place]]
        found[query] = _best_of_one(
            edges, pointers, maxima, zone_maxima, lists, marks, row_pointers, row_terms, row_weights, ids, order,
            is_open, terms[: stop - start], query_factors[start:stop], count, totals, asked, candidates, upper,
            hits, sequence, steps, weights, bounds, rest, shifts, losses, partial, partial_rows,
            best_scores[query], best_rows[query],
        )  # fmt: skip
