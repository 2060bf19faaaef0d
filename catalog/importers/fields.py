"""Target fields of an import: what they are called, how a cell is read, and the headings that mean them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.translation import gettext_lazy as _


class Reader(StrEnum):
    """How the text of a cell becomes a value."""

    TEXT = "text"
    MONEY = "money"
    UNIT_MONEY = "unit_money"
    ENERGY = "energy"
    YEARS = "years"
    SHARE = "share"
    NUMBER = "number"
    QUANTITY = "quantity"
    CARRIER_USE = "carrier_use"
    LEVEL = "level"
    YEAR = "year"
    DATE = "date"
    BOOLEAN = "boolean"
    SYSTEMS = "systems"
    CARRIERS = "carriers"
    INDUSTRIES = "industries"
    COOPERATION = "cooperation"
    EVIDENCE = "evidence"
    DEMAND_SOURCE = "demand_source"
    CREDIT_CODE = "credit_code"
    PHONE = "phone"
    EMAIL = "email"


@dataclass(frozen=True)
class Field:
    """One thing a column may hold.

    `targets` are the model fields written: two for a range, one for a single value. `part` names the child
    row they belong to ("" for the listing itself, "case", "condition", "quantity", "energy_use").
    """

    name: str
    label: str
    reader: Reader
    headings: tuple[str, ...]
    targets: tuple[str, ...] = ()
    part: str = ""
    max_length: int = 0
    is_required: bool = False
    takes_minimum: bool = False
    example: str = ""

    @property
    def writes(self) -> tuple[str, ...]:
        return self.targets or (self.name,)

    @property
    def takes_several(self) -> bool:
        """Long texts may be put together from several columns."""
        return self.reader is Reader.TEXT and not self.max_length


def quantity_fields(part: str) -> tuple[Field, ...]:
    named = (
        ("heat_source_temperature_c", _("热源温度（℃）"), "余热温度 热源温度 烟气温度 排烟温度 废气温度 废水温度 介质温度", "≥80℃"),
        ("heat_sink_temperature_c", _("用热或供热温度（℃）"), "用热温度 供热温度 需求温度 供水温度 出水温度", "60~80℃"),
        ("heat_flow_t_per_h", _("蒸汽或热水流量（t/h）"), "蒸汽流量 热水流量 蒸汽量 锅炉容量 蒸发量 余热流量", "15t/h"),
        ("steam_pressure_mpa", _("蒸汽压力（MPa）"), "蒸汽压力 压力 供汽压力", "0.8MPa"),
        ("steam_supply_pressure_mpa", _("所需或所产蒸汽压力（MPa）"), "需要蒸汽压力 所需蒸汽压力 产汽压力 需求压力", "0.5MPa"),
        ("steam_supply_t_per_h", _("所需或所产蒸汽量（t/h）"), "需要蒸汽量 所需蒸汽量 产汽量 用汽需求", "4t/h"),
        ("liquid_pressure_mpa", _("液体压力（MPa）"), "液体压力 水压 介质压力", "2.8MPa"),
        ("gas_pressure_mpa", _("气体压力（MPa）"), "气体压力 燃气压力 供气压力 压缩空气压力", "0.7MPa"),
        ("gas_flow_m3_per_h", _("烟气或废气流量（m³/h）"), "烟气流量 烟气量 废气量 废气流量 风量", "20000m³/h"),
        ("power_kw", _("设备功率（kW）"), "功率 设备功率 装机功率 额定功率 装机容量 电机功率", "250kW"),
        ("cooling_capacity_kw", _("制冷量（kW）"), "制冷量 冷量 冷负荷", "1200kW"),
        ("heat_capacity_kw", _("热负荷（kW）"), "热负荷 制热量 供热量 热功率", "800kW"),
        ("flow_m3_per_h", _("水流量（m³/h）"), "水流量 循环水量 流量 处理水量", "500m³/h"),
        ("compressed_air_m3_per_min", _("压缩空气量（m³/min）"), "压缩空气量 用气量 排气量 供气量", "40m³/min"),
        ("running_hours", _("年运行时间（h）"), "年运行时间 运行时间 年运行小时数 运行小时数 年运行小时 利用小时数", "8000h"),
        ("area_m2", _("可用面积（m²）"), "可用面积 屋顶面积 场地面积 占地面积 面积", "300m²"),
        ("shutdown_days", _("可停产天数（d）"), "可停产天数 停产天数 停机天数 施工停产时间", "7天"),
        ("voltage_kv", _("电压等级（kV）"), "电压等级 电压 供电电压", "10kV"),
    )  # fmt: skip
    return tuple(
        Field(name, label, Reader.QUANTITY, tuple(words.split()), part=part, example=example)
        for name, label, words, example in named
    )


def energy_use_fields() -> tuple[Field, ...]:
    named = (
        ("electricity", _("年用电量"), "年用电量 用电量 电力消耗 电耗 耗电量 年耗电量", "1200万kWh"),
        (
            "natural_gas",
            _("年用天然气量"),
            "年用天然气量 天然气用量 天然气消耗量 天然气 用气量天然气 年用气量",
            "80万m³",
        ),
        ("steam", _("年用蒸汽量"), "年用蒸汽量 蒸汽用量 蒸汽消耗量 外购蒸汽 年用汽量", "2万t"),
        ("heat", _("年用热量"), "年用热量 外购热力 热力消耗", "15000GJ"),
        ("coal", _("年用煤量"), "年用煤量 原煤 煤炭消耗量 耗煤量 年耗煤量", "5000t"),
        ("diesel", _("年用柴油量"), "年用柴油量 柴油 柴油消耗量", "120t"),
        ("water", _("年用水量"), "年用水量 用水量 新鲜水 取水量 耗水量", "10万t"),
    )
    return tuple(
        Field(f"use_{code}", label, Reader.CARRIER_USE, tuple(words.split()), (code,), "energy_use", example=example)
        for code, label, words, example in named
    )  # fmt: skip
