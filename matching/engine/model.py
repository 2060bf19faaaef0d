"""What was learned: the weights and curves that make one score from the parts, as plain JSON.

A model is versioned apart from the index: another model re-ranks the same vectors, nothing is built anew.
"""

import json
import logging
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

logger = logging.getLogger(__name__)

FORMAT = 1
SHIPPED_FILE = Path(__file__).with_name("shipped_model.json")

TEXT_PARTS = ("title", "problem", "body", "topic", "concept")
STRUCTURED_PARTS = (
    "system",
    "conditions",
    "industry",
    "carrier",
    "payback",
    "budget",
    "saving",
    "cases",
    "evidence",
    "prior",
)
PARTS = TEXT_PARTS + STRUCTURED_PARTS
"""Names of the parts in the order in which they are shown."""

PARTS_OF_LATER_ENGINES = ("concept", "prior")
"""Parts that models made before them lack; there they weigh nothing."""

GRADE_BOUNDS = (0.5, 0.8, 0.95)
Knots = tuple[tuple[float, float], ...]
"""Points (x, y) of a line that never falls; flat outside its ends. Empty means y = x."""


class ModelUnreadable(ValueError):
    """Say why a file or text is no usable model: damaged, of another format, or with senseless numbers."""


@dataclass(frozen=True, slots=True)
class Training:
    """Record how a model came about; ``figures`` are those measured on needs that it was not fitted on."""

    source: str = ""
    date: str = ""
    needs: int = 0
    technologies: int = 0
    pairs: int = 0
    figures: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class RankingModel:
    """Hold all that turns similarities and values of the parts into one score.

    Attributes
    ----------
    version
        Name of the model; stored with every recommendation that it makes.
    weights
        Weight of every part, 0 or more; only their proportions count.
    scales
        For each text part the similarity at which its value reaches 1 − 1/e, before its curve.
    curves
        For some parts a monotone line that maps the value in 0..1 to the value in 0..1 that is weighted.
    calibration
        A monotone line from the weighted mean in 0..1 to the score in 0..1; starts at 0, 0 when not empty.
    common_terms
        Terms that most needs contain, with a factor in 0..1 for their weight in the problem of a need.
    grade_bounds
        The scores from which a judge's grade of 2, 3 and 4 is predicted, rising.
    meaning
        A monotone line from the score of a pair known by its texts alone to the share of such pairs that judges
        called related (grade 2 or better).
    training
        How the model came about.

    Examples
    --------
    >>> model = shipped_model()
    >>> RankingModel.from_json(model.to_json()) == model
    True
    >>> RankingModel.from_json('{"format": 99}')
    Traceback (most recent call last):
    matching.engine.model.ModelUnreadable: the model has format 99, this engine reads format 1
    """

    version: str
    weights: Mapping[str, float]
    scales: Mapping[str, float]
    curves: Mapping[str, Knots] = field(default_factory=dict)
    calibration: Knots = ()
    common_terms: Mapping[str, float] = field(default_factory=dict)
    grade_bounds: tuple[float, float, float] = GRADE_BOUNDS
    meaning: Knots = ()
    training: Training = field(default_factory=Training)

    def __post_init__(self):
        if not isinstance(self.version, str) or not self.version.strip():
            raise ModelUnreadable("the model has no version")
        _check_names("weights", self.weights, PARTS, PARTS)
        _check_names("scales", self.scales, TEXT_PARTS, TEXT_PARTS)
        _check_names("curves", self.curves, PARTS, ())
        for name, weight in self.weights.items():
            if not _is_number(weight) or weight < 0:
                raise ModelUnreadable(f"the weight of {name} is {weight!r}, expected a number from 0")
        if not sum(self.weights.values()) > 0:
            raise ModelUnreadable("all weights are 0")
        for name, scale in self.scales.items():
            if not _is_number(scale) or scale <= 0:
                raise ModelUnreadable(f"the scale of {name} is {scale!r}, expected a number above 0")
        for term, factor in self.common_terms.items():
            if not _is_number(factor) or not 0 <= factor <= 1:
                raise ModelUnreadable(f"the factor of {term} is {factor!r}, expected a number from 0 to 1")
        bounds = self.grade_bounds
        if len(bounds) != 3 or not all(map(_is_number, bounds)) or list(bounds) != sorted(bounds):
            raise ModelUnreadable(f"the bounds of the grades are {bounds!r}, expected three rising numbers")
        for name, knots in {**self.curves, "calibration": self.calibration, "meaning": self.meaning}.items():
            _check_knots(name, knots)
        if self.calibration and tuple(self.calibration[0]) != (0, 0):
            raise ModelUnreadable(
                "the calibration does not start at 0, 0: a score without parts has no reason"
            )

    def to_json(self) -> str:
        """Return the model as JSON text; ``from_json`` reads it back."""
        values = {
            "format": FORMAT,
            "version": self.version,
            "weights": dict(self.weights),
            "scales": dict(self.scales),
            "curves": {name: [list(knot) for knot in knots] for name, knots in self.curves.items()},
            "calibration": [list(knot) for knot in self.calibration],
            "common_terms": dict(self.common_terms),
            "grade_bounds": list(self.grade_bounds),
            "meaning": [list(knot) for knot in self.meaning],
            "training": {name: getattr(self.training, name) for name in Training.__slots__},
        }
        return json.dumps(values, ensure_ascii=False, indent=1)

    @classmethod
    def from_json(cls, text: str | bytes) -> "RankingModel":
        """Read a model and check every number in it.

        Raises
        ------
        ModelUnreadable
            When the text is no JSON, of another format, or holds senseless numbers.
        """
        try:
            values = json.loads(text)
        except (ValueError, RecursionError) as error:
            raise ModelUnreadable(f"the model is not JSON: {error}") from error
        if not isinstance(values, dict):
            raise ModelUnreadable("the model is not a JSON object")
        if values.get("format") != FORMAT:
            raise ModelUnreadable(
                f"the model has format {values.get('format')!r}, this engine reads format {FORMAT}"
            )
        try:
            return cls(
                version=values["version"],
                weights={**dict.fromkeys(PARTS_OF_LATER_ENGINES, 0), **values["weights"]},
                scales={**dict.fromkeys(PARTS_OF_LATER_ENGINES[:1], 1.0), **values["scales"]},
                curves={name: _knots(points) for name, points in dict(values["curves"]).items()},
                calibration=_knots(values["calibration"]),
                common_terms=dict(values.get("common_terms", {})),
                grade_bounds=tuple(values.get("grade_bounds", GRADE_BOUNDS)),
                meaning=_knots(values.get("meaning", ())),
                training=_training(values["training"]),
            )
        except KeyError as error:
            raise ModelUnreadable(f"the model lacks {error}") from error
        except (TypeError, ValueError) as error:
            if isinstance(error, ModelUnreadable):
                raise
            raise ModelUnreadable(f"the model has an unexpected value: {error}") from error

    @classmethod
    def read(cls, path: Path) -> "RankingModel":
        """Read a model from a file in UTF-8; raises ``ModelUnreadable``, also without such a file."""
        try:
            return cls.from_json(path.read_bytes())
        except OSError as error:
            raise ModelUnreadable(f"the model cannot be read: {error}") from error

    def value(self, name: str, given):
        """Return the value that is weighted for a part: its curve at the given value, NaN where unknown."""
        return along(self.curves.get(name, ()), given)

    def calibrated(self, mean):
        """Return the score for a weighted mean of values."""
        return along(self.calibration, mean)

    def chance_of_related(self, scores):
        """Return how often judges call pairs with such scores related, when texts alone are known.

        Examples
        --------
        >>> bool(0.7 < shipped_model().chance_of_related(0.5) < 0.85)
        True
        """
        return along(self.meaning, scores)

    def predicted_grades(self, scores) -> np.ndarray:
        """Return the grade, 1 (none) to 4 (strong), that a judge is expected to give at each score."""
        return 1 + np.searchsorted(np.asarray(self.grade_bounds), np.asarray(scores), side="right")


@lru_cache(maxsize=1)
def shipped_model() -> RankingModel:
    """Return the model that comes with the engine."""
    return RankingModel.read(SHIPPED_FILE)


def model_or_shipped(text: str | bytes) -> RankingModel:
    """Return the model in the text, or the shipped one, with a line in the log, when it is unreadable.

    Examples
    --------
    >>> logger.disabled = True
    >>> model_or_shipped("{") == shipped_model()
    True
    >>> logger.disabled = False
    """
    try:
        return RankingModel.from_json(text)
    except ModelUnreadable as error:
        logger.warning("the shipped model is used instead of an unreadable one: %s", error)
        return shipped_model()


def along(knots: Knots, given):
    """Return the line through the knots at the given places; NaN stays NaN, no knots return the input.

    Examples
    --------
    >>> along(((0, 0), (0.5, 0.2), (1, 1)), np.array([0.25, 0.75, 2.0, np.nan])).round(2).tolist()
    [0.1, 0.6, 1.0, nan]
    """
    if not knots:
        return given
    x, y = zip(*knots, strict=True)
    return np.interp(given, x, y)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _check_names(what: str, values: Mapping[str, Any], allowed, required) -> None:
    unknown, missing = set(values) - set(allowed), set(required) - set(values)
    if unknown or missing:
        raise ModelUnreadable(f"{what}: unknown {sorted(unknown)}, missing {sorted(missing)}")


def _check_knots(name: str, knots: Knots) -> None:
    if not all(
        len(knot) == 2 and all(_is_number(number) and 0 <= number <= 1 for number in knot) for knot in knots
    ):
        raise ModelUnreadable(f"the curve of {name} has a point that is not a pair of numbers from 0 to 1")
    for (x, y), (next_x, next_y) in zip(knots, knots[1:], strict=False):
        if next_x <= x or next_y < y:
            raise ModelUnreadable(f"the curve of {name} falls or does not go on at x = {next_x}")


def _knots(points: Any) -> Knots:
    return tuple(tuple(point) for point in points)


def _training(values: Mapping[str, Any]) -> Training:
    training = Training(**values)
    counts = (training.needs, training.technologies, training.pairs)
    if not all(isinstance(count, int) and count >= 0 for count in counts):
        raise ModelUnreadable(f"the counts of the training are {counts}, expected whole numbers from 0")
    if not isinstance(training.figures, dict) or not all(map(_is_number, training.figures.values())):
        raise ModelUnreadable("the figures of the training are not all numbers")
    return training
