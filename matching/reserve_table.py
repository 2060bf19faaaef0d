"""The reserve ranking as a table: filter, order, and what each figure says."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django import forms
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.enums import EvidenceLevel
from catalog.formats import number_text, share_text
from catalog.models import EnergySystem
from matching.models import ReserveScore, ReserveWeights

SORTS = {
    "score": ("score", gettext_lazy("储备评分")),
    "potential": ("potential_tce", gettext_lazy("节能潜力")),
    "needs": ("needs", gettext_lazy("本地需求数")),
    "now": ("penetration_now", gettext_lazy("目前推广比例")),
    "later": ("penetration_in_5_years", gettext_lazy("5 年后推广比例")),
    "payback": ("payback_years", gettext_lazy("投资回收期")),
}
ASCENDING = {"now", "later", "payback"}
UNKNOWN = gettext_lazy("未知")


class ReserveFilter(forms.Form):
    """Which technologies, in which order."""

    system = forms.ChoiceField(label=gettext_lazy("用能系统"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("排序"),
        choices=[(name, label) for name, (_field, label) in SORTS.items()],
        required=False,
    )

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        # Choices are compared in memory: no database takes every character that an address can hold.
        self.names = dict(EnergySystem.objects.values_list("code", "name"))
        self.fields["system"].choices = [("", _("全部系统")), *self.names.items()]

    @property
    def system_name(self):
        """Return the name of the system chosen, empty for all."""
        return self.names.get(self.cleaned_data.get("system"), "") if self.is_valid() else ""

    def apply(self, rows):
        """Return the rows that are wanted in the order wanted; wrong values are passed over, unknown ones are last."""
        self.is_valid()
        system, sort = self.cleaned_data.get("system"), self.cleaned_data.get("sort") or "score"
        if system:
            rows = rows.filter(technology__systems__code=system)
        order = F(SORTS[sort][0])
        first = order.asc(nulls_last=True) if sort in ASCENDING else order.desc(nulls_last=True)
        return rows.order_by(first, F("score").desc(nulls_last=True), "technology")


@dataclass(frozen=True, slots=True)
class FactorLine:
    """One factor of a score, as shown: its figure, its value from 0 to 1, its share of the weight, its effect."""

    label: str
    figure: str
    value: float | None
    share: float
    factor: float


@dataclass(frozen=True, slots=True)
class ReserveLine:
    """One technology of the ranking with its figures in words; `rank` is None without a score."""

    row: ReserveScore
    rank: int | None
    systems: str
    figures: Mapping[str, str]
    basis: str
    factors: list[FactorLine]

    @property
    def score_text(self):
        return "" if self.row.score is None else f"{self.row.score:.1f}"


def make_lines(rows: Iterable[ReserveScore], ranks: Mapping[int, int]) -> list[ReserveLine]:
    """Return the rows with their figures in words; reads `technology` and its systems."""
    labels = {name: ReserveWeights._meta.get_field(name).verbose_name for name in factor_names()}
    lines = []
    for row in rows:
        texts = figure_texts(row)
        factors = [
            FactorLine(
                str(labels[each["name"]]), texts[each["name"]], each["value"], each["share"], each["factor"]
            )
            for each in row.factors
            if each["name"] in labels
        ]
        systems = _("、").join(system.name for system in row.technology.systems.all())
        lines.append(ReserveLine(row, ranks.get(row.pk), systems, texts, basis_text(row), factors))
    return lines


def factor_names() -> list[str]:
    return [
        field.name for field in ReserveWeights._meta.concrete_fields if field.name not in {"id", "changed_at"}
    ]


def figure_texts(row: ReserveScore) -> dict[str, str]:
    """Return the figure behind each factor; what nobody has said reads 未知, a stated 0 reads 0."""
    return {
        "potential": said(row.potential_tce, energy_words),
        "penetration_now": said(row.penetration_now, share_text),
        "penetration_in_5_years": said(row.penetration_in_5_years, share_text),
        "evidence": str(EvidenceLevel(row.evidence).label)
        if row.evidence in EvidenceLevel.values
        else str(UNKNOWN),
        "payback": said(row.payback_years, lambda value: _("%s 年") % number_text(value)),
        "needs": str(row.needs),
    }


def said(value, write) -> str:
    return str(UNKNOWN) if value is None else write(value)


def energy_words(value: Decimal) -> str:
    """Return tonnes of standard coal a year, whole from 100 on."""
    rounded = round(value) if value >= 100 else round(value, 1)
    return f"{Decimal(rounded):,f} tce/a".replace(".0 ", " ")


def basis_text(row: ReserveScore) -> str:
    """Say what the potential rests on."""
    if row.potential_tce is None:
        if row.needs:
            return _("需求未填写年用能，技术也未给出典型项目节能量")
        return _("技术未给出典型项目节能量，也没有可估算的本地需求")
    if not row.needs_measured and not row.needs_typical:
        return _("暂无可估算的本地需求，按一个典型项目计")
    parts = []
    if row.needs_measured:
        parts.append(_("%d 条需求按其年用能 × 节能率") % row.needs_measured)
    if row.needs_typical:
        parts.append(_("%d 条需求按典型项目") % row.needs_typical)
    left = row.needs - row.needs_measured - row.needs_typical
    if left:
        parts.append(_("%d 条需求无法估算，未计入") % left)
    return _("；").join(parts)


HEADINGS = [
    gettext_lazy("名次"), gettext_lazy("技术名称"), gettext_lazy("技术供方"), gettext_lazy("用能系统"),
    gettext_lazy("储备评分"), gettext_lazy("节能潜力（tce/a）"), gettext_lazy("潜力依据"), gettext_lazy("本地需求数"),
    gettext_lazy("目前推广比例"), gettext_lazy("预计 5 年后推广比例"), gettext_lazy("证据等级"),
    gettext_lazy("投资回收期（年）"),
]  # fmt: skip


def export_rows(lines: Iterable[ReserveLine]):
    """Yield the cells of each line; unknown figures are empty cells, 0 is 0."""
    for line in lines:
        row = line.row
        yield [
            line.rank, row.technology.title, row.technology.owner_label, line.systems,
            None if row.score is None else round(row.score, 2), row.potential_tce, line.basis, row.needs,
            row.penetration_now, row.penetration_in_5_years,
            line.figures["evidence"] if row.evidence else None, row.payback_years,
        ]  # fmt: skip
