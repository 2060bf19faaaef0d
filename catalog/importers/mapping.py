"""Guess which field each column holds, from synonyms first and likeness after that."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import cache

from django.conf import settings
from django.utils.translation import override

from catalog.enums import ImportKind

from .demand_fields import DEMAND_FIELDS
from .fields import Field
from .technology_fields import TECHNOLOGY_FIELDS

FIELDS: dict[str, tuple[Field, ...]] = {
    ImportKind.TECHNOLOGIES: TECHNOLOGY_FIELDS,
    ImportKind.DEMANDS: DEMAND_FIELDS,
}
PARENTHESISED = re.compile(r"[(\[【][^()\[\]【】]*[)\]】]")
NUMBERING = re.compile(r"^(?:\d{1,2}|[一二三四五六七八九十]+)[.、)]\s*")
LEAST_LIKENESS = 0.55
SURE = 0.9


@dataclass(frozen=True)
class Guess:
    """The field a column seems to hold and how sure that is (0 to 1)."""

    field: str
    confidence: float

    @property
    def is_sure(self) -> bool:
        return self.confidence >= SURE


def heading_key(heading: str) -> str:
    """Reduce a heading to its words: no width, case, unit, numbering, required mark or punctuation."""
    text = unicodedata.normalize("NFKC", heading).lower().lstrip("* ")
    text = PARENTHESISED.sub("", NUMBERING.sub("", text))
    text = re.sub(r"[/,:]\s*(?:[万亿千]?元|tce(?:/a)?|%|年|吨标准?煤)$", "", text)
    return re.sub(r"[^\w\u4e00-\u9fff]+|必填|选填|_", "", text)


@cache
def synonyms(kind: str) -> dict[str, str]:
    """Map every known heading key to its field, whatever language a template was downloaded in.

    The first field that names a heading keeps it.
    """
    known: dict[str, str] = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for field in FIELDS[kind]:
                for heading in (str(field.label), *field.headings):
                    known.setdefault(heading_key(heading), field.name)
    return known


@cache
def field_named(kind: str, name: str) -> Field | None:
    return next((field for field in FIELDS[kind] if field.name == name), None)


@cache
def guesses(heading: str, kind: str) -> tuple[Guess, ...]:
    """Answer the fields a heading may mean, surest first."""
    parts = [part for part in re.split(r"\s/\s", heading) if heading_key(part)]
    keys = [heading_key(heading)] + ([heading_key(parts[-1])] if len(parts) > 1 else [])
    best: dict[str, float] = {}
    for rank, key in enumerate(key for key in keys if key):
        for known, name in synonyms(kind).items():
            score = likeness(key, known) - (0.08 if rank else 0)
            if score >= LEAST_LIKENESS and score > best.get(name, 0):
                best[name] = round(score, 3)
    return tuple(Guess(name, score) for name, score in sorted(best.items(), key=lambda item: -item[1]))


def likeness(key: str, known: str) -> float:
    """1 for equal keys, else the better of containment and the Dice coefficient of character pairs, below 0.9."""
    if key == known:
        return 1.0
    if min(len(key), len(known)) < 2:
        return 0.0
    score = 0.0
    if known in key or key in known:
        score = 0.5 + 0.39 * min(len(key), len(known)) / max(len(key), len(known))
    pairs, others = character_pairs(key), character_pairs(known)
    return max(score, 0.85 * 2 * len(pairs & others) / (len(pairs) + len(others)))


def character_pairs(text: str) -> set[str]:
    return {text[index : index + 2] for index in range(len(text) - 1)}


def heading_strength(text: str, kind: str) -> float:
    """How much a cell looks like a heading of this kind, 0 to 1."""
    if len(text) > 40:
        return 0.0
    found = guesses(text.replace("\n", ""), kind)
    return found[0].confidence if found else 0.0


def guess_mapping(headings: dict[int, str], kind: str) -> dict[int, Guess]:
    """Give each column at most one field and each field at most one column, surest pairs first."""
    pairs = [
        (guess.confidence, -index, index, guess)
        for index, heading in headings.items()
        for guess in guesses(heading, kind)
    ]
    mapping: dict[int, Guess] = {}
    taken: set[str] = set()
    first = {index: found[0].confidence for index, h in headings.items() if (found := guesses(h, kind))}
    for confidence, _order, index, guess in sorted(pairs, key=lambda pair: pair[:2], reverse=True):
        # A column whose own field is taken is left to the user rather than pushed into a poorer one.
        if index in mapping or confidence < first[index] - 0.1:
            continue
        field = field_named(kind, guess.field)
        if guess.field not in taken or (field.takes_several and guess.confidence == 1.0):
            mapping[index] = guess
            taken.add(guess.field)
    return mapping
