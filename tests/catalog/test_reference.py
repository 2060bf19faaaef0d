"""Loading of reference data."""

from decimal import Decimal

import pytest
from django.core.management import call_command
from wagtail.log_actions import log

from accounts.models import Area, Industry
from catalog.enums import Origin
from catalog.models import EnergyCarrier, EnergySystem, Technology
from catalog.services.publishing import publish_directly
from catalog.services.reference import Loaded, load_reference, read_technologies
from catalog.signals import listings_changed, reference_loaded


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


def test_load_reference_publishes_the_library_without_supplier_catalogue_or_case(loaded):
    entries = Technology.objects.public().filter(origin=Origin.REFERENCE)
    assert entries.count() == loaded.technologies == len(list(read_technologies()))
    assert not entries.exclude(organisation=None, owner_name="", source_catalogue="", cases=None).exists()
    entry = entries.get(reference_key="reference/compressed_air/compressor-heat-recovery")
    assert [system.code for system in entry.systems.order_by("code")] == ["compressed_air", "waste_heat"]
    assert entry.conditions.get(quantity="heat_sink_temperature_c").is_hard


def test_release_updates_an_entry_that_nobody_edited(loaded):
    Technology.objects.filter(reference_key__endswith="/orc-power").update(summary="旧版")
    announced = []

    def note(kind, ids, **kwargs):
        announced.append((kind, len(ids)))

    listings_changed.connect(note)
    try:
        assert load_reference().technologies == 1
    finally:
        listings_changed.disconnect(note)
    assert announced == [("technology", 1)]
    assert "净发电效率" in Technology.objects.get(reference_key__endswith="/orc-power").summary


def test_entry_that_an_official_edited_or_withdrew_stays(loaded, cast):
    edited, withdrawn = Technology.objects.all()[:2]
    edited.summary = "按本区情况修订"
    publish_directly(edited, user=cast.librarian)
    withdrawn.unpublish(user=cast.librarian)
    assert load_reference() == Loaded()
    edited.refresh_from_db()
    withdrawn.refresh_from_db()
    assert (edited.summary, withdrawn.live) == ("按本区情况修订", False)


def test_entry_that_an_official_deleted_stays_deleted(loaded, cast):
    entry = Technology.objects.get(reference_key__endswith="/orc-power")
    log(instance=entry, action="wagtail.delete", user=cast.librarian)
    entry.delete()
    assert load_reference() == Loaded()


def test_load_reference_tells_the_rooms_above_every_time(db):
    heard = []

    def note(**kwargs):
        heard.append(True)

    reference_loaded.connect(note)
    try:
        load_reference()
        load_reference()
    finally:
        reference_loaded.disconnect(note)
    assert heard == [True, True]
