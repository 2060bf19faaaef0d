"""Parts and reasons of a recommendation in a column of text: half a million rows are written in one night.

In Python they are what the engine's `to_dict` gives. Stored are lists without the names of their fields, and without
what says nothing; numbers of parts have nine digits.
"""

import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from django.db import models

DIGITS = 9
_encode = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


def pack_parts(parts: Iterable[Mapping[str, Any]]) -> str:
    """Return the parts of a score as text.

    >>> pack_parts([{"name": "title", "value": 0.5, "contribution": 1 / 16}, {"name": "cases", "value": None}])
    '[["title",0.5,0.0625],["cases"]]'
    """
    packed = []
    for part in parts:
        value, contribution = part["value"], part.get("contribution", 0)
        if value is not None:
            packed.append([part["name"], round(value, DIGITS), round(contribution, DIGITS)])
        elif contribution:
            packed.append([part["name"], None, round(contribution, DIGITS)])
        else:
            packed.append([part["name"]])
    return _encode(packed)


def unpack_parts(text: str) -> list[dict[str, Any]]:
    """Return the parts that `pack_parts` packed.

    >>> unpack_parts('[["title",0.5,0.0625],["cases"]]')[1]
    {'name': 'cases', 'value': None, 'contribution': 0.0}
    """
    return [
        {"name": name, "value": numbers[0], "contribution": numbers[1]}
        if numbers
        else {"name": name, "value": None, "contribution": 0.0}
        for name, *numbers in json.loads(text)
    ]


def pack_reasons(reasons: Iterable[Mapping[str, Any]]) -> str:
    """Return reasons as text.

    >>> reason = {"code": "cases", "verdict": "fits", "params": {"count": 2}, "uses": [], "missing": None, "is_hard": False}
    >>> pack_reasons([reason]), unpack_reasons(pack_reasons([reason])) == [reason]
    ('[["cases","fits",{"count":2}]]', True)
    """
    packed = []
    for reason in reasons:
        row = [reason["code"], reason["verdict"], reason["params"]]
        if reason["is_hard"]:
            row += [reason["uses"], reason["missing"], True]
        elif reason["missing"]:
            row += [reason["uses"], reason["missing"]]
        elif reason["uses"]:
            row.append(reason["uses"])
        packed.append(row)
    return _encode(packed)


def unpack_reasons(text: str) -> list[dict[str, Any]]:
    """Return the reasons that `pack_reasons` packed."""
    return [_reason(*row) for row in json.loads(text)]


def _reason(code, verdict, params, uses=(), missing=None, is_hard=False) -> dict[str, Any]:
    return {
        "code": code,
        "verdict": verdict,
        "params": params,
        "uses": list(uses),
        "missing": missing,
        "is_hard": is_hard,
    }


class PackedField(models.TextField):
    """A list of dictionaries, stored as packed text."""

    pack: Callable
    unpack: Callable

    def from_db_value(self, value, expression, connection):
        return value if value is None else type(self).unpack(value)

    def to_python(self, value):
        return type(self).unpack(value) if isinstance(value, str) else value

    def get_prep_value(self, value):
        return value if value is None or isinstance(value, str) else type(self).pack(value)

    def value_to_string(self, obj):
        return self.get_prep_value(self.value_from_object(obj))


class PartsField(PackedField):
    """Parts of a score."""

    pack = staticmethod(pack_parts)
    unpack = staticmethod(unpack_parts)


class ReasonsField(PackedField):
    """Reasons of a pair."""

    pack = staticmethod(pack_reasons)
    unpack = staticmethod(unpack_reasons)
