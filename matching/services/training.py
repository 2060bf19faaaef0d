"""Train and cross-validate models of the matcher on files of judged pairs, for commands.

Loads scikit-learn where a need's own judgements are learned from; no web process imports this.
"""

from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path

import numpy as np
from django.utils.translation import gettext as _

from catalog.csv_files import FileError
from matching.engine import ENGINE_VERSION
from matching.engine.evaluation import Evaluation
from matching.engine.model import RankingModel
from matching.engine.own_need import cross_validate_pairs
from matching.engine.training import (
    COMMON_TERMS,
    LEARNED_PARTS,
    Judged,
    TrainingImpossible,
    cross_validate,
    reliability,
    train,
)
from matching.services.evaluation import JudgedFiles

FIGURES = ("ndcg_at_10", "mean_average_precision", "grade_accuracy")
NEEDS, PAIRS = "needs", "pairs"


@dataclass(frozen=True)
class CrossValidation:
    """Hold the mean of the figures over repetitions, their spread, and what the scores meant on what was left out."""

    mean: Evaluation
    spread: dict[str, float]
    bands: list[tuple[float, float, int, float, float]]


def train_model(files: JudgedFiles, *, source: str) -> RankingModel:
    """Learn a model from judged pairs; its figures are those of five folds of needs."""
    judged = _judged(files)
    model = _explained(train, judged)
    found = validate(files, folds=min(5, len(judged.demands)), by=NEEDS, repetitions=1, judged=judged)
    figures = {name: round(getattr(found.mean, name), 4) for name in FIGURES}
    training = replace(
        model.training,
        source=source,
        date=date.today().isoformat(),
        figures={name: value for name, value in figures.items() if not np.isnan(value)},
    )
    return replace(model, version=f"{ENGINE_VERSION}-{training.date}", training=training)


def write_model(model: RankingModel, path: Path) -> None:
    """Write a model as JSON, whole or not at all."""
    temporary = path.with_name(f".{path.name}.writing")
    try:
        temporary.write_text(model.to_json() + "\n", encoding="utf-8")
        temporary.replace(path)
    except OSError as error:
        raise FileError(_("无法写入文件 %(file)s，请检查路径和权限。") % {"file": path}) from error


def validate(
    files: JudgedFiles, *, folds: int, by: str, repetitions: int, judged: Judged | None = None
) -> CrossValidation:
    """Repeat the division into folds with other seeds and return the mean figures and their spread.

    With folds by ``needs`` nothing of a tested need is known; with folds by ``pairs`` other judged pairs of the
    same need are, as when an enterprise has judged part of a list.
    """
    judged = judged or _judged(files)
    if not 2 <= folds <= len(judged.demands):
        raise FileError(
            _("折数应在 2 到需求数 %(count)d 之间，实际为 %(folds)d。")
            % {"count": len(judged.demands), "folds": folds}
        )
    divide = cross_validate if by == NEEDS else cross_validate_pairs
    runs = [_explained(divide, judged, folds, seed=seed) for seed in range(repetitions)]
    values = {name: [getattr(run[0], name) for run in runs] for name in FIGURES}
    mean = replace(runs[0][0], **{name: float(np.mean(each)) for name, each in values.items()})
    spread = {name: float(np.std(each)) for name, each in values.items()}
    return CrossValidation(mean, spread, reliability(runs[0][1], judged.grade))


def ablation(files: JudgedFiles, *, folds: int, repetitions: int) -> dict[str, Evaluation]:
    """Return the mean figures over folds of needs with everything, and without each learned part in turn."""
    judged = _judged(files)
    found = {}
    for name in ("", *LEARNED_PARTS, COMMON_TERMS):
        runs = [
            _explained(cross_validate, judged, folds, seed=seed, without=[name])[0]
            for seed in range(repetitions)
        ]
        means = {figure: float(np.mean([getattr(run, figure) for run in runs])) for figure in FIGURES}
        found[name] = replace(runs[0], **means)
    return found


def as_json(result: Evaluation) -> dict[str, float | int | None]:
    """Return the figures with None where there is none."""
    return {name: None if value != value else value for name, value in asdict(result).items()}


def _judged(files: JudgedFiles) -> Judged:
    return Judged.build(files.technologies, files.demands, files.grades)


def _explained(work, *given, **options):
    try:
        return work(*given, **options)
    except TrainingImpossible as error:
        raise FileError(
            _("可供学习的评判太少：至少需要 %(fewest)d 个等级有高有低的需求，实际 %(count)d 个。")
            % {"fewest": error.fewest, "count": error.count}
        ) from error
