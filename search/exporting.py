"""A result as a file: which columns, who may have it, how much, and the record that it was taken.

Members of a verified organisation and officials may: they can read every page anyway, but a whole library in one
file is for those whose name is known. Contacts stay on the pages. A demand's field is what this person may know of
it, one by one; what the enterprise keeps to itself reads 未公开.
"""

from collections.abc import Iterator, Sequence
from decimal import Decimal

from django.conf import settings
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from wagtail.log_actions import log

from accounts.models import Organisation, User
from accounts.roles import is_official
from catalog.demand_facts import demand_facts
from catalog.enums import DemandSource
from catalog.masking import MaskedDemand, masked_for
from catalog.models import Demand, Technology
from catalog.models.technologies import RANGES
from catalog.technology_facts import LINES, technology_facts, with_facts
from search.browsing import Browsing
from search.embedded import EmbeddedEngine
from search.enums import Kind

MOST_EXPORTED = 5_000
LOG_ACTION = "search.export"
_BATCH = 200
_RANGE_NAMES = ("saving_rate", "annual_saving", "investment", "payback")
_UNITS = {
    "saving_rate": gettext_lazy("占比"),
    "annual_saving": "tce/a",
    "investment": gettext_lazy("元"),
    "payback": gettext_lazy("年"),
}
_DEMAND_TEXTS = (
    ("organisation", gettext_lazy("用能单位")),
    ("industry", gettext_lazy("所属行业")),
    ("area", gettext_lazy("所在街镇或园区")),
    ("problem", gettext_lazy("现状与问题")),
    ("process", gettext_lazy("工艺或设备")),
    ("energy_uses", gettext_lazy("年用能")),
    ("quantities", gettext_lazy("工况参数")),
    ("shutdown_window", gettext_lazy("可停机时间")),
    ("space_limit", gettext_lazy("场地限制")),
    ("tried_before", gettext_lazy("已尝试的措施")),
)
_DEMAND_NUMBERS = (
    ("annual_use_tce", gettext_lazy("相关系统年用能量（tce/a）")),
    ("annual_cost_cny", gettext_lazy("相关系统年用能费用（元）")),
    ("target_saving_tce", gettext_lazy("期望年节能量（tce/a）")),
    ("budget_cny", gettext_lazy("预算（元）")),
    ("max_payback_years", gettext_lazy("可接受的最长回收期（年）")),
)
Cell = str | int | float | Decimal | None


def may_export(user) -> bool:
    """Tell whether the user is an active member of a verified organisation, or an official."""
    if not user.is_authenticated or not user.is_active:
        return False
    return is_official(user) or Organisation.objects.of_member(user).verified().exists()


class Export:
    """Every hit of a list, at most MOST_EXPORTED, in the order of the embedded index."""

    def __init__(self, browsing: Browsing, user: User):
        self.browsing, self.user = browsing, user
        found = EmbeddedEngine().matching_ids(browsing.searched, also_partial=True)
        self.total, self.ids = len(found), found[:MOST_EXPORTED]

    @property
    def name(self) -> str:
        """Return the file's name without its ending."""
        return f"{Kind(self.browsing.kind).label}-{timezone.localdate():%Y%m%d}"

    @property
    def headings(self) -> list[str]:
        """Return the headings of the columns."""
        if self.browsing.kind == Kind.TECHNOLOGY:
            ends = (
                f"{RANGES[name][3]}{end}（{_UNITS[name]}）"  # data: brackets
                for name in _RANGE_NAMES
                for end in (_("下限"), _("上限"))
            )
            texts = (str(label) for name, label, _read in LINES if name not in _RANGE_NAMES)
            return [_("技术名称"), *texts, *ends, _("年减排二氧化碳（t）"), _("网址")]
        labels = [str(label) for _name, label in (*_DEMAND_TEXTS, *_DEMAND_NUMBERS)]
        first = [_("需求名称"), _("用能系统"), _("能源品种"), _("来源"), _("截止日期")]
        return [*first, *labels, _("希望对接融资"), _("网址")]

    def rows(self) -> Iterator[list[Cell]]:
        """Yield one row for each listing that is still public, read in parts; then, if some were left out, say so."""
        for start in range(0, len(self.ids), _BATCH):
            part = self.ids[start : start + _BATCH]
            if self.browsing.kind == Kind.TECHNOLOGY:
                found = with_facts(Technology.objects.public()).in_bulk(part)
                yield from (_technology_row(found[pk]) for pk in part if pk in found)
            else:
                found = Demand.objects.public().with_details().in_bulk(part)
                there = [found[pk] for pk in part if pk in found]
                yield from map(_demand_row, masked_for(there, self.user))
        if self.note:
            yield [self.note]

    @property
    def note(self) -> str:
        """Return a sentence when not every hit is in the file."""
        if self.total <= MOST_EXPORTED:
            return ""
        values = {"most": MOST_EXPORTED, "total": self.total}
        return _("共 %(total)s 项，本文件只含前 %(most)s 项，请缩小筛选范围后分次导出。") % values

    def record(self, file_format: str) -> None:
        """Write into the log who took what, where administrators find it."""
        data = {
            "kind": str(self.browsing.kind),
            "query": self.browsing.conditions,
            "rows": len(self.ids),
            "format": file_format,
        }
        log(instance=self.user, action=LOG_ACTION, user=self.user, data=data)


def _address(name: str, pk: int) -> str:
    return settings.SITE_URL + reverse(name, args=[pk])


def _technology_row(technology: Technology) -> list[Cell]:
    texts = [fact.text for fact in technology_facts(technology) if fact.name not in _RANGE_NAMES]
    ends = [getattr(technology, end) for name in _RANGE_NAMES for end in RANGES[name][:2]]
    address = _address("catalog:technology", technology.pk)
    return [technology.title, *texts, *ends, technology.co2_reduction_t, address]


def _demand_row(demand: MaskedDemand) -> list[Cell]:
    facts = {fact.name: fact.text for fact in demand_facts(demand)}
    texts = [_("未公开") if demand.hides(name) else facts.get(name, "") for name, _label in _DEMAND_TEXTS]
    numbers: Sequence[Cell] = [
        _("未公开") if demand.hides(name) else getattr(demand, name) for name, _label in _DEMAND_NUMBERS
    ]
    finance = _("未公开") if demand.hides("wants_finance") else _("是") if demand.wants_finance else ""
    return [
        demand.title,
        _("、").join(system.name for system in demand.systems),
        _("、").join(carrier.name for carrier in demand.carriers),
        str(DemandSource(demand.source).label),
        demand.deadline.isoformat() if demand.deadline else "",
        *texts,
        *numbers,
        finance,
        _address("catalog:demand", demand.pk),
    ]
