"""Learned models as an official reads them: what changed, how it was tested, why it is not used."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

from matching.breakdown import PART_LABELS
from matching.engine.model import PARTS, ModelUnreadable, RankingModel, shipped_model
from matching.enums import ModelState
from matching.models import RankingModelVersion

OBJECTIONS = {
    "nothing_to_compare": _("保留的反馈中没有可比较的单位：每家单位须同时有正面和负面的反馈。"),
    "auc_below": _("在保留的反馈上不如随程序发布的模型。"),
    "auc_within_margin": _("在保留的反馈上改进不足 0.01，不足以替换现有模型。"),
    "auc_by_chance": _("在保留的反馈上的改进没有超出偶然波动（1.64 倍标准误）。"),
    "ndcg_below": _("在保留的反馈上，前 10 位的排序不如随程序发布的模型。"),
    "unusable": _("反馈数据无法用于学习，权重或数值不合规。"),
    "fell_behind": _("启用之后的新反馈表明它已不如随程序发布的模型，已自动停用。"),
}
BAR_WIDTH = 100


@dataclass(frozen=True, slots=True)
class WeightLine:
    """One part's share of the score, in per cent, beside the shipped one; bars are of 100 units."""

    label: str
    share: float
    shipped: float
    before: float | None
    width: str
    shipped_width: str

    @property
    def change(self) -> float:
        """Return by how many points it differs from the shipped share."""
        return self.share - self.shipped

    @property
    def since(self) -> float | None:
        """Return by how many points it differs from the version before, None without one."""
        return None if self.before is None else self.share - self.before


@dataclass(frozen=True, slots=True)
class VersionView:
    """One version with what it learned; `lines` are empty when it cannot be read."""

    row: RankingModelVersion
    is_readable: bool
    lines: list[WeightLine]
    objections: list[str]

    @property
    def can_activate(self) -> bool:
        return self.is_readable and self.row.state in {ModelState.CANDIDATE, ModelState.RETIRED}


def make_versions(rows: Iterable[RankingModelVersion]) -> list[VersionView]:
    """Return versions, newest first as given, each beside the one before it that can be read."""
    rows = list(rows)
    models = [_read(row) for row in rows]
    views = []
    for place, (row, model) in enumerate(zip(rows, models, strict=True)):
        former = next((each for each in models[place + 1 :] if each is not None), None)
        found = [str(OBJECTIONS[code]) for code in row.objections if code in OBJECTIONS]
        views.append(VersionView(row, model is not None, weight_lines(model, former) if model else [], found))
    return views


def weight_lines(model: RankingModel, former: RankingModel | None = None) -> list[WeightLine]:
    """Return one line for each part, in the order in which parts are shown."""
    own, shipped = shares(model), shares(shipped_model())
    before = shares(former) if former else {}
    largest = max([*own.values(), *shipped.values()])
    return [
        WeightLine(
            label=str(PART_LABELS[name]),
            share=own[name],
            shipped=shipped[name],
            before=before.get(name),
            width=f"{BAR_WIDTH * own[name] / largest:.1f}",
            shipped_width=f"{BAR_WIDTH * shipped[name] / largest:.1f}",
        )
        for name in PARTS
    ]


def shares(model: RankingModel) -> dict[str, float]:
    """Return the weights in per cent of their sum."""
    total = sum(model.weights.values())
    return {name: 100 * weight / total for name, weight in model.weights.items()}


def _read(row: RankingModelVersion) -> RankingModel | None:
    try:
        return row.read()
    except ModelUnreadable:
        return None
