"""Figures typed by people."""

from decimal import Decimal

import pytest
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import override

from catalog.forms.figures import AmountField, RangeField
from catalog.importers.units import Range


def read(kind, text):
    value = RangeField(kind).clean(text)
    return None if value is None else (value.minimum, value.maximum)


@pytest.mark.parametrize(
    ("kind", "text", "ends"),
    [
        ("money", "1200万元", (12_000_000, 12_000_000)),
        ("money", "80-150", (800_000, 1_500_000)),
        ("money", "５０００元", (5000, 5000)),
        ("money", "不低于 0.5亿元", (50_000_000, None)),
        ("yuan", "1200", (1200, 1200)),
        ("share", "30%", (Decimal("0.3"), Decimal("0.3"))),
        ("share", "10-15", (Decimal("0.1"), Decimal("0.15"))),
        ("years", "2-3年", (2, 3)),
        ("years", "约18个月", (Decimal("1.5"), Decimal("1.5"))),
        ("energy", "300-500 吨标准煤", (300, 500)),
        ("money", "  ", None),
    ],
)
def test_range_field_reads_what_people_type(kind, text, ends):
    assert read(kind, text) == ends


@pytest.mark.parametrize(
    ("kind", "text", "sentence"),
    [
        ("money", "很多", "看不出是哪个数值。"),
        ("money", "300美元", "只接受人民币金额"),
        ("share", "130%", "超过了 100%"),
        ("years", "3吨", "不是年或月"),
        ("money", "99999999亿元", "数值过大"),
    ],
)
def test_range_field_says_what_it_expects(kind, text, sentence):
    with pytest.raises(ValidationError, match=sentence):
        RangeField(kind).clean(text)


def test_typed_text_stays_when_it_cannot_be_read():
    class Form(forms.Form):
        budget = AmountField("money")

    form = Form({"budget": "很多<b>"})
    assert not form.is_valid()
    assert 'value="很多&lt;b&gt;"' in str(form["budget"])


def test_what_is_shown_reads_back_as_the_same_range():
    for kind, text in (
        ("money", "80-150万元"),
        ("share", "12.5%"),
        ("years", "不低于2年"),
        ("energy", "1-2"),
    ):
        field = RangeField(kind)
        value = field.clean(text)
        assert field.clean(field.prepare_value(value)) == value


def test_amount_field_wants_one_value():
    assert AmountField("money").clean("120万") == 1_200_000
    with pytest.raises(ValidationError, match="只填一个数值"):
        AmountField("money").clean("80-120万")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize(
    ("kind", "low", "high"),
    [
        ("money", 1_200_000, 1_200_000),
        ("money", 800_000, 1_500_000),
        ("money", 50_000_000, None),
        ("money", None, 250_000_000),
        ("yuan", 5000, 8000),
        ("share", "0.1", "0.15"),
        ("years", 2, 3),
        ("years", None, "1.5"),
        ("energy", 300, 500),
    ],
)
def test_range_field_reads_what_it_shows_in_every_language(kind, low, high, language):
    shown = Range(*(None if end is None else Decimal(end) for end in (low, high)))
    with override(language):
        field = RangeField(kind)
        found = field.clean(field.prepare_value(shown))
    assert (found.minimum, found.maximum) == (shown.minimum, shown.maximum)


@pytest.mark.parametrize(
    ("text", "yuan"),
    [("1.2 million CNY", 1_200_000), ("CNY 1.2 million", 1_200_000), ("≥ 3 million CNY", None)],
)
def test_range_field_reads_amounts_in_english(text, yuan):
    found = RangeField("money").clean(text)
    assert found.maximum == yuan
