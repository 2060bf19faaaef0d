"""The filters of the lists: what may be chosen, what a choice accepts, and what it is called."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Area, Industry
from catalog.enums import CooperationMode, DemandSource, EvidenceLevel, Origin
from catalog.models import EnergyCarrier, EnergySystem
from search.bands import INVESTMENT_CNY, PAYBACK_YEARS, PENETRATION, UNKNOWN, VALIDITY, Band
from search.documents import EVERY_INDUSTRY, OWN, SAMPLE, industry_line
from search.engine import Facet
from search.enums import Kind

MOST_VALUES = 40
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter as the page shows it."""

    value: str
    label: str
    count: int | None
    is_chosen: bool


def taxonomy_labels(model):
    """Return a function that reads the labels of a taxonomy with codes and names."""
    return lambda chosen: dict(model.objects.values_list("code", "name"))


def industry_labels(chosen: Iterable[str]) -> Labels:
    """Return every division, and deeper or higher nodes only where they were asked for."""
    nodes = Industry.objects.filter(Q(level=1) | Q(code__in=[value[:5] for value in chosen]))
    return {EVERY_INDUSTRY: _("各行业通用"), **dict(nodes.values_list("code", "name"))}


def enum_labels(*groups):
    """Return a function that gives the labels of choices and of (value, label) pairs."""
    return lambda chosen: {str(value): str(label) for group in groups for value, label in group}


def band_labels(bands: tuple[Band, ...]):
    """Return a function that gives the labels of bands, and of having no figure."""
    return lambda chosen: {**{band.code: str(band.label) for band in bands}, UNKNOWN: _("未提供")}


def accepted_itself(value: str) -> frozenset[str]:
    """Accept exactly the value."""
    return frozenset([value])


def accepted_industries(value: str) -> frozenset[str]:
    """Accept what is meant for an industry, for one below it, for one above it or for all."""
    if value == EVERY_INDUSTRY:
        return frozenset([value])
    return frozenset([value, EVERY_INDUSTRY, *(OWN + code for code in industry_line(value)[1:])])


@dataclass(frozen=True, slots=True)
class Field:
    """One filter of a list; `name` is its name in the address and in the index.

    `also` is a value whose listings belong to every other choice. `note` explains what the figures are.
    """

    name: str
    label: str
    labels: Callable[[Iterable[str]], Labels]
    accepted: Callable[[str], frozenset[str]] = accepted_itself
    also: str = ""
    note: str = ""
    is_open: bool = False

    def choices(self, labels: Labels, facet: Facet | None, chosen: Iterable[str]) -> list[Choice]:
        """Return what was chosen, then what would leave something, each in the order of labels."""
        counts = facet.counts if facet else {}
        choices = []
        for value, label in labels.items():
            count, is_chosen = self._count(value, counts), value in chosen
            if counts.get(value) or is_chosen:
                choices.append(Choice(value, label, count, is_chosen))
        return sorted(choices, key=lambda choice: not choice.is_chosen)

    def _count(self, value: str, counts: Mapping[str, int]) -> int | None:
        """Return how many listings the value alone would leave; None where the index does not count so deep."""
        if self.accepted is accepted_industries and len(value) > 3:
            return None
        general = counts.get(self.also, 0) if self.also and value != self.also else 0
        return counts.get(value, 0) + general


_MIDDLE = gettext_lazy("按典型项目区间的中值归档")
_SYSTEM = Field("system", gettext_lazy("用能系统"), taxonomy_labels(EnergySystem), is_open=True)
_CARRIER = Field("carrier", gettext_lazy("能源品种"), taxonomy_labels(EnergyCarrier))
_INDUSTRY = Field(
    "industry", gettext_lazy("适用行业"), industry_labels, accepted_industries, also=EVERY_INDUSTRY,
    note=gettext_lazy("含各行业通用的技术"),
)  # fmt: skip
_SAMPLE = (SAMPLE, gettext_lazy("示例数据"))

FIELDS: dict[str, tuple[Field, ...]] = {
    Kind.TECHNOLOGY: (
        _SYSTEM,
        _INDUSTRY,
        _CARRIER,
        Field("payback", gettext_lazy("投资回收期"), band_labels(PAYBACK_YEARS), note=_MIDDLE),
        Field("investment", gettext_lazy("典型项目投资"), band_labels(INVESTMENT_CNY), note=_MIDDLE),
        Field("penetration", gettext_lazy("目前推广比例"), band_labels(PENETRATION)),
        Field("evidence", gettext_lazy("证据等级"), enum_labels(EvidenceLevel.choices)),
        Field("cooperation", gettext_lazy("合作方式"), enum_labels(CooperationMode.choices)),
        Field("area", gettext_lazy("供方所在地"), taxonomy_labels(Area)),
        Field(
            "validity", gettext_lazy("有效期"), enum_labels(VALIDITY), note=gettext_lazy("每日凌晨更新")
        ),
        Field("origin", gettext_lazy("条目类型"), enum_labels(Origin.choices, [_SAMPLE])),
    ),
    Kind.DEMAND: (
        _SYSTEM,
        _CARRIER,
        Field("industry", gettext_lazy("所属行业"), industry_labels),
        Field("area", gettext_lazy("所在街镇或园区"), taxonomy_labels(Area)),
        Field("source", gettext_lazy("需求来源"), enum_labels(DemandSource.choices)),
        Field(
            "finance", gettext_lazy("融资"), enum_labels([("yes", gettext_lazy("希望对接融资"))]),
            note=gettext_lazy("仅统计企业公开的意向"),
        ),
        Field("origin", gettext_lazy("条目类型"), enum_labels([_SAMPLE])),
    ),
}  # fmt: skip

# Sort orders by name in the address: what the engine sorts by, and the label.
SORTS: dict[str, dict[str, tuple[str, str]]] = {
    Kind.TECHNOLOGY: {
        "relevance": ("relevance", gettext_lazy("相关度")),
        "newest": ("-published", gettext_lazy("最新发布")),
        "payback": ("payback_years", gettext_lazy("回收期最短")),
        "investment": ("investment_cny", gettext_lazy("投资最少")),
        "saving": ("-annual_saving_tce", gettext_lazy("节能量最大")),
        "rate": ("-saving_rate", gettext_lazy("节能率最高")),
    },
    Kind.DEMAND: {
        "relevance": ("relevance", gettext_lazy("相关度")),
        "newest": ("-published", gettext_lazy("最新发布")),
        "deadline": ("deadline", gettext_lazy("最近截止")),
    },
}
