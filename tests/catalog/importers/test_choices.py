import pytest

from catalog.importers.choice_synonyms import INDUSTRY_SYNONYMS
from catalog.importers.choices import ChoiceIndex, means_everything, split_list
from catalog.importers.problems import ValueProblem


@pytest.fixture
def industries():
    entries = [
        ("C17", "纺织业"),
        ("C26", "化学原料和化学制品制造业"),
        ("C2614", "有机化学原料制造"),
        ("C22", "造纸和纸制品业"),
    ]
    return ChoiceIndex(entries, label="行业分类", synonyms=INDUSTRY_SYNONYMS)


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("C26", ["C26"]),
        ("ｃ2614", ["C2614"]),
        ("C2614 有机化学原料制造", ["C2614"]),
        ("造纸和纸制品业", ["C22"]),
        ("化工、纺织等行业", ["C26", "C17"]),
        ("印染/造纸", ["C17", "C22"]),
    ],
)
def test_industries_are_found_by_code_name_and_usual_name(industries, text, codes):
    assert industries.parse_many(text) == codes


def test_unknown_industry_names_the_nearest_ones(industries):
    with pytest.raises(ValueProblem) as caught:
        industries.parse_many("化学原料制造")
    assert "化学原料和化学制品制造业" in caught.value.example
    assert "化学原料制造" in caught.value.message


def test_every_industry_is_recognised():
    assert means_everything("各行业") and means_everything("通用") and not means_everything("化工")


def test_lists_are_split_without_their_numbering():
    assert split_list("1.锅炉；（2）空压机，电机/风机") == ["锅炉", "空压机", "电机", "风机"]
