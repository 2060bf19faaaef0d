from dataclasses import replace

import numpy as np
import pytest

from matching.engine.model import RankingModel, shipped_model
from matching.engine.profiles import DemandProfile, TechnologyProfile
from matching.engine.training import (
    LEARNED_PARTS,
    Judged,
    TrainingImpossible,
    common_terms,
    cross_validate,
    fold_of_needs,
    reliability,
    text_means,
    train,
)

SUBJECTS = (
    "空压机余热",
    "锅炉烟气",
    "照明灯具",
    "电机变频",
    "冷却塔水泵",
    "蒸汽疏水",
    "光伏发电",
    "污泥干化",
)


def needs():
    return [
        DemandProfile(f"n{row}", f"{subject}改造", f"公司希望改造{subject},预期降低能耗。")
        for row, subject in enumerate(SUBJECTS)
    ]


def technologies():
    return [
        TechnologyProfile(f"t{row}-{kind}", title)
        for row, subject in enumerate(SUBJECTS)
        for kind, title in enumerate((f"{subject}系统", f"{subject[:2]}设备", "蔬菜种植方法"))
    ]


def grades():
    return {f"n{row}": {f"t{row}-0": 4, f"t{row}-1": 2, f"t{row}-2": 1} for row in range(len(SUBJECTS))}


def judged(**changed):
    given = {"technologies": technologies(), "demands": needs(), "grades": grades()} | changed
    return Judged.build(given["technologies"], given["demands"], given["grades"])


def test_training_learns_a_sound_model_that_ranks_and_survives_its_json():
    pairs = judged()
    model = train(pairs)
    assert RankingModel.from_json(model.to_json()) == model
    untouched = set(model.weights) - set(LEARNED_PARTS)
    assert {name: model.weights[name] for name in untouched} == {
        name: shipped_model().weights[name] for name in untouched
    }
    scores = model.calibrated(text_means(model, pairs.similarities(model)))
    best, middle, worst = (scores[pairs.grade == grade].mean() for grade in (4, 2, 1))
    assert best > middle > worst
    assert model.predicted_grades([0.0])[0] == 1


def test_training_gives_the_same_model_again():
    assert train(judged()) == train(judged())


def test_text_of_left_out_needs_does_not_influence_what_is_learned():
    pairs = judged()
    kept = np.flatnonzero(pairs.need < 6)
    changed = [
        replace(demand, title="石墨烯靶材", body="石墨烯石墨烯公司") if row >= 6 else demand
        for row, demand in enumerate(needs())
    ]
    assert train(judged(demands=changed), kept) == train(pairs, kept)


def test_grades_of_a_left_out_fold_do_not_influence_its_scores():
    pairs = judged()
    fold = fold_of_needs(pairs.demands, 4)[pairs.need]
    _, scores = cross_validate(pairs, 4)
    turned = replace(pairs, grade=np.where(fold == 0, 5 - pairs.grade, pairs.grade))
    _, again = cross_validate(turned, 4)
    assert scores[fold == 0].tolist() == again[fold == 0].tolist()


def test_needs_with_the_same_title_are_left_out_together():
    twins = [DemandProfile(1, "余热 回收"), DemandProfile(2, "照明"), DemandProfile(3, "余热回收。")]
    for seed in range(5):
        fold = fold_of_needs(twins, 2, seed)
        assert fold[0] == fold[2] != fold[1]


@pytest.mark.parametrize(
    "given", [{}, {"n0": {"t0-0": 4}}, {f"n{row}": {f"t{row}-0": 2} for row in range(8)}]
)
def test_too_few_judgements_teach_nothing(given):
    with pytest.raises(TrainingImpossible):
        train(judged(grades=given))


def test_strange_texts_do_not_stop_the_training():
    strange = ("", "12345", "😀😀", "boiler waste heat", "水" * 100_000, "餘熱回收", "　", "？？？")
    demands = [replace(demand, title=text, body=text) for demand, text in zip(needs(), strange, strict=True)]
    model = train(judged(demands=demands))
    assert RankingModel.from_json(model.to_json()) == model


def test_terms_that_many_needs_use_count_less():
    factors = common_terms(["公司余热", "公司照明", "公司电机", "公司锅炉"])
    assert factors["公司"] < factors["余热"] < 1
    assert common_terms([]) == {}


def test_reliability_counts_every_pair_once():
    rows = reliability(np.array([0.0, 0.05, 0.95, 1.0]), np.array([1, 2, 3, 4]))
    assert rows == [(0.0, 0.1, 2, 0.5, 0.0), (0.9, 1.0, 2, 1.0, 1.0)]
