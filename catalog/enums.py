"""Choices of listings."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Origin(models.TextChoices):
    SUPPLIER = "supplier", _("供方发布")
    CATALOGUE = "catalogue", _("目录收录")
    REFERENCE = "reference", _("参考条目（典型值）")


class EvidenceLevel(models.TextChoices):
    """Who says that it works, weakest first."""

    SELF_DECLARED = "self_declared", _("自我声明")
    THIRD_PARTY_TEST = "third_party_test", _("第三方检测")
    CATALOGUE = "catalogue", _("入选推荐目录")
    ACCEPTED_SUBSIDY = "accepted_subsidy", _("通过验收的补贴项目")
    MEASURED_HERE = "measured_here", _("本区实测")

    @property
    def explanation(self):
        """Say to a reader what the level rests on."""
        return EVIDENCE_EXPLANATIONS[self]


EVIDENCE_EXPLANATIONS = {
    EvidenceLevel.SELF_DECLARED: _("数据由发布方自行填报，尚无第三方佐证。"),
    EvidenceLevel.THIRD_PARTY_TEST: _("有第三方机构出具的检测或节能量审核报告。"),
    EvidenceLevel.CATALOGUE: _("入选国家或本市的推荐目录，经目录主管部门评审。"),
    EvidenceLevel.ACCEPTED_SUBSIDY: _("应用项目获得财政补贴并通过验收。"),
    EvidenceLevel.MEASURED_HERE: _("在本区用能单位运行，节能量经在线监测或现场实测。"),
}


class CooperationMode(models.TextChoices):
    SALE = "sale", _("设备销售")
    LEASE = "lease", _("租赁")
    EMC = "emc", _("合同能源管理")
    LICENCE = "licence", _("技术许可")


class DemandSource(models.TextChoices):
    AUDIT = "audit", _("能源审计")
    MONITORING = "monitoring", _("在线监测分析")
    OWN = "own", _("企业自述")


class Visibility(models.TextChoices):
    """Who may see a field of a demand; each level includes the ones after it."""

    PUBLIC = "public", _("公开")
    MATCHED = "matched", _("仅匹配的供方")
    OFFICIALS = "officials", _("仅主管部门")


class Quantity(models.TextChoices):
    """Measurable conditions; the unit is part of the name.

    Sources are what the plant has and a technology takes in; sinks and supplies what the plant wants and a
    technology gives (``matching.engine.quantity_kinds``).
    """

    HEAT_SOURCE_TEMPERATURE_C = "heat_source_temperature_c", _("热源温度（℃）")
    HEAT_SINK_TEMPERATURE_C = "heat_sink_temperature_c", _("用热或供热温度（℃）")
    HEAT_FLOW_T_PER_H = "heat_flow_t_per_h", _("蒸汽或热水流量（t/h）")
    STEAM_PRESSURE_MPA = "steam_pressure_mpa", _("蒸汽压力（MPa）")
    STEAM_SUPPLY_PRESSURE_MPA = "steam_supply_pressure_mpa", _("所需或所产蒸汽压力（MPa）")
    STEAM_SUPPLY_T_PER_H = "steam_supply_t_per_h", _("所需或所产蒸汽量（t/h）")
    LIQUID_PRESSURE_MPA = "liquid_pressure_mpa", _("液体压力（MPa）")
    GAS_PRESSURE_MPA = "gas_pressure_mpa", _("气体压力（MPa）")
    GAS_FLOW_M3_PER_H = "gas_flow_m3_per_h", _("烟气或废气流量（m³/h）")
    POWER_KW = "power_kw", _("设备功率（kW）")
    COOLING_CAPACITY_KW = "cooling_capacity_kw", _("制冷量（kW）")
    HEAT_CAPACITY_KW = "heat_capacity_kw", _("热负荷（kW）")
    FLOW_M3_PER_H = "flow_m3_per_h", _("水流量（m³/h）")
    COMPRESSED_AIR_M3_PER_MIN = "compressed_air_m3_per_min", _("压缩空气量（m³/min）")
    RUNNING_HOURS = "running_hours", _("年运行时间（h）")
    AREA_M2 = "area_m2", _("可用面积（m²）")
    SHUTDOWN_DAYS = "shutdown_days", _("可停产天数（d）")
    VOLTAGE_KV = "voltage_kv", _("电压等级（kV）")


class ReviewState(models.TextChoices):
    """Where a listing stands; derived from Wagtail's workflow, never stored."""

    DRAFT = "draft", _("草稿")
    IN_REVIEW = "in_review", _("审核中")
    RETURNED = "returned", _("已退回")
    LIVE = "live", _("已发布")
    LIVE_IN_REVIEW = "live_in_review", _("已发布，修改审核中")
    LIVE_RETURNED = "live_returned", _("已发布，修改被退回")
    LIVE_DRAFT = "live_draft", _("已发布，有未提交的修改")
    WITHDRAWN = "withdrawn", _("已下架")

    @property
    def is_under_review(self):
        """Whether reviewers hold it, so that its owner cannot change it."""
        return self in {ReviewState.IN_REVIEW, ReviewState.LIVE_IN_REVIEW}

    @property
    def is_returned(self):
        return self in {ReviewState.RETURNED, ReviewState.LIVE_RETURNED}

    @property
    def can_be_sent(self):
        """Whether there is something that reviewers have not seen."""
        return not self.is_under_review and self != ReviewState.LIVE


class TechnologyStep(models.TextChoices):
    """Steps of the form in which a supplier lists a technology, in their order."""

    BASICS = "basics", _("基本信息")
    FUNCTION = "function", _("原理与应用领域")
    CONDITIONS = "conditions", _("适用条件")
    FIGURES = "figures", _("节能与投资")
    CASES = "cases", _("应用案例")
    COOPERATION = "cooperation", _("资料与合作")
    CHECK = "check", _("检查并送审")

    @property
    def number(self):
        return TechnologyStep.values.index(self) + 1

    @property
    def following(self):
        """Return the step after this one; the last one is its own."""
        steps = list(TechnologyStep)
        return steps[min(self.number, len(steps) - 1)]

    @property
    def previous(self):
        """Return the step before this one, or None."""
        return None if self.number == 1 else list(TechnologyStep)[self.number - 2]


class DemandOutcome(models.TextChoices):
    """Why a demand was closed."""

    SOLVED_HERE = "solved_here", _("通过本平台找到技术")
    SOLVED_ELSEWHERE = "solved_elsewhere", _("已通过其他途径解决")
    POSTPONED = "postponed", _("项目暂缓")
    DROPPED = "dropped", _("不再需要")


class ImportKind(models.TextChoices):
    TECHNOLOGIES = "technologies", _("技术储备库")
    DEMANDS = "demands", _("技术需求库")


class ImportMode(models.TextChoices):
    """What becomes of the good rows."""

    PUBLISH = "publish", _("直接发布")
    REVIEW = "review", _("送审")
    DRAFT = "draft", _("存为草稿")


class ImportState(models.TextChoices):
    UPLOADED = "uploaded", _("待核对列")
    CHECKING = "checking", _("正在检查")
    CHECKED = "checked", _("待确认")
    APPLYING = "applying", _("正在导入")
    APPLIED = "applied", _("已导入")
    UNDOING = "undoing", _("正在撤销")
    UNDONE = "undone", _("已撤销")
    FAILED = "failed", _("中断")


class ImportRowState(models.TextChoices):
    BAD = "bad", _("有错误")
    READY = "ready", _("可导入")
    APPLIED = "applied", _("已导入")
    SKIPPED = "skipped", _("已跳过")
    UNDONE = "undone", _("已撤销")
    KEPT = "kept", _("撤销时保留")


class ImportAction(models.TextChoices):
    CREATED = "created", _("新增")
    UPDATED = "updated", _("更新")
    UNCHANGED = "unchanged", _("无变化")
