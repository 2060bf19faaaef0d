"""Industries typed by name or code."""

import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from accounts.models import Industry
from catalog.importers.choice_synonyms import INDUSTRY_SYNONYMS
from catalog.importers.choices import ChoiceIndex, split_list
from catalog.importers.problems import ValueProblem

CODE = re.compile(r"[A-Za-z]\d{2,4}")


def industries_named(text: str) -> list[Industry]:
    """Return the industries of a typed list, parted by 、 or ；; raise a ValidationError with likely names.

    A name that holds 、 itself is understood when it stands alone or between ；.
    """
    index = ChoiceIndex(
        Industry.objects.values_list("code", "name"), label=_("行业分类"), synonyms=INDUSTRY_SYNONYMS
    )
    codes = []
    try:
        for piece in filter(None, re.split(r"\s*[；;\n]\s*", text.strip())):
            if len(CODE.findall(piece)) > 1:
                codes += [index.parse_one(part) for part in split_list(piece)]
            else:
                codes += index.parse_many(piece)
    except ValueProblem as problem:
        raise ValidationError(f"{problem}{problem.example}") from problem
    return list(Industry.objects.filter(code__in=codes))


def industries_text(industries) -> str:
    """Return industries so that `industries_named` reads them back as the same."""
    return "；".join(str(industry) for industry in industries)
