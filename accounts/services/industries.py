"""Finding an industry by what people type."""

import re

from django.db.models import Q, QuerySet

from accounts.models import Industry
from accounts.validators import to_half_width

_CODE = re.compile(r"[A-T]?\d{0,4}", re.IGNORECASE)


def find_industries(text: str, *, limit: int = 20) -> QuerySet[Industry]:
    """Return industries whose code starts with the text or whose name holds all its words, finest first.

    Codes are understood with or without the letter of their section ("2614" is C2614).
    """
    typed = to_half_width(text).replace("\0", "").strip()
    if not typed:
        return Industry.objects.none()
    if _CODE.fullmatch(typed):
        wanted = Q(code__istartswith=typed) | Q(code__regex=rf"^[A-T]{re.escape(typed)}")
    else:
        wanted = Q()
        for word in typed.split():
            wanted &= Q(name__icontains=word) | Q(code__iexact=word)
    return Industry.objects.filter(wanted).order_by("-level", "code")[:limit]


def match_industry(text: str) -> tuple[Industry | None, list[Industry]]:
    """Return the one industry meant, or None with those it could be: code, name or "code name" are accepted."""
    typed = to_half_width(text).strip()
    first = typed.split(maxsplit=1)[0] if typed else ""
    exact = list(Industry.objects.filter(Q(code__iexact=first) | Q(name=typed)).order_by("level")[:2])
    if exact:
        return exact[0], exact
    found = list(find_industries(typed, limit=8))
    return (found[0] if len(found) == 1 else None), found
