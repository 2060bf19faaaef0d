"""Conditions of the plant that stand in what was written, offered for the rows of the demand form."""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _

from catalog.enums import Quantity
from catalog.forms.demand_rows import MOST_ROWS, bounds_text
from catalog.models import Demand
from catalog.signals import quantities_asked

TEXT_FIELDS = ("title", "problem", "process")
FILL = "fill"
"""Action of the button that fills in everything; "fill:" with a code fills in one quantity."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A quantity read from the texts: the value as it can be typed, and the passage it was read from."""

    code: str
    amount: str
    passage: str
    is_sure: bool

    @property
    def sentence(self):
        name, unit, _end = re.split(r"\s*[（(]|[）)]", str(Quantity(self.code).label), maxsplit=2)
        values = {"name": name, "amount": f"{self.amount} {unit}", "passage": self.passage}
        if self.is_sure:
            return _("%(name)s：%(amount)s（原文“%(passage)s”）") % values
        return _("可能是%(name)s：%(amount)s（原文“%(passage)s”，请核对）") % values

    @property
    def action(self):
        return f"{FILL}:{self.code}"


def suggestions(texts: Mapping[str, str], *, filled=()) -> list[Suggestion]:
    """Return what the texts say of quantities that are not filled in yet; nobody listening means nothing read."""
    texts = {name: texts.get(name) or "" for name in TEXT_FIELDS}
    if not any(texts.values()):
        return []
    found = {}
    for _receiver, readings in quantities_asked.send(Demand, texts=texts):
        found |= {each.code: each for each in readings}
    return [
        Suggestion(code, bounds_text(each.minimum, each.maximum), each.text, each.is_sure)
        for code, each in found.items()
        if code not in filled
    ]


def texts_of(form) -> dict[str, str]:
    """Return the texts that a demand form shows."""
    return {name: form[name].value() or "" for name in TEXT_FIELDS}


def filled_codes(form) -> set[str]:
    """Return the quantities that the rows of a demand form hold."""
    return {code for row in form.conditions.forms if (code := row["quantity"].value())}


def with_filled(data, action: str):
    """Return posted data with the suggestions that a button asks for put into empty rows.

    `action` is FILL for all of them, FILL:code for one. Rows that hold something stay as they are.
    """
    total = data.get("conditions-TOTAL_FORMS", "")
    if not total.isdecimal():
        return data
    data = data.copy()
    rows = list(range(min(int(total), MOST_ROWS)))
    filled = {data.get(f"conditions-{row}-quantity") for row in rows} - {"", None}
    empty = [
        row
        for row in rows
        if not data.get(f"conditions-{row}-quantity") and not data.get(f"conditions-{row}-amount")
    ]
    wanted = action.removeprefix(FILL).removeprefix(":")
    for suggestion in suggestions(data, filled=filled):
        if wanted and suggestion.code != wanted:
            continue
        row = empty.pop(0) if empty else len(rows)
        if row >= MOST_ROWS:
            break
        if row == len(rows):
            rows.append(row)
        data[f"conditions-{row}-quantity"] = suggestion.code
        data[f"conditions-{row}-amount"] = suggestion.amount
    data["conditions-TOTAL_FORMS"] = str(len(rows))
    return data
