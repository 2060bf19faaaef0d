"""A small library of technologies and a need, for the tests of the engine."""

from matching.engine.profiles import Condition, DemandProfile, Range, TechnologyProfile

ORC = TechnologyProfile(
    1,
    "有机朗肯循环低温余热发电",
    "利用80℃以上的烟气或热水余热,以有机工质膨胀做功发电。",
    industries=("C26", "C30"),
    systems=("waste_heat",),
    carriers=("electricity", "heat"),
    conditions=(Condition("heat_source_temperature_c", Range(80, 250), is_hard=True),),
    saving_rate=Range(0.08, 0.15),
    payback_years=Range(4, 6),
    investment_cny=Range(3_000_000, 8_000_000),
    evidence="catalogue",
    case_industries=("C2614",),
    case_count=1,
)
HEAT_PUMP = TechnologyProfile(
    2,
    "工业热泵回收低温余热",
    "以电驱动热泵把30至60℃的冷却水余热提升为80℃热水,用于工艺预热。",
    applies_to_all_industries=True,
    systems=("waste_heat", "refrigeration"),
    carriers=("natural_gas", "steam"),
    conditions=(Condition("heat_source_temperature_c", Range(20, 70), is_hard=True),),
    saving_rate=Range(0.2, 0.4),
    payback_years=Range(2, 3),
    investment_cny=Range(500_000, 2_000_000),
    evidence="self_declared",
)
COMPRESSOR = TechnologyProfile(
    3,
    "空压机余热回收",
    "回收螺杆空压机油路热量制取洗浴热水。",
    systems=("compressed_air",),
    carriers=("electricity",),
    payback_years=Range(1, 2),
)
LIGHTING = TechnologyProfile(4, "高效LED照明与智能控制", "厂房照明改造。", systems=("lighting",))
LIBRARY = (ORC, HEAT_PUMP, COMPRESSOR, LIGHTING)

COOLING_WATER_NEED = DemandProfile(
    10,
    "冷却水低温余热回收",
    "循环冷却水45℃,常年外排热量,希望回收余热用于工艺预热。",
    industries=("C2614",),
    systems=("waste_heat",),
    carriers=("natural_gas",),
    quantities={"heat_source_temperature_c": Range(45, 45)},
    annual_use_tce=3200,
    annual_cost_cny=6_400_000,
    max_payback_years=4,
    budget_cny=1_000_000,
)
