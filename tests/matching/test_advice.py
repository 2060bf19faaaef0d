"""What the enterprise could add."""

import pytest

from matching.advice import advise, weakness_note
from matching.models import Recommendation
from tests.matching.pairs import reason


def recommendation(*reasons):
    return Recommendation(reasons=list(reasons))


def test_what_most_technologies_need_comes_first():
    condition = reason("condition", "unknown", missing="demand", quantity="heat_source_temperature_c")
    payback = reason("payback", "unknown", missing="demand", minimum=1, maximum=2)
    pieces = advise([recommendation(condition, payback), recommendation(condition), recommendation()])
    assert [piece.text for piece in pieces] == [
        "补充热源温度，可判断 2 项技术的适用条件",
        "填写可接受的最长回收期，可核对 1 项技术",
    ]
    assert pieces[0].anchor == "id_conditions-0-quantity"


def test_typical_saving_asks_for_the_own_use_once():
    typical = reason("saving", basis="typical_project")
    unknown = reason("saving", "unknown", missing="demand")
    (piece,) = advise([recommendation(typical), recommendation(unknown)])
    assert piece.text == "填写年用能，2 项技术的节能量可按贵单位数据估算"


def test_what_the_supplier_left_open_is_not_asked_of_the_enterprise():
    assert advise([recommendation(reason("payback", "unknown", missing="technology", limit=3))]) == []


@pytest.mark.parametrize(
    ("scores", "is_said"), [((0.49, 0.4), True), ((0.5, 0.4), False), ((), False), (("conflict",), False)]
)
def test_weakness_note_speaks_only_when_nothing_listed_fits_well(scores, is_said):
    listed = [
        Recommendation(base_score=0.1 if score == "conflict" else score, has_conflict=score == "conflict")
        for score in scores
    ]
    assert ("没有匹配度达到 50 的技术" in weakness_note(listed)) == is_said
