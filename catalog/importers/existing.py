"""Recognise listings that are already in the library, so that importing again updates instead of doubling.

A line is the same listing as an entry when the source (catalogue or file) and the item number agree and the titles
are not wholly different: numbers are given anew in other editions, and two lists may go by one name. Without a
number the same owner and the same normalised title decide; where an owner is not named, the same source does.
"""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass

from catalog.enums import ImportKind, Origin
from catalog.models import Demand, ImportBatch, Technology

from .choices import bigrams, key_of
from .targets import Content

LIKENESS_IN_EDITION = 0.3
LIKENESS_OVER_EDITIONS = 0.5


@dataclass
class Entry:
    """What identifies a listing; `line` is set while it stands only in the file being imported.

    An entry that was merged into another stands for that one: `pk` is the survivor's, `merged_pk` its own and
    `survivor_owner` the survivor's organisation.
    """

    pk: int | None
    title: str
    organisation_id: int | None
    owner: str
    source: str
    edition: str
    item: str
    line: int | None = None
    merged_pk: int | None = None
    survivor_owner: int | None = None

    @property
    def own_pk(self) -> int | None:
        return self.merged_pk or self.pk

    @property
    def owner_key(self) -> str:
        return f"#{self.organisation_id}" if self.organisation_id else key_of(self.owner)


class Existing:
    """An index of the listings that a batch may update (one query, kept up to date while rows are added)."""

    def __init__(self, batch: ImportBatch):
        self._by_item: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        self._by_title: dict[str, list[Entry]] = defaultdict(list)
        self._by_pk: dict[int, Entry] = {}
        load = technologies if batch.kind == ImportKind.TECHNOLOGIES else demands
        for entry in load(batch):
            self.add(entry)

    def add(self, entry: Entry) -> None:
        if entry.source and entry.item:
            self._by_item[entry.source, entry.item].append(entry)
        self._by_title[key_of(entry.title)].append(entry)
        if entry.pk:
            self._by_pk[entry.pk] = entry

    def find(self, wanted: Entry) -> Entry | None:
        """Answer the entry that the line means, or None."""
        numbered = (
            self._by_item.get((wanted.source, wanted.item), ()) if wanted.source and wanted.item else ()
        )
        for entry in sorted(
            numbered, key=lambda entry: (entry.edition != wanted.edition, bool(entry.merged_pk))
        ):
            least = LIKENESS_IN_EDITION if entry.edition == wanted.edition else LIKENESS_OVER_EDITIONS
            if likeness(entry.title, wanted.title) >= least:
                return entry
        titled = self._by_title.get(key_of(wanted.title), ())
        for entry in sorted(titled, key=lambda entry: bool(entry.merged_pk)):
            if self.is_same_owner(entry, wanted) and not is_other_item(entry, wanted):
                return entry
        return None

    @staticmethod
    def is_same_owner(entry: Entry, wanted: Entry) -> bool:
        if entry.owner_key and wanted.owner_key:
            return entry.owner_key == wanted.owner_key
        # Without a name on both sides only the same source tells that equal titles mean one thing.
        return entry.source == wanted.source


def is_other_item(entry: Entry, wanted: Entry) -> bool:
    """Two numbers in one edition of one source are two listings, whatever their titles."""
    is_same_list = entry.source == wanted.source and entry.edition == wanted.edition and bool(wanted.source)
    return is_same_list and bool(entry.item) and bool(wanted.item) and entry.item != wanted.item


def likeness(one: str, other: str) -> float:
    """Answer the Dice coefficient of the character pairs of two titles, 0 to 1."""
    first, second = bigrams(key_of(one)), bigrams(key_of(other))
    return 2 * len(first & second) / (len(first) + len(second))


def is_older(edition: str, than: str) -> bool:
    """Tell whether both editions name a year and the first is earlier."""
    years = [re.search(r"(?:19|20)\d\d", text) for text in (edition, than)]
    return all(years) and years[0][0] < years[1][0]


def wanted_entry(content: Content, batch: ImportBatch, line: int | None = None) -> Entry:
    """Describe what a line means in the terms by which listings are recognised."""
    fields = content.fields
    is_technology = batch.kind == ImportKind.TECHNOLOGIES
    return Entry(
        None,
        content.title,
        fields.get("organisation_id"),
        fields.get("owner_name" if is_technology else "organisation_name", ""),
        fields.get("source_catalogue" if is_technology else "source_file", ""),
        fields.get("source_edition", "") if is_technology else "",
        fields.get("source_item", ""),
        line,
    )


def technologies(batch: ImportBatch):
    rows = Technology.objects.exclude(origin=Origin.REFERENCE)
    if batch.organisation_id:
        rows = rows.filter(organisation=batch.organisation_id)
    for row in rows.values_list(
        "pk", "merged_into", "merged_into__organisation",
        "title", "organisation", "owner_name", "source_catalogue", "source_edition", "source_item",
    ).iterator(chunk_size=5000):  # fmt: skip
        pk, survivor, survivor_owner, *identity = row
        if survivor:
            yield Entry(survivor, *identity, merged_pk=pk, survivor_owner=survivor_owner)
        else:
            yield Entry(pk, *identity)


def demands(batch: ImportBatch):
    rows = Demand.objects.all()
    if batch.organisation_id:
        rows = rows.filter(organisation=batch.organisation_id)
    for row in rows.values_list(
        "pk", "title", "organisation", "organisation_name", "source_file", "source_item"
    ).iterator(chunk_size=5000):
        yield Entry(*row[:5], "", row[5])
