"""How the two libraries are stored, so that one importer serves both."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from catalog.enums import ImportKind
from catalog.models import (
    Demand,
    DemandEnergyUse,
    DemandQuantity,
    Technology,
    TechnologyCase,
    TechnologyCondition,
)

from .choices import key_of
from .lists import Lists


@dataclass(frozen=True)
class Child:
    """A kind of child row: two rows with the same `identity` are the same child."""

    relation: str
    model: type[models.Model]
    parent: str
    identity: Callable[[Any], Hashable]


@dataclass(frozen=True)
class Target:
    """A library: its model, its many-to-many fields and its children."""

    kind: str
    signal_kind: str
    model: type[models.Model]
    many: tuple[str, ...]
    children: tuple[Child, ...]

    def through(self, name: str) -> tuple[type[models.Model], str, str]:
        """Answer the joining model of a many-to-many field and the columns of both its ends."""
        found = self.model._meta.get_field(name)
        through = found.remote_field.through
        return through, f"{found.m2m_field_name()}_id", f"{found.m2m_reverse_field_name()}_id"


# What a line says about the owner is no field of the listing; the planner turns it into an organisation.
OWNER_WORDS = ("credit_code", "organisation")

TARGETS = {
    ImportKind.TECHNOLOGIES: Target(
        ImportKind.TECHNOLOGIES,
        "technology",
        Technology,
        ("industries", "systems", "carriers"),
        (
            Child("cases", TechnologyCase, "technology", lambda case: key_of(case.site)),
            Child("conditions", TechnologyCondition, "technology", lambda condition: condition.quantity),
        ),
    ),
    ImportKind.DEMANDS: Target(
        ImportKind.DEMANDS,
        "demand",
        Demand,
        ("systems", "carriers"),
        (
            Child("energy_uses", DemandEnergyUse, "demand", lambda use: use.carrier_id),
            Child("quantities", DemandQuantity, "demand", lambda quantity: quantity.quantity),
        ),
    ),
}


@dataclass
class Content:
    """What one line says about one listing, in Python types and primary keys."""

    fields: dict[str, Any] = field(default_factory=dict)
    many: dict[str, list[int]] = field(default_factory=dict)
    children: dict[str, list[dict[str, Any]]] = field(default_factory=dict)

    @property
    def title(self) -> str:
        return self.fields.get("title", "")


def content_of(data: dict, target: Target, lists: Lists) -> Content:
    """Turn the stored values of an import row into fields, keys and children of the target's model."""
    values, parts = dict(data.get("values", {})), data.get("parts", {})
    content = Content()
    for name in target.many:
        if name in values:
            keys = lists.keys[name]
            content.many[name] = [keys[code] for code in values.pop(name) if code in keys]
    for name, value in values.items():
        content.fields[name] = to_python(target.model, name, value)
    if case := parts.get("case"):
        fields = {name: value for name, value in case.items() if name != "industry"}
        fields = {name: to_python(TechnologyCase, name, value) for name, value in fields.items()}
        fields["industry_id"] = lists.keys["industries"].get(case.get("industry"))
        content.children["cases"] = [fields]
    for part, relation, model in (
        ("condition", "conditions", TechnologyCondition),
        ("quantity", "quantities", DemandQuantity),
    ):
        if part in parts:
            content.children[relation] = [
                {
                    "quantity": code,
                    "minimum": to_python(model, "minimum", low),
                    "maximum": to_python(model, "maximum", high),
                }
                for code, (low, high) in parts[part].items()
            ]
    if uses := parts.get("energy_use"):
        content.children["energy_uses"] = [
            {
                "carrier_id": lists.keys["carriers"][code],
                "annual_amount": to_python(DemandEnergyUse, "annual_amount", amount),
            }
            for code, amount in uses.items()
            if code in lists.keys["carriers"]
        ]
    return content


def to_python(model: type[models.Model], name: str, value: Any) -> Any:
    if name in OWNER_WORDS:
        return value
    found = model._meta.get_field(name)
    return value if value is None or found.is_relation else found.to_python(value)


def as_json(value: Any) -> Any:
    """Write a value as it will stand in a JSON column."""
    if value is None or isinstance(value, (str, int, float, bool, list, dict)):
        return value
    return DjangoJSONEncoder().default(value)
