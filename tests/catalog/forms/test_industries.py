"""Industries typed by people."""

import pytest

from accounts.models import Industry
from catalog.forms.industries import industries_named, industries_text


@pytest.fixture(autouse=True)
def tree(db):
    for code, name, level in (
        ("A", "农、林、牧、渔业", 0),
        ("C17", "纺织业", 1),
        ("C271", "化学药品原料药制造", 2),
        ("C2710", "化学药品原料药制造", 3),
    ):
        Industry.objects.get_or_create(code=code, defaults={"name": name, "level": level})


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("纺织业", ["C17"]),
        ("纺织业、C2710", ["C17", "C2710"]),
        ("C17 纺织业、C2710 化学药品原料药制造", ["C17", "C2710"]),
        ("农、林、牧、渔业", ["A"]),
        ("农、林、牧、渔业；纺织业", ["A", "C17"]),
        ("", []),
    ],
)
def test_list_is_read_as_meant(text, codes):
    assert [industry.code for industry in industries_named(text)] == codes


def test_what_is_shown_reads_back_as_the_same():
    chosen = list(Industry.objects.filter(code__in=["A", "C17", "C271", "C2710"]))
    assert industries_named(industries_text(chosen)) == chosen
