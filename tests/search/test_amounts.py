"""Numbers with units are read as values."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from search.amounts import EVERY_KIND, MOST_ASKED, amounts_of, read_amounts
from search.asking import read_query
from search.engine import LEAST, MOST, Amount, Document
from search.reading import amount_name

T, P, F, V, KW = "temperature_c", "pressure_mpa", "mass_flow_t_per_h", "volume_flow_m3_per_h", "power_kw"


@pytest.mark.parametrize(
    ("text", "words", "amounts"),
    [
        ("温度 ≥ 80℃", [], [(T, 80, MOST)]),
        ("８０℃以上", [], [(T, 80, MOST)]),
        ("不低于90℃的热水", ["热水"], [(T, 90, MOST)]),
        ("排烟温度60度以下", ["排烟"], [(T, LEAST, 60)]),
        ("-5℃冷库", ["冷库"], [(T, -5, -5)]),
        ("露点-20~-40℃", ["露点"], [(T, -40, -20)]),
        ("15t/h", [], [(F, 15, 15)]),
        ("15吨/小时蒸汽", ["蒸汽"], [(F, 15, 15)]),
        ("1000 kPa", [], [(P, 1, 1)]),
        ("10 bar", [], [(P, 1, 1)]),
        ("0.4～0.8兆帕", [], [(P, 0.4, 0.8)]),
        ("1000kPa减到400kPa", [], [(P, 1, 1), (P, 0.4, 0.4)]),
        ("12000m3/h", [], [(V, 12000, 12000)]),
        ("2MW屋顶光伏", ["屋顶光伏"], [(KW, 2000, 2000)]),
        ("回收期3年以内", [], [("payback_years", LEAST, 3)]),
        ("低于3年回收期", [], [("payback_years", LEAST, 3)]),
        ("空压机 半年内回本", ["空压机"], [("payback_years", LEAST, 0.5)]),
        ("投资100万以内", [], [("investment_cny", LEAST, 1e6)]),
        ("预算30-50万元", [], [("investment_cny", 3e5, 5e5)]),
        ("节电20%以上", ["节电"], [("share", 0.2, MOST)]),
        ("５‰", [], [("share", 0.005, 0.005)]),
        ("浴比1:4", ["浴比"], [("ratio", 4, 4)]),
        ("2021年", ["2021", "年"], []),
        ("三元流叶轮", ["三元流", "叶轮"], []),
        ("功率因数0.95", ["功率因数", "0.95"], []),
    ],
)
def test_queries_are_read(text, words, amounts):
    asked = read_query(text)
    assert [(each.amount.kind, each.amount.low, each.amount.high) for each in asked.amounts] == amounts
    assert amounts == [] or [word.text for word in asked.words] == words


def test_texts_are_read_as_written():
    found = read_amounts("助燃空气预热到８００～1000℃，蒸汽由1.0 MPa降到0.4 MPa，回收期约3年，12根")
    assert [(each.kind, each.low, each.high, each.text) for each in found] == [
        (T, 800, 1000, "８００～1000℃"),
        (P, 1.0, 1.0, "1.0 MPa"),
        (P, 0.4, 0.4, "0.4 MPa"),
        ("payback_years", 3, 3, "3年"),
    ]


def test_fields_come_before_texts_and_nothing_twice():
    document = Document(
        "technology", 1, "3～5年回收期", amounts=(Amount("payback_years", 3, 5), Amount(T, 80, MOST))
    )
    assert amounts_of(document) == [Amount("payback_years", 3, 5), Amount(T, 80, MOST)]


@pytest.mark.parametrize(
    ("amount", "name"),
    [
        (Amount(T, 80, MOST), "温度 ≥ 80 ℃"),
        (Amount("investment_cny", LEAST, 1e6), "投资 ≤ 100 万元"),
        (Amount("share", 0.3, 0.3), "比例 30%"),
        (Amount("ratio", 3.5, 5), "比例 1:3.5–1:5"),
        (Amount(V, 1234567, 1234567), "流量 1,234,567 m³/h"),
    ],
)
def test_amounts_have_names(amount, name):
    assert amount_name(amount) == name


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.one_of(
            st.sampled_from(["1", "80", "9" * 30, "1,000", ".", "~", "-", "到", "万", "亿", "℃", "MPa", "t/h", "年", "%", "以内", "≥", "不", "低于",
                             "半", "三", "个月", "投资", "回收期", ":", " ", "，", "元"]),
            st.text(max_size=4),
        ),
        max_size=14,
    ).map("".join)
)  # fmt: skip
def test_any_text_is_read(text):
    asked = read_query(text)
    assert len(asked.amounts) <= MOST_ASKED
    for each in asked.amounts:
        assert 0 <= each.start < each.stop <= len(asked.text)
        assert each.amount.kind in EVERY_KIND and LEAST <= each.amount.low <= each.amount.high <= MOST
        assert each.ends and amount_name(each.amount)
    for each in read_amounts(text):
        assert LEAST <= each.low <= each.high <= MOST
