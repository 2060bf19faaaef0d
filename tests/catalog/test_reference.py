"""Loading of reference data."""

from decimal import Decimal

import pytest
from django.core.management import call_command

from accounts.models import Area, Industry
from catalog.models import EnergyCarrier, EnergySystem
from catalog.services.reference import Loaded, load_reference


@pytest.fixture
def loaded(db):
    return load_reference()


def test_load_reference_fills_the_trees(loaded):
    assert [Industry.objects.filter(level=level).count() for level in range(4)] == [20, 97, 473, 1380]
    assert Industry.objects.get(code="C2614").parent.parent.parent.code == "C"
    assert Area.objects.get(code="310116P03").parent.name == "枫泾镇"
    assert EnergySystem.objects.first().code == "boiler"
    electricity = EnergyCarrier.objects.get(code="electricity")
    assert (electricity.tce_per_unit, electricity.edition) == (
        Decimal("0.0001229"),
        "GB/T 2589-2020（当量值）",
    )


def test_second_load_changes_nothing(loaded):
    assert load_reference() == Loaded()


def test_load_reference_keeps_a_price_that_an_official_set(loaded):
    EnergyCarrier.objects.filter(code="steam").update(typical_price_cny=300, name="旧名")
    assert load_reference().carriers == 1
    steam = EnergyCarrier.objects.get(code="steam")
    assert (steam.typical_price_cny, steam.name) == (300, "蒸汽")


def test_load_reference_command_says_what_it_did(db, capsys):
    call_command("load_reference")
    assert "industries 1970" in capsys.readouterr().out
