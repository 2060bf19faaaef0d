"""Loading of reference data."""

import shutil
from decimal import Decimal

import pytest
from django.core.management import call_command
from wagtail.log_actions import log

from accounts.models import Area, Industry
from catalog.enums import Origin
from catalog.models import EnergyCarrier, EnergySystem, Technology
from catalog.services import reference
from catalog.services.publishing import publish_directly
from catalog.services.reference import Loaded, load_reference, read_technologies
from catalog.signals import listings_changed, reference_loaded


@pytest.fixture
def loaded(db, tmp_path, monkeypatch):
    """Load a small part of the data that ships with the platform."""
    (tmp_path / "technologies").mkdir()
    for name in ("areas.csv", "systems.toml", "carriers.csv"):
        shutil.copy(reference.DATA / name, tmp_path)
    shutil.copy(reference.DATA / "technologies/waste_heat.toml", tmp_path / "technologies")
    lines = (reference.DATA / "industries.csv").read_text(encoding="utf-8").splitlines(keepends=True)
    (tmp_path / "industries.csv").write_text(
        "".join(
            line for line in lines if line.count(",") == 3 and line.split(",")[2] in ("level", "0", "1", "2")
        ),
        encoding="utf-8",
    )
    monkeypatch.setattr(reference, "DATA", tmp_path)
    return load_reference()


def test_load_reference_fills_trees_and_library(db):
    loaded = load_reference()
    assert [Industry.objects.filter(level=level).count() for level in range(4)] == [20, 97, 473, 1380]
    assert Industry.objects.get(code="C2614").parent.parent.parent.code == "C"
    assert Area.objects.get(code="310116P03").parent.name == "枫泾镇"
    assert EnergySystem.objects.first().code == "boiler"
    electricity = EnergyCarrier.objects.get(code="electricity")
    assert (electricity.tce_per_unit, electricity.edition) == (
        Decimal("0.0001229"),
        "GB/T 2589-2020（当量值）",
    )
    entries = Technology.objects.public().filter(origin=Origin.REFERENCE)
    assert entries.count() == loaded.technologies == len(list(read_technologies()))
    assert not entries.exclude(organisation=None, owner_name="", source_catalogue="", cases=None).exists()
    entry = entries.get(reference_key="reference/compressed_air/compressor-heat-recovery")
    assert [system.code for system in entry.systems.order_by("code")] == ["compressed_air", "waste_heat"]
    assert entry.conditions.get(quantity="heat_sink_temperature_c").is_hard
    assert load_reference() == Loaded()


def test_second_load_changes_nothing(loaded):
    assert load_reference() == Loaded()


def test_load_reference_keeps_a_price_that_an_official_set(loaded):
    EnergyCarrier.objects.filter(code="steam").update(typical_price_cny=300, name="旧名")
    assert load_reference().carriers == 1
    steam = EnergyCarrier.objects.get(code="steam")
    assert (steam.typical_price_cny, steam.name) == (300, "蒸汽")


def test_load_reference_command_says_what_it_did(loaded, capsys):
    call_command("load_reference")
    assert "没有变化" in capsys.readouterr().out


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


def test_load_reference_tells_the_rooms_above_every_time(loaded):
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


def test_child_of_an_unknown_parent_is_refused(loaded):
    with (reference.DATA / "areas.csv").open("a", encoding="utf-8") as file:
        file.write("310116P99,示例园,park,999\n")
    with pytest.raises(ValueError, match="310116P99"):
        load_reference()
