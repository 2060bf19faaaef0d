"""The lists of the database against which cells are checked."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import override

from accounts.models import Industry
from catalog.enums import CooperationMode, DemandSource, EvidenceLevel
from catalog.models import EnergyCarrier, EnergySystem

from .choice_synonyms import (
    CARRIER_SYNONYMS,
    COOPERATION_SYNONYMS,
    DEMAND_SOURCE_SYNONYMS,
    EVIDENCE_SYNONYMS,
    INDUSTRY_SYNONYMS,
    SYSTEM_SYNONYMS,
)
from .choices import ChoiceIndex
from .values import Choices


@dataclass(frozen=True)
class Lists:
    """Choices for reading cells and, for each list kept in the database, the primary key of every code."""

    choices: Choices
    keys: dict[str, dict[str, int]]


def load_lists() -> Lists:
    """Read the lists once for a whole batch (three queries)."""
    industries = list(Industry.objects.values_list("code", "name", "pk"))
    systems = list(EnergySystem.objects.values_list("code", "name", "pk"))
    carriers = list(EnergyCarrier.objects.values_list("code", "name", "pk"))
    pairs = [[(code, name) for code, name, _key in rows] for rows in (industries, systems, carriers)]
    # Officials write industry codes with and without the letter of the section.
    bare = {code: (code[1:],) for code, _name in pairs[0] if len(code) > 2 and code[1:].isdigit()}
    synonyms = {
        code: (*INDUSTRY_SYNONYMS.get(code, ()), *bare.get(code, ())) for code in bare | INDUSTRY_SYNONYMS
    }
    choices = Choices(
        industries=ChoiceIndex(pairs[0], label=_("国民经济行业分类（GB/T 4754-2017）"), synonyms=synonyms),
        systems=ChoiceIndex(pairs[1], label=_("用能系统"), synonyms=SYSTEM_SYNONYMS),
        carriers=ChoiceIndex(pairs[2], label=_("能源品种"), synonyms=CARRIER_SYNONYMS),
        cooperation=choice_index(CooperationMode, _("合作方式"), COOPERATION_SYNONYMS),
        evidence=choice_index(EvidenceLevel, _("证据等级"), EVIDENCE_SYNONYMS),
        demand_source=choice_index(DemandSource, _("需求来源"), DEMAND_SOURCE_SYNONYMS),
    )
    keys = {
        "industries": {code: key for code, _name, key in industries},
        "systems": {code: key for code, _name, key in systems},
        "carriers": {code: key for code, _name, key in carriers},
    }
    return Lists(choices, keys)


def choice_index(choices, label: str, synonyms: dict) -> ChoiceIndex:
    """Know the entries of an enumeration by their names in every language: templates offer those of the reader."""
    entries = [(value, str(name)) for value, name in choices.choices]
    known = {value: list(synonyms.get(value, ())) for value in choices.values}
    for language, _name in settings.LANGUAGES:
        with override(language):
            for value, name in choices.choices:
                known[value].append(str(name))
    return ChoiceIndex(entries, label=label, synonyms=known)
