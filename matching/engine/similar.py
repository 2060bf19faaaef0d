"""How alike technologies are: the same kind of thing, or nearly the same listing."""

from collections.abc import Sequence

import numpy as np

from matching.engine.profiles import DemandProfile, TechnologyProfile
from matching.engine.text import normalise
from matching.engine.vectors import TextModel

SAME_KIND = 0.35
"""From here on two technologies of one energy system are of one kind, such as two heat recoveries of compressors."""
RELATED = 0.25
"""From here on two technologies of one energy system have much in common, such as two heat pumps."""
NEARLY_IDENTICAL = 0.7
"""From here on two listings say the same, whatever their systems."""
WITHOUT_SYSTEM = 0.2
"""By how much the text must be nearer where a side names no energy system."""


Listing = TechnologyProfile | DemandProfile


def similarities(model: TextModel, first: Sequence[Listing], second: Sequence[Listing]) -> np.ndarray:
    """Return how alike the texts of technologies, or of needs, are, 0 to 1, one row for each of the first.

    The mean of two cosines: of the titles, and of titles with descriptions. Titles alone call a magnetic-bearing
    chiller and a magnetic-bearing blower alike; descriptions alone join what only serves the same plant.

    Examples
    --------
    >>> recovery, blower = TechnologyProfile(1, "空压机余热回收"), TechnologyProfile(2, "磁悬浮鼓风机")
    >>> again = TechnologyProfile(3, "螺杆空压机余热回收机组")
    >>> model = TextModel.fit([each.title for each in (recovery, blower, again)], ["", "", ""])
    >>> similarities(model, [recovery], [recovery, again, blower]).round(1).tolist()
    [[1.0, 0.7, 0.0]]
    >>> similarities(model, [], [recovery]).shape
    (0, 1)
    """
    if not first or not second:
        return np.zeros((len(first), len(second)))
    titles = [model.queries([normalise(each.title) for each in side]) for side in (first, second)]
    whole = [
        model.queries([normalise(f"{each.title}\n{each.body}") for each in side]) for side in (first, second)
    ]
    mean = (titles[0] @ titles[1].T + whole[0] @ whole[1].T) / 2
    return np.clip(mean.toarray(), 0, 1)


def needed_similarity(first: Listing, second: Listing, threshold: float) -> float | None:
    """Return the likeness from which two technologies, or two needs, count as alike, None when their systems differ.

    Examples
    --------
    >>> air, light = TechnologyProfile(1, "", systems=("compressed_air",)), TechnologyProfile(2, "", systems=("lighting",))
    >>> needed_similarity(air, air, 0.35), needed_similarity(air, light, 0.35)
    (0.35, None)
    >>> round(needed_similarity(air, TechnologyProfile(3, ""), 0.35), 2)
    0.55
    """
    if not first.systems or not second.systems:
        return threshold + WITHOUT_SYSTEM
    return threshold if set(first.systems) & set(second.systems) else None


def is_alike(first: Listing, second: Listing, likeness: float, threshold: float) -> bool:
    """Tell whether a likeness suffices for two listings of these systems."""
    needed = needed_similarity(first, second, threshold)
    return needed is not None and likeness >= needed
