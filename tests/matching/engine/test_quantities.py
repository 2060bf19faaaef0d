"""Quantities read from what people at plants write."""

import csv
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.enums import Quantity
from matching.engine.profiles import Range
from matching.engine.quantities import LONGEST_TEXT, first_of_each, read_quantities

TEXTS = list(csv.DictReader((Path(__file__).parent / "quantity_texts.csv").read_text().splitlines()))
LEAST_TEXTS = 150


def said(readings):
    """Write readings as the table has them: code=low..high, with a question mark when not sure."""
    parts = []
    for each in readings:
        low, high = ("" if end is None else f"{end:.10g}" for end in (each.range.minimum, each.range.maximum))
        amount = low if low == high else f"{low}..{high}"
        parts.append(f"{each.code}={amount}{'' if each.is_sure else '?'}")
    return ";".join(parts)


@pytest.mark.parametrize("row", TEXTS, ids=[row["text"] for row in TEXTS])
def test_quantities_are_read_as_people_write_them(row):
    assert said(read_quantities(row["text"])) == row["expected"]


def test_table_is_large():
    assert len({row["text"] for row in TEXTS}) >= LEAST_TEXTS


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from([row["text"] for row in TEXTS]) | st.text(max_size=12)).map("，".join))
def test_passages_stand_where_they_say(text):
    for each in read_quantities(text):
        assert text[each.start : each.stop].strip() == each.text
        assert each.code in Quantity.values
        assert each.range.is_usable


@pytest.mark.parametrize(
    "text", ["", "℃" * 1000, "1" * 100_000, "1~" * 5000, "150℃" * 50_000, "１²³⁴五", "\0😀"]
)
def test_odd_texts_do_no_harm(text):
    assert all(each.stop <= LONGEST_TEXT for each in read_quantities(text))


def test_contradicting_readings_are_not_sure():
    found = first_of_each(read_quantities("烟气200℃，另一路废气300℃，需要60℃热水"))
    source = found["heat_source_temperature_c"]
    assert (source.range, source.is_sure) == (Range(200, 200), False)
    assert found["heat_sink_temperature_c"].is_sure


def test_sure_reading_comes_before_an_earlier_unsure_one():
    found = first_of_each(read_quantities("95℃。废气180℃"))
    assert found["heat_source_temperature_c"].range == Range(180, 180)


def test_repeated_reading_stays_sure():
    assert first_of_each(read_quantities("烟气200℃，该烟气200℃"))["heat_source_temperature_c"].is_sure
