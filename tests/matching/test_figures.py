import doctest

import pytest

from matching import figures
from matching.figures import money, percentage, quantity_name, quantity_span, span


def test_examples_give_what_they_say():
    assert doctest.testmod(figures).failed == 0


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (span([80, None], "℃"), "≥80℃"),
        (span([None, 4]), "≤4"),
        (span([None, None]), "未限定"),
        (span([256, 480], "tce"), "256–480 tce"),
        (percentage([0.08, 0.15]), "8–15%"),
        (money([512_000, 960_000]), "51.2–96 万元"),
        (money([300, 900]), "300–900 元"),
        (money([2e8, 3e8]), "2–3 亿元"),
        (quantity_name("heat_source_temperature_c"), "热源温度"),
        (quantity_span("heat_flow_t_per_h", [1.5, 20]), "1.5–20 t/h"),
        (quantity_span("unheard_of", [1, 1]), "1"),
    ],
)
def test_figures_read_as_people_write_them(text, expected):
    assert text == expected
