"""A technology as lines of label and text, the same where technologies stand side by side and in files."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from catalog.enums import EvidenceLevel, Origin
from catalog.formats import energy_text, number_text, range_text, share_text, years_text
from catalog.models import Technology
from catalog.models.technologies import RANGES

# Told at length, so that no two are ever the same.
PROSE = frozenset(
    {
        "summary",
        "saving_basis",
        "conditions_note",
        "scope",
        "not_suitable",
        "principle",
        "process",
        "indicators",
    }
    | {"cases", "intellectual_property"}
)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line; an empty text means that nobody stated it."""

    name: str
    label: str
    text: str

    @property
    def is_prose(self) -> bool:
        """Whether it is told in sentences, not in figures or chosen words."""
        return self.name in PROSE


def with_facts(technologies: QuerySet) -> QuerySet:
    """Load what `technology_facts` reads in a fixed number of queries."""
    return technologies.select_related("organisation__area").prefetch_related(
        "industries", "systems", "carriers", "conditions", "cases__industry"
    )


def technology_facts(technology: Technology) -> list[Fact]:
    """Return every public line in reading order; contacts are not among them."""
    return [Fact(name, str(label), read(technology) or "") for name, label, read in LINES]


def _range(name: str) -> Callable[[Technology], str]:
    low, high, kind, _label = RANGES[name]
    return lambda technology: range_text(getattr(technology, low), getattr(technology, high), kind)


def _names(rows: Iterable) -> str:
    return _("、").join(row.name for row in rows)


def _industries(technology: Technology) -> str:
    return _("各行业通用") if technology.applies_to_all_industries else _names(technology.industries.all())


def _unit_investment(technology: Technology) -> str:
    text, unit = _range("unit_investment")(technology), technology.investment_unit
    return f"{text}/{unit.removeprefix('元/')}" if text and unit else text  # data: as units are typed


def _conditions(technology: Technology) -> str:
    return "\n".join(
        f"{item.get_quantity_display()}{_('：')}{range_text(item.minimum, item.maximum)}"
        + (_("（必须）") if item.is_hard else "")
        for item in technology.conditions.all()
    )


def _cases(technology: Technology) -> str:
    return "\n".join(
        _("，").join(
            filter(
                None,
                [
                    f"{case.site} ({case.year})" if case.year else case.site,
                    case.industry.name if case.industry else "",
                    _("年节能 %s") % energy_text(case.annual_saving_tce)
                    if case.annual_saving_tce is not None
                    else "",
                    _("回收期 %s") % years_text(case.payback_years) if case.payback_years is not None else "",
                    _("%s核验") % case.verified_by if case.verified_by else "",
                ],
            )
        )
        for case in technology.cases.all()
    )


def _area(technology: Technology) -> str:
    organisation = technology.organisation
    return organisation.area.name if organisation and organisation.area else ""


def _evidence(technology: Technology) -> str:
    # Nobody stands behind a reference entry, so it belongs to no level of evidence.
    is_reference = technology.origin == Origin.REFERENCE
    return "" if is_reference else str(EvidenceLevel(technology.evidence_level).label)


def _trl(technology: Technology) -> str:
    return f"TRL {technology.trl} · {technology.trl_meaning}" if technology.trl else ""


def _catalogue(technology: Technology) -> str:
    parts = [technology.source_catalogue, technology.source_edition, technology.source_item]
    return " ".join(filter(None, parts))


LINES: list[tuple[str, str, Callable[[Technology], str]]] = [
    ("summary", gettext_lazy("一句话效果"), lambda technology: technology.summary),
    ("origin", gettext_lazy("条目类型"), lambda technology: str(technology.get_origin_display())),
    ("owner", gettext_lazy("供方"), lambda technology: technology.owner_label),
    ("area", gettext_lazy("供方所在地"), _area),
    ("systems", gettext_lazy("用能系统"), lambda technology: _names(technology.systems.all())),
    ("carriers", gettext_lazy("节约的能源品种"), lambda technology: _names(technology.carriers.all())),
    ("industries", gettext_lazy("适用行业"), _industries),
    ("saving_rate", gettext_lazy("节能率"), _range("saving_rate")),
    ("annual_saving", gettext_lazy("典型项目年节能量"), _range("annual_saving")),
    ("investment", gettext_lazy("典型项目投资"), _range("investment")),
    ("unit_investment", gettext_lazy("单位投资"), _unit_investment),
    ("payback", gettext_lazy("投资回收期"), _range("payback")),
    (
        "co2",
        gettext_lazy("年减排二氧化碳"),
        lambda technology: "" if technology.co2_reduction_t is None else f"{number_text(technology.co2_reduction_t)} t",
    ),
    ("saving_basis", gettext_lazy("节能量计算依据"), lambda technology: technology.saving_basis),
    ("conditions", gettext_lazy("应用条件"), _conditions),
    ("conditions_note", gettext_lazy("应用条件说明"), lambda technology: technology.conditions_note),
    ("scope", gettext_lazy("适用范围"), lambda technology: technology.scope),
    ("not_suitable", gettext_lazy("不适用情形"), lambda technology: technology.not_suitable),
    ("principle", gettext_lazy("技术原理"), lambda technology: technology.principle),
    ("process", gettext_lazy("关键工艺"), lambda technology: technology.process),
    ("indicators", gettext_lazy("主要技术指标"), lambda technology: technology.indicators),
    ("cases", gettext_lazy("应用案例"), _cases),
    ("evidence", gettext_lazy("证据等级"), _evidence),
    ("trl", gettext_lazy("技术成熟度"), _trl),
    ("penetration_now", gettext_lazy("目前推广比例"), lambda technology: share_text(technology.penetration_now)),
    (
        "penetration_in_5_years",
        gettext_lazy("预计 5 年后推广比例"),
        lambda technology: share_text(technology.penetration_in_5_years),
    ),
    ("cooperation", gettext_lazy("合作方式"), lambda technology: _("、").join(map(str, technology.cooperation_labels))),
    ("intellectual_property", gettext_lazy("知识产权"), lambda technology: technology.intellectual_property),
    ("catalogue", gettext_lazy("来源目录"), _catalogue),
    (
        "valid_until",
        gettext_lazy("有效期至"),
        lambda technology: technology.valid_until.isoformat() if technology.valid_until else _("长期有效（每 12 个月确认一次）"),
    ),
]  # fmt: skip
