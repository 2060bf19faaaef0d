"""Whole points that add up to the whole number beside them."""

import math
from collections.abc import Sequence
from decimal import Decimal


def points(score: float | None) -> int:
    """Return a share of 0 to 1 as points of 100, rounded as the pages round it.

    >>> points(0.345), points(0.355), points(None)
    (34, 36, 0)
    """
    return round(Decimal(str(score or 0)) * 100)


def whole_points(shares: Sequence[float], total: int) -> list[int]:
    """Return shares of 1 as whole points that add up to `total`, none further than needed from its own value.

    What is left after rounding down goes to the largest remainders, the first of equal ones; shares may be negative.
    A share of 0 stays 0 as long as others can take the difference.

    >>> whole_points([0.114, 0.114, 0.112], 34)
    [12, 11, 11]
    >>> whole_points([0.6, -0.48, 0.0], 12)
    [60, -48, 0]
    """
    exact = [share * 100 for share in shares]
    found = [math.floor(each + 1e-9) for each in exact]
    candidates = [place for place, each in enumerate(exact) if each] or list(range(len(exact)))
    left = total - sum(found)
    by_remainder = sorted(candidates, key=lambda place: found[place] - exact[place])
    while left and by_remainder:
        step = 1 if left > 0 else -1
        order = by_remainder if step > 0 else list(reversed(by_remainder))
        for place in order[: abs(left)]:
            found[place] += step
        left = total - sum(found)
    return found
