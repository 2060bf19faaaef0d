"""All that a listing says, as labelled lines of text: for previews, comparisons and reviewers."""

from dataclasses import dataclass

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _
from modelcluster.fields import ParentalManyToManyField
from modelcluster.models import get_all_child_relations

from catalog.enums import CooperationMode
from catalog.formats import DASH, TEXTS, number_text, range_text
from catalog.models import Technology
from catalog.models.listings import Listing
from catalog.models.technologies import RANGES

# Fields that are not part of what the owner says.
TECHNICAL = {
    *("id", "live", "has_unpublished_changes", "first_published_at", "last_published_at", "live_revision"),
    *("latest_revision", "go_live_at", "expire_at", "expired", "locked", "locked_at", "locked_by"),
    *("created_by", "created_at", "updated_at", "confirmed_at", "merged_into", "reference_key", "is_sample"),
    *("closed_at", "closed_by", "closing_reason"),
}
KINDS = {"_cny": "money", "_tce": "energy", "_years": "years"}
SHARES = {"penetration_now", "penetration_in_5_years"}
HIDDEN_CHILD_FIELDS = {"id", "technology", "demand", "uploaded_at"}


@dataclass(frozen=True)
class Fact:
    """One labelled text; empty when nothing was said. `lines` holds the children of a list."""

    name: str
    label: str
    text: str
    lines: tuple[str, ...] = ()


@dataclass(frozen=True)
class Difference:
    """What one field said before and says now."""

    name: str
    label: str
    before: str
    after: str


def facts_of(listing: Listing) -> list[Fact]:
    """Return every field of a technology or demand and its children, in the order of the model."""
    facts, done = [], set()
    range_of = (
        {field: name for name, pair in RANGES.items() for field in pair[:2]}
        if isinstance(listing, Technology)
        else {}
    )
    fields = [*listing._meta.fields, *listing._meta.many_to_many]
    for field in sorted(fields, key=lambda field: field.creation_counter):
        if field.name in TECHNICAL:
            continue
        name = range_of.get(field.name, field.name)
        if name in done:
            continue
        done.add(name)
        if name in RANGES and field.name in range_of:
            low, high, kind, label = RANGES[name]
            text = range_text(getattr(listing, low), getattr(listing, high), kind)
            facts.append(Fact(name, str(label), text))
        else:
            facts.append(Fact(name, str(field.verbose_name), field_text(listing, field)))
    for relation in get_all_child_relations(listing):
        name = relation.get_accessor_name()
        lines = tuple(child_text(child) for child in getattr(listing, name).all())
        label = str(relation.related_model._meta.verbose_name)
        facts.append(Fact(name, label, "\n".join(lines), lines))
    return facts


def field_text(instance: models.Model, field: models.Field) -> str:
    """Return one field for reading: choices by label, figures with unit, lists joined."""
    if isinstance(field, ParentalManyToManyField):
        return _("、").join(str(choice) for choice in getattr(instance, field.name).all())
    value = getattr(instance, field.name)
    if field.name == "cooperation_modes":
        return _("、").join(
            str(CooperationMode(mode).label) for mode in value if mode in CooperationMode.values
        )
    if field.name == "visibility":
        return _visibility_text(instance)
    if value is None or value == "":
        return ""
    if isinstance(value, bool):
        return _("是") if value else _("否")
    if field.choices:
        return str(getattr(instance, f"get_{field.name}_display")())
    if isinstance(field, models.DecimalField):
        kind = "share" if field.name in SHARES else _kind(field.name)
        return TEXTS[kind](value)
    if isinstance(field, models.DateTimeField):
        return timezone.localtime(value).strftime("%Y-%m-%d")
    return str(value)


def child_text(child: models.Model) -> str:
    """Return a case, condition, document, quantity or energy use in one line."""
    if hasattr(child, "minimum"):
        parts = [f"{child} {range_text(child.minimum, child.maximum)}"]
        if hasattr(child, "is_hard"):
            parts += [_("必须满足") if child.is_hard else _("供参考"), child.note]
        return _("，").join(part for part in parts if part)
    if hasattr(child, "annual_amount"):
        price = child.unit_price_cny
        amount = f"{child.carrier} {number_text(child.annual_amount)} {child.carrier.unit}"
        return amount + (_("，单价 %s 元") % number_text(price) if price is not None else "")
    if hasattr(child, "file"):
        return f"{child.title}（{child.file.name.rpartition('/')[2]}）"
    parts = [
        text if field.name in {"site", "scale", "description"} else f"{_short(field)} {text}"
        for field in child._meta.fields
        if field.name not in HIDDEN_CHILD_FIELDS and (text := field_text(child, field))
    ]
    return _("，").join(parts)


def differences(before: Listing, after: Listing) -> list[Difference]:
    """Return the fields in which two versions of a listing differ."""
    earlier = {fact.name: fact.text for fact in facts_of(before)}
    return [
        Difference(fact.name, fact.label, earlier.get(fact.name, ""), fact.text)
        for fact in facts_of(after)
        if fact.text != earlier.get(fact.name, "")
    ]


def _kind(name: str) -> str:
    return next((kind for ending, kind in KINDS.items() if name.endswith(ending)), "")


def _short(field: models.Field) -> str:
    """Return a label without its unit, which the text carries."""
    return str(field.verbose_name).partition("（")[0]


def _visibility_text(demand) -> str:
    labels = {field.name: _short(field) for field in demand._meta.fields}
    return _("，").join(
        f"{labels.get(name, name)}{DASH}{demand.visibility_of(name).label}" for name in demand.visibility
    )
