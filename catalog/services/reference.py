"""Reference data that ships with the platform: trees, coefficients and the reference library.

Files in `catalog/data` are the source; their README says where the figures come from. Loading is idempotent and
leaves alone what an official changed.
"""

import csv
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.db import models, transaction
from django.utils import timezone
from wagtail.models import ModelLogEntry

from accounts.models import Area, Industry
from accounts.services.setup import set_up_accounts
from catalog.enums import EvidenceLevel, Origin
from catalog.models import EnergyCarrier, EnergySystem, Technology, TechnologyCondition
from catalog.models.technologies import CONFIRMATION_PERIOD
from catalog.services.setup import set_up_libraries
from catalog.signals import listings_changed, reference_loaded
from notices.services.setup import set_up_notices

DATA = Path(__file__).resolve().parent.parent / "data"
PREFIX = "reference/"
CARRIER_FIELDS = ("name", "unit", "tce_per_unit", "edition", "co2_t_per_unit", "order")
TEXTS = ("title", "summary", "principle", "process", "scope", "not_suitable", "conditions_note", "indicators")
FIGURES = (
    "unit_investment_min_cny",
    "unit_investment_max_cny",
    "investment_min_cny",
    "investment_max_cny",
    "saving_rate_min",
    "saving_rate_max",
    "annual_saving_min_tce",
    "annual_saving_max_tce",
    "payback_min_years",
    "payback_max_years",
    "penetration_now",
    "penetration_in_5_years",
    "co2_reduction_t",
)
OTHERS = ("investment_unit", "saving_basis", "applies_to_all_industries", "trl", "cooperation_modes")
LINKS = ("industries", "systems", "carriers")


@dataclass(frozen=True)
class Loaded:
    """Rows created or updated by one run."""

    industries: int = 0
    areas: int = 0
    systems: int = 0
    carriers: int = 0
    technologies: int = 0


def read_csv(name: str) -> list[dict]:
    """Return the rows of a file in `catalog/data`."""
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_systems() -> list[dict]:
    """Return the energy systems in their order."""
    return tomllib.loads((DATA / "systems.toml").read_text(encoding="utf-8"))["system"]


def read_technologies() -> Iterator[dict]:
    """Yield the entries of the reference library, numbers as Decimal, each with its stable `key`."""
    for path in sorted((DATA / "technologies").glob("*.toml")):
        for entry in tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)["technology"]:
            yield entry | {"key": f"{PREFIX}{path.stem}/{entry['slug']}"}


@transaction.atomic
def load_reference() -> Loaded:
    """Create what is missing and update what a new release changed; return how many rows that were.

    A reference entry that an official edited, withdrew, merged or deleted stays as the official left it, and so
    does a typical price. Sends `listings_changed` once for all new or changed entries, then `reference_loaded`.
    """
    set_up_libraries()
    set_up_accounts()
    set_up_notices()
    loaded = Loaded(
        industries=_load_tree(Industry, read_csv("industries.csv"), fields=("name", "level")),
        areas=_load_tree(Area, read_csv("areas.csv"), fields=("name", "kind")),
        systems=_load_flat(EnergySystem, read_systems(), fields=("name", "description", "order")),
        carriers=_load_flat(EnergyCarrier, list(_carrier_rows()), fields=CARRIER_FIELDS),
        technologies=_load_technologies(),
    )
    reference_loaded.send(sender=None)
    return loaded


def _carrier_rows():
    for order, row in enumerate(read_csv("carriers.csv")):
        numbers = {
            name: Decimal(row[name]) if row[name] else None
            for name in ("tce_per_unit", "typical_price_cny", "co2_t_per_unit")
        }
        yield row | numbers | {"order": order * 10}


def _load_flat(model: type[models.Model], rows: list[dict], *, fields: tuple[str, ...]) -> int:
    """Bring the rows with these codes up to date; other columns of the file are only used for new rows."""
    names = {field.attname for field in model._meta.concrete_fields}
    present = {row.code: row for row in model._default_manager.all()}
    new, changed = [], []
    for row in rows:
        current = present.get(row["code"])
        if current is None:
            new.append(model(**{name: value for name, value in row.items() if name in names}))
        elif any(getattr(current, field) != row[field] for field in fields):
            for field in fields:
                setattr(current, field, row[field])
            changed.append(current)
    model._default_manager.bulk_create(new, batch_size=500)
    model._default_manager.bulk_update(changed, [name.removesuffix("_id") for name in fields], batch_size=500)
    return len(new) + len(changed)


def _load_tree(model: type[models.Model], rows: list[dict], *, fields: tuple[str, ...]) -> int:
    """Like `_load_flat` for rows that name the code of their parent; parents are created before their children."""
    for row in rows:
        row.update({"level": int(row["level"])} if "level" in row else {})
    count, waiting = 0, rows
    ids = {"": None}
    while waiting:
        ready = [row for row in waiting if row["parent"] in ids]
        if not ready:
            raise ValueError(f"{model.__name__} {waiting[0]['code']} names an unknown parent")
        generation = [row | {"parent_id": ids[row["parent"]]} for row in ready]
        for row in generation:
            del row["parent"]
        count += _load_flat(model, generation, fields=(*fields, "parent_id"))
        done = {row["code"] for row in ready}
        waiting = [row for row in waiting if row["code"] not in done]
        ids |= dict(model._default_manager.filter(code__in=done).values_list("code", "pk"))
    return count


def _load_technologies() -> int:
    now = timezone.now()
    links = {
        "industries": {row.code: row for row in Industry.objects.all()},
        "systems": {row.code: row for row in EnergySystem.objects.all()},
        "carriers": {row.code: row for row in EnergyCarrier.objects.all()},
    }
    present = {
        row.reference_key: row
        for row in Technology.objects.filter(reference_key__startswith=PREFIX).prefetch_related(
            *LINKS, "conditions"
        )
    }
    deleted = set(
        ModelLogEntry.objects.filter(
            action="wagtail.delete", content_type=ContentType.objects.get_for_model(Technology)
        ).values_list("label", flat=True)
    )
    changed = []
    for entry in read_technologies():
        technology = present.get(entry["key"])
        if technology is None and entry["title"] in deleted:
            continue
        if technology is None:
            technology = Technology(reference_key=entry["key"], origin=Origin.REFERENCE)
        elif not _is_untouched(technology) or _stored(technology) == _wanted(entry):
            continue
        technology = _fill(technology, entry, links)
        technology.confirmed_at = now
        technology.save()
        changed.append(technology.pk)
    # Whoever runs this release vouches for its typical values, so they do not lapse while it is in use.
    Technology.objects.filter(
        reference_key__in=[key for key, row in present.items() if _is_untouched(row)],
        confirmed_at__lt=now - CONFIRMATION_PERIOD / 2,
    ).update(confirmed_at=now)
    if changed:
        listings_changed.send(sender=Technology, kind="technology", ids=changed)
    return len(changed)


def _is_untouched(technology: Technology) -> bool:
    """Whether no official edited (which leaves a revision), withdrew or merged the entry."""
    return technology.live and technology.latest_revision_id is None and technology.merged_into_id is None


def _fill(technology: Technology, entry: dict, links: dict[str, dict]) -> Technology:
    for name in (*TEXTS, *FIGURES, *OTHERS):
        if name in entry:
            setattr(technology, name, entry[name])
    technology.evidence_level = EvidenceLevel.SELF_DECLARED
    for name in LINKS:
        getattr(technology, name).set([links[name][code] for code in entry.get(name, [])])
    technology.conditions.set([TechnologyCondition(**condition) for condition in entry.get("conditions", [])])
    return technology


def _wanted(entry: dict) -> dict:
    return (
        {name: _plain(entry.get(name)) for name in (*TEXTS, *FIGURES, *OTHERS)}
        | {name: sorted(entry.get(name, [])) for name in LINKS}
        | {"conditions": [_condition(item.get) for item in entry.get("conditions", [])]}
    )


def _stored(technology: Technology) -> dict:
    return (
        {name: _plain(getattr(technology, name)) for name in (*TEXTS, *FIGURES, *OTHERS)}
        | {name: sorted(row.code for row in getattr(technology, name).all()) for name in LINKS}
        | {
            "conditions": [
                _condition(lambda name, default=None, row=row: getattr(row, name, default))
                for row in technology.conditions.all()
            ]
        }
    )


def _condition(get) -> tuple:
    return (
        get("quantity"),
        _plain(get("minimum")),
        _plain(get("maximum")),
        get("is_hard"),
        get("note", "") or "",
    )


def _plain(value):
    """Make absent, empty and false alike, and numbers comparable whatever their type."""
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return Decimal(value)
    return value or None
