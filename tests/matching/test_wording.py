from dataclasses import asdict, replace

import pytest

from accounts.models import Industry
from catalog.masking import Level
from catalog.models import EnergyCarrier, EnergySystem
from catalog.models.demands import FIELD_VISIBILITY, Demand
from matching.breakdown import PART_LABELS, score_parts
from matching.engine.index import MatchIndex
from matching.engine.model import PARTS
from matching.engine.profiles import Condition, DemandProfile, Range, ReadQuantity, TechnologyProfile
from matching.engine.reasons import find_reasons
from matching.feedback_wording import FEEDBACK_WRITERS
from matching.models import Recommendation
from matching.order_wording import ORDER_WRITERS
from matching.wording import WRITERS, Names, may_know, reason_lines, word
from tests.matching.engine.library import COMPRESSOR, COOLING_WATER_NEED, HEAT_PUMP, LIBRARY, ORC

NAMES = Names({"waste_heat": "余热余压利用"}, {"natural_gas": "天然气"}, {"C26": "化学原料和化学制品制造业"})
NEED = replace(
    COOLING_WATER_NEED,
    quantities={"heat_source_temperature_c": Range(120, 120)},
    derived_from={"industries": ("industry",), "body": ("problem",)},
)


def row(need, technology, **visibility):
    match = MatchIndex.build([*LIBRARY, technology]).match(need, technology.id)
    return Recommendation(
        demand=Demand(title=need.title, visibility=visibility),
        score=match.score,
        parts=[part.to_dict() for part in match.parts],
        reasons=[reason.to_dict() for reason in match.reasons],
    )


def lines(need, technology, level=Level.OWNER, **visibility):
    return asdict(reason_lines(row(need, technology, **visibility), level, NAMES))


def test_reasons_are_said_in_terms_of_the_plant():
    found = lines(NEED, replace(ORC, payback_years=Range(2, 3)))
    assert "热源温度 120℃ 在适用范围 80–250℃ 内" in found["fits"]
    assert "回收期 2–3 年，不超过可接受的 4 年" in found["fits"]
    assert "按年用能 3,200 tce 与节能率 8–15% 估算：年节能 256–480 tce，约 51.2–96 万元" in found["fits"]
    assert "适用行业包含或接近本企业行业：化学原料和化学制品制造业" in found["fits"]
    assert "在相同或相近行业有 1 个应用案例" in found["fits"]
    assert "需求与技术名称都提到：低温余热" in found["fits"]
    assert "典型项目投资 300–800 万元，超过预算 100 万元" in found["conflicts"]


def test_conflicts_and_unknowns_are_said_too():
    found = lines(COOLING_WATER_NEED, ORC)
    assert found["conflicts"][0] == "热源温度 45℃ 不在必须满足的范围 80–250℃ 内"
    bare = DemandProfile(1, "余热", systems=("lighting",), carriers=("coal",))
    found = lines(bare, replace(HEAT_PUMP, industries=(), applies_to_all_industries=False))
    assert found["conflicts"] == [
        "用能系统不同：需求为lighting，技术面向余热余压利用、refrigeration",
        "节约的能源品种不同：需求为coal，技术节约天然气、steam",
    ]
    assert found["unknown"] == [
        "技术未说明适用行业，需确认",
        "需求未填写热源温度，该技术的适用范围为 20–70℃，需确认",
        "需求未填写可接受的回收期；该技术一般为 2–3 年",
        "需求未填写预算；典型项目投资 50–200 万元",
        "需求未填写相关系统的年用能量，无法估算节能量",
        "同类措施在美国工业评估中约 34% 被实施，低于平均的 48%（IAC 1981–2024，仅供参考）",
    ]
    quick = replace(COMPRESSOR, payback_years=Range(0.5, 1))
    assert "同类措施在美国工业评估中约 52% 被实施（IAC 1981–2024，仅供参考）" in lines(NEED, quick)["fits"]


def test_words_of_title_and_problem_share_a_sentence():
    need = DemandProfile(1, "定型机废气", "余热排空", derived_from={"body": ("problem",)})
    technology = TechnologyProfile(2, "定型机废气余热回收")
    assert lines(need, technology)["fits"] == ["需求与技术名称都提到：定型机废气、余热"]
    hidden = lines(need, technology, Level.PUBLIC, problem="officials")
    assert hidden["fits"] == ["需求与技术名称都提到：定型机废气"]


def test_neighbouring_industry_is_left_to_be_confirmed():
    found = lines(NEED, replace(HEAT_PUMP, applies_to_all_industries=False, industries=("C17",)))
    assert "技术列出的适用行业为C17，未列本企业行业，需确认" in found["unknown"]


def test_partial_fits_say_how_far():
    across = replace(NEED, quantities={"heat_source_temperature_c": Range(60, 100)})
    found = lines(across, replace(ORC, payback_years=Range(3, 6), investment_cny=Range(900_000, 1_200_000)))
    assert "热源温度 60–100℃ 中约 50% 在适用范围 80–250℃ 内" in found["conflicts"]
    assert "回收期 3–6 年，上限超过可接受的 4 年" in found["unknown"]
    assert "典型项目投资 90–120 万元，上限超过预算 100 万元" in found["unknown"]


@pytest.mark.parametrize("level", [Level.MATCHED, Level.PUBLIC])
def test_no_sentence_gives_a_hidden_field_away(level):
    hidden = dict.fromkeys(FIELD_VISIBILITY, "officials")
    need = replace(NEED, target_saving_tce=400, body="需要除湿机的特殊工序")
    technology = replace(ORC, body="除湿机")
    text = str(lines(need, technology, level, **hidden))
    for secret in ("3,200", "256", "120℃", "4 年", "100 万元", "除湿机", "400", "化学"):
        assert secret not in text
    open_to_owner = str(lines(need, technology, Level.OWNER, **hidden))
    assert all(secret in open_to_owner for secret in ("3,200", "120℃", "4 年", "100 万元", "除湿机", "400"))


def test_parts_add_up_for_the_owner_and_hidden_ones_are_left_out():
    pair = row(NEED, ORC, budget_cny="officials", quantities="officials")
    parts = score_parts(pair, Level.OWNER)
    assert sum(part.contribution for part in parts) == pytest.approx(pair.score)
    names = {part.name for part in score_parts(pair, Level.MATCHED)}
    assert names.isdisjoint({"budget", "conditions"})
    assert "system" in names


def test_every_part_and_every_reason_has_its_words():
    assert {*PARTS, "hard_conflict", "feedback"} == set(PART_LABELS)
    named = DemandProfile(2, "发光二极管灯具")
    needs = [NEED, COOLING_WATER_NEED, replace(NEED, target_saving_tce=10), DemandProfile(1, "照明"), named]
    needs.append(DemandProfile(3, "压缩机"))
    technologies = [
        *LIBRARY,
        replace(ORC, industries=("D44",), case_industries=()),
        replace(ORC, systems=("kiln",), payback_years=Range(3, 9), investment_cny=Range(1, 9e9)),
        TechnologyProfile(
            9,
            "余热",
            "螺杆空压机",
            saving_rate=Range(0.1, 0.2),
            conditions=(Condition("power_kw", Range(1)),),
        ),
    ]
    technologies.append(
        TechnologyProfile(10, "液力透平", conditions=(Condition("flow_m3_per_h", Range(30), True),))
    )
    needs.append(DemandProfile(3, "蒸汽", quantities={"steam_pressure_mpa": Range(1, 1)}))
    wanted = {"heat_source_temperature_c": Range(900, 900), "steam_supply_pressure_mpa": Range(0.5, 0.5)}
    needs.append(DemandProfile(4, "蒸汽", quantities=wanted))
    for number, quantity in ((11, "steam_pressure_mpa"), (12, "steam_supply_pressure_mpa")):
        conditions = (Condition(quantity, Range(0.4), True),)
        technologies.append(TechnologyProfile(number, "蒸汽", conditions=conditions))
    codes = {
        each.code for need in needs for technology in technologies for each in find_reasons(need, technology)
    }
    assert codes == set(WRITERS) - set(FEEDBACK_WRITERS) - set(ORDER_WRITERS)


def test_reason_of_an_unknown_kind_is_passed_over():
    pair = row(NEED, ORC)
    pair.reasons = [
        {"code": "stars", "verdict": "fits", "params": {}, "uses": [], "missing": None, "is_hard": False}
    ]
    assert asdict(reason_lines(pair, Level.OWNER, NAMES)) == {"fits": [], "conflicts": [], "unknown": []}


def test_reason_with_the_figures_of_an_older_version_is_passed_over():
    pair = row(NEED, ORC)
    pair.reasons = [
        {"code": "prior", "verdict": "fits", "params": {}, "uses": [], "missing": None, "is_hard": False}
    ]
    assert asdict(reason_lines(pair, Level.OWNER, NAMES)) == {"fits": [], "conflicts": [], "unknown": []}


def test_fields_that_are_always_public_hide_nothing():
    demand = Demand(title="", visibility={"budget_cny": "officials"})
    assert may_know(demand, ["title", "systems"], Level.PUBLIC)
    assert not may_know(demand, ["title", "budget_cny"], Level.MATCHED)


def test_names_are_loaded_in_three_queries(db, django_assert_num_queries):
    EnergySystem.objects.get_or_create(code="waste_heat", defaults={"name": "余热"})
    EnergyCarrier.objects.get_or_create(code="steam", defaults={"name": "蒸汽", "unit": "t"})
    Industry.objects.get_or_create(code="C26", defaults={"name": "化学", "level": 1})
    pairs = [row(NEED, ORC), row(NEED, HEAT_PUMP)]
    with django_assert_num_queries(3):
        names = Names.load(pairs)
    assert "C26" in names.industries
    assert "waste_heat" in names.systems


@pytest.mark.parametrize(
    ("code", "place", "sentence"),
    [
        ("synonyms", "title", "需求与技术名称说的是同一事物：空气压缩机（即空压机）"),
        ("synonyms", "body", "需求与技术说明说的是同一事物：空气压缩机（即空压机）"),
        ("kinds", "title", "技术名称提到需求所说的一种：空气压缩机（空压机属于此类）"),
        ("kinds", "body", "技术说明提到需求所说的一种：空气压缩机（空压机属于此类）"),
    ],
)
def test_other_words_for_the_same_are_both_said(code, place, sentence):
    reason = {
        "code": code,
        "verdict": "fits",
        "params": {"pairs": [["空气压缩机", "空压机"]], "field": place},
    }
    assert word(reason, Names({}, {}, {})) == sentence


def test_in_brief_what_the_need_leaves_open_is_one_sentence():
    pair = row(DemandProfile(1, "余热"), HEAT_PUMP)
    assert reason_lines(pair, Level.OWNER, NAMES, is_brief=True).unknown == [
        "需求未填写，需确认：热源温度（适用 20–70℃）、可接受的回收期（一般 2–3 年）、预算（典型项目 50–200 万元）、相关系统的年用能量"
    ]
    pair.demand.visibility = dict.fromkeys(("quantities", "budget_cny"), "officials")
    brief = reason_lines(pair, Level.PUBLIC, NAMES, is_brief=True)
    assert not any("温度" in line or "预算" in line for line in brief.unknown)


def test_what_was_read_is_said_with_its_passage_and_hidden_with_its_field():
    said = ReadQuantity(Range(45, 45), "45℃", "problem", True)
    need = replace(COOLING_WATER_NEED, quantities={}, read_quantities={"heat_source_temperature_c": said})
    sentence = "热源温度 45℃ 不在必须满足的范围 80–250℃ 内（从问题描述读出：45℃）"
    assert lines(need, ORC)["conflicts"][0] == sentence
    assert sentence not in lines(need, ORC, Level.MATCHED, problem="officials")["conflicts"]
    shown = {part.name for part in score_parts(row(need, ORC), Level.PUBLIC)}
    hidden = {part.name for part in score_parts(row(need, ORC, problem="officials"), Level.MATCHED)}
    assert {"conditions", "hard_conflict"} <= shown
    assert not {"conditions", "hard_conflict"} & hidden


def test_unsure_reading_is_no_hard_conflict():
    said = ReadQuantity(Range(45, 45), "45℃", "title", False)
    need = replace(COOLING_WATER_NEED, quantities={}, read_quantities={"heat_source_temperature_c": said})
    match = MatchIndex.build(LIBRARY).match(need, ORC.id)
    assert "hard_conflict" not in {part.name for part in match.parts}
    sentence = "热源温度 45℃ 不在适用范围 80–250℃ 内（从需求名称读出：45℃，请核对）"
    assert sentence in lines(need, ORC)["conflicts"]


def test_range_read_from_a_technology_is_said():
    soft = replace(ORC, conditions=(Condition("heat_source_temperature_c", Range(80, None), False, "80℃"),))
    need = replace(COOLING_WATER_NEED, quantities={"heat_source_temperature_c": Range(90, 90)})
    assert "热源温度 90℃ 在适用范围 ≥80℃ 内（范围从技术说明读出：80℃）" in lines(need, soft)["fits"]
