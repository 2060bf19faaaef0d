import json
import logging
from dataclasses import replace

import numpy as np
import pytest

from matching.engine.index import MatchIndex
from matching.engine.model import (
    PARTS,
    TEXT_PARTS,
    ModelUnreadable,
    RankingModel,
    model_or_shipped,
    shipped_model,
)
from matching.engine.scoring import combine, explain
from tests.matching.engine.library import COOLING_WATER_NEED, LIBRARY

CURVED = replace(
    shipped_model(),
    version="curved",
    curves={"title": ((0.0, 0.0), (0.4, 0.1), (1.0, 0.9))},
    calibration=((0.0, 0.0), (0.5, 0.3), (1.0, 1.0)),
)


def changed(**values):
    return json.dumps({**json.loads(CURVED.to_json()), **values})


def test_model_survives_its_json():
    assert RankingModel.from_json(CURVED.to_json()) == CURVED


def test_model_survives_a_file(tmp_path):
    path = tmp_path / "model.json"
    path.write_text(CURVED.to_json())
    assert RankingModel.read(path) == CURVED


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[]",
        "null",
        b"\xff\xfe",
        b"\x80\x04pickle",
        "[" * 100_000,
        CURVED.to_json()[:-40],
        changed(format=0),
        changed(format=99),
        changed(version=""),
        changed(version=None),
        changed(weights={}),
        changed(weights=None),
        changed(weights=dict.fromkeys(PARTS, 0)),
        changed(weights={**CURVED.weights, "title": float("nan")}),
        changed(weights={**CURVED.weights, "title": float("inf")}),
        changed(weights={**CURVED.weights, "title": -0.1}),
        changed(weights={**CURVED.weights, "title": "1"}),
        changed(weights={**CURVED.weights, "title": True}),
        changed(weights={**CURVED.weights, "unheard_of": 0.1}),
        changed(scales={**CURVED.scales, "title": 0}),
        changed(curves={"title": [[0, 0], [0.5, 0.7], [1, 0.6]]}),
        changed(curves={"title": [[0.5, 0], [0.5, 1]]}),
        changed(curves={"title": [[0, 0, 0]]}),
        changed(curves={"title": [[0, float("nan")]]}),
        changed(curves={"title": 3}),
        changed(calibration=[[0, 0.2], [1, 1]]),
        changed(calibration=[[0, 0], [1, 2]]),
        changed(training={"unheard_of": 1}),
        changed(training={"needs": -1}),
        changed(training={"figures": {"ndcg_at_10": None}}),
        changed(training=7),
    ],
)
def test_unreadable_model_is_refused_and_replaced_by_the_shipped_one(text, caplog):
    with pytest.raises(ModelUnreadable):
        RankingModel.from_json(text)
    with caplog.at_level(logging.WARNING):
        assert model_or_shipped(text) == shipped_model()
    assert "shipped model" in caplog.text


def test_missing_file_is_an_unreadable_model(tmp_path):
    with pytest.raises(ModelUnreadable):
        RankingModel.read(tmp_path / "none.json")


def test_contributions_add_up_to_the_calibrated_score_of_all_at_once():
    index = MatchIndex.build(LIBRARY, ranking=CURVED)
    for match in index.rank(COOLING_WATER_NEED):
        assert sum(part.contribution for part in match.parts) == pytest.approx(match.score, abs=1e-12)
    values = {"title": np.array([0.0, 0.5, 1.0]), "system": np.array([np.nan, 0.4, 1.0])}
    conflicts = np.array([False, True, False])
    scores = combine(values, conflicts, CURVED)
    for row in range(3):
        score, _ = explain(
            {name: float(value[row]) for name, value in values.items()}, conflicts[row], CURVED
        )
        assert score == pytest.approx(scores[row], abs=1e-12)


def test_index_takes_another_model_without_being_built_anew():
    index = MatchIndex.build(LIBRARY)
    before = index.rank(COOLING_WATER_NEED)
    without_text = {name: 0.0 if name in TEXT_PARTS else 1.0 for name in PARTS}
    index.ranking = replace(shipped_model(), version="structure", weights=without_text)
    assert index.rank(COOLING_WATER_NEED) != before
    index.ranking = shipped_model()
    assert index.rank(COOLING_WATER_NEED) == before
