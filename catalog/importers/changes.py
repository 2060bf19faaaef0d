"""Compare what lines say with how listings stand, and keep what an update replaces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import models

from .targets import Content, Target, as_json


@dataclass
class Standing:
    """A listing as it stands in the database, with its many-to-many keys and children."""

    listing: models.Model
    many: dict[str, list[int]]
    children: dict[str, list[models.Model]]


@dataclass
class Changes:
    """What an update would alter; `replaced` is the former state of exactly that, ready for JSON."""

    fields: dict[str, Any] = field(default_factory=dict)
    many: dict[str, list[int]] = field(default_factory=dict)
    new_children: dict[str, list[dict]] = field(default_factory=dict)
    changed_children: list[tuple[models.Model, dict]] = field(default_factory=list)
    replaced: dict[str, Any] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.fields or self.many or self.new_children or self.changed_children)


def standings(target: Target, keys: Iterable[int]) -> dict[int, Standing]:
    """Read listings with all that an import can change, in one query for each table."""
    keys = list(keys)
    found = {
        pk: Standing(listing, {name: [] for name in target.many}, {c.relation: [] for c in target.children})
        for pk, listing in target.model.objects.in_bulk(keys).items()
    }
    for name in target.many:
        through, near, far = target.through(name)
        for pk, other in through.objects.filter(**{f"{near}__in": keys}).values_list(near, far):
            if pk in found:
                found[pk].many[name].append(other)
    for child in target.children:
        for row in child.model.objects.filter(**{f"{child.parent}__in": keys}).order_by("pk"):
            parent = getattr(row, f"{child.parent}_id")
            if parent in found:
                found[parent].children[child.relation].append(row)
    return found


def changes_to(standing: Standing, content: Content, target: Target) -> Changes:
    """List only what differs; what the line leaves empty stays as it is."""
    changes = Changes()
    before: dict[str, Any] = {"fields": {}, "many": {}, "children": []}
    for name, value in content.fields.items():
        current = getattr(standing.listing, name)
        if value not in (None, "") and current != value:
            changes.fields[name] = value
            before["fields"][name] = as_json(current)
    for name, keys in content.many.items():
        if keys and set(keys) != set(standing.many[name]):
            changes.many[name] = keys
            before["many"][name] = sorted(standing.many[name])
    for child in target.children:
        present = {child.identity(row): row for row in standing.children[child.relation]}
        for values in content.children.get(child.relation, ()):
            row = present.get(child.identity(child.model(**values)))
            if row is None:
                changes.new_children.setdefault(child.relation, []).append(values)
                continue
            differing = {
                name: value
                for name, value in values.items()
                if value not in (None, "") and getattr(row, name) != value
            }
            if differing:
                former = {name: as_json(getattr(row, name)) for name in differing}
                before["children"].append({"relation": child.relation, "pk": row.pk, "fields": former})
                changes.changed_children.append((row, differing))
    changes.replaced = before
    return changes


# By these a listing is recognised; a merged entry must not lend them to its survivor.
IDENTITY = {
    "title",
    "organisation_id",
    "owner_name",
    "source_catalogue",
    "source_edition",
    "source_item",
    "source_page",
    "evidence_level",
}


def news_of_merged(former: Standing, survivor: Standing, content: Content, target: Target) -> Content:
    """Return what a line about a merged entry says that was not known when it was merged.

    An official chose between the two then; repeating the old figures must not turn the choice round. Links are
    added to the survivor's, never taken away.
    """
    fields = {
        name: value
        for name, value in content.fields.items()
        if name not in IDENTITY and getattr(former.listing, name) != value
    }
    many = {
        name: [*survivor.many[name], *(key for key in keys if key not in survivor.many[name])]
        for name, keys in content.many.items()
        if set(keys) != set(former.many[name])
    }
    children: dict[str, list[dict]] = {}
    for child in target.children:
        known = {child.identity(row): row for row in former.children[child.relation]}
        for values in content.children.get(child.relation, ()):
            row = known.get(child.identity(child.model(**values)))
            if row is None or any(getattr(row, name) != value for name, value in values.items()):
                children.setdefault(child.relation, []).append(values)
    return Content(fields, many, children)


def joined(contents: list[Content]) -> Content:
    """Put the lines of one listing together: the first line, and the cases of those merged with it."""
    first = contents[0]
    children: dict[str, list[dict]] = defaultdict(list)
    for number, content in enumerate(contents):
        for relation, rows in content.children.items():
            if number == 0 or relation == "cases":
                children[relation] += rows
    return Content(first.fields, first.many, dict(children))
