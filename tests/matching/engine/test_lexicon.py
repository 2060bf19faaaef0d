"""Words of energy technology that mean the same meet, and kinds of a thing are found downwards."""

import pytest
from hypothesis import given, settings

from matching.engine.index import MatchIndex
from matching.engine.lexicon import concepts, equal_terms, kinds_of
from matching.engine.profiles import DemandProfile, TechnologyProfile
from matching.engine.reasons import find_reasons
from matching.engine.text import normalise
from tests.matching.engine.test_index import demands, technologies

LIBRARY = [
    TechnologyProfile(1, "空压机热能利用"),
    TechnologyProfile(2, "有机朗肯循环机组"),
    TechnologyProfile(3, "机械蒸汽再压缩蒸发"),
    TechnologyProfile(4, "冷凝水闭式回收"),
    TechnologyProfile(5, "制氢装置"),
    TechnologyProfile(6, "发光二极管照明"),
]


@pytest.mark.parametrize(
    ("title", "expected"), [("ORC", 2), ("MVR", 3), ("凝水", 4), ("LED改造", 6), ("空气压缩机", 1)]
)
def test_other_word_for_the_same_comes_first(title, expected):
    best = MatchIndex.build(LIBRARY).rank(DemandProfile(1, title), top=1)[0]
    assert best.technology_id == expected


def test_kind_of_a_thing_is_found_downwards_only():
    kind, thing = TechnologyProfile(1, "ORC"), TechnologyProfile(2, "余热发电")
    index = MatchIndex.build([kind, thing])
    down, up = (
        next(
            part.value
            for part in index.match(DemandProfile(1, title), identity).parts
            if part.name == "title"
        )
        for title, identity in (("余热发电", 1), ("ORC", 2))
    )
    assert (down > 0, up) == (True, 0)


def reason(demand, technology, code):
    return next(each for each in find_reasons(demand, technology) if each.code == code)


def test_reason_names_both_words():
    found = reason(
        DemandProfile(1, "空气压缩机", "凝水未回收"), TechnologyProfile(2, "空压机", "冷凝水"), "synonyms"
    )
    assert (found.params, found.uses) == (
        {"pairs": [["空气压缩机", "空压机"]], "field": "title"},
        ("title",),
    )


def test_reason_names_the_kind():
    found = reason(DemandProfile(1, "", "余热发电"), TechnologyProfile(2, "orc机组"), "kinds")
    assert (found.params, found.uses) == ({"pairs": [["余热发电", "orc"]], "field": "title"}, ("body",))


@settings(max_examples=60, deadline=None)
@given(demands, technologies)
def test_both_words_stand_in_their_texts(demand, technology):
    need = normalise(f"{demand.title}\n{demand.body}")
    offer = normalise(f"{technology.title}\n{technology.body}")
    for each in find_reasons(demand, technology):
        for own, other in each.params.get("pairs", ()):
            assert own in need
            assert other in offer


def test_latin_words_stand_alone():
    assert concepts("force 与 orc") == [("orc", "有机朗肯循环")]
    assert equal_terms("orc", "有机朗肯循环发电") == {"orc": "有机朗肯循环"}
    assert kinds_of("空压机", "压缩机") == {}
