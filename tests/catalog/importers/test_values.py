from datetime import date, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from catalog.importers.choices import ChoiceIndex
from catalog.importers.mapping import FIELDS
from catalog.importers.problems import ValueProblem
from catalog.importers.values import Choices, Value, read_cell

EVERY_FIELD = [field for fields in FIELDS.values() for field in fields]
WRITTEN = "0123456789０９.,，、；;/-~～至到年月日约左右以上下≥≤<>%％万亿千百十元tcekgWh吨标煤/aA℃³²一二三半两()（）\n \t长期有效=#!'\""
LIST = ChoiceIndex([("boiler", "锅炉与供热"), ("C26", "化学原料和化学制品制造业")], label="列表")
CHOICES = Choices(LIST, LIST, LIST, LIST, LIST, LIST)
CELLS = st.one_of(
    st.text(WRITTEN, max_size=30),
    st.text(max_size=300),
    st.integers(),
    st.floats(allow_nan=True, allow_infinity=True),
    st.booleans(),
    st.dates(),
    st.datetimes(),
    st.times(),
    st.decimals(),
)


@settings(max_examples=300, deadline=None)
@given(
    cell=CELLS,
    field=st.sampled_from(EVERY_FIELD),
    unit=st.sampled_from(["", "万元", "%", "tce/a", "元/kW", "月"]),
)
def test_any_cell_is_a_value_nothing_or_a_problem_with_what_is_expected(cell, field, unit):
    try:
        value = read_cell(cell, field, CHOICES, unit=unit)
    except ValueProblem as problem:
        assert problem.message
        return
    assert value is None or isinstance(value, Value)


@pytest.mark.parametrize("name", ["investment", "annual_saving", "payback"])
def test_date_in_a_column_of_numbers_is_refused(name):
    field = next(field for field in EVERY_FIELD if field.name == name)
    for cell in (date(2025, 3, 5), datetime(2025, 3, 5)):
        with pytest.raises(ValueProblem, match="单元格是日期"):
            read_cell(cell, field, CHOICES)
