"""What: the technology library, the demand library and what classifies them."""

from catalog.models.demands import Demand, DemandEnergyUse, DemandQuantity
from catalog.models.imports import ImportBatch, ImportRow
from catalog.models.merging import DistinctPair, TechnologyMerge
from catalog.models.taxonomies import EnergyCarrier, EnergySystem
from catalog.models.technologies import Technology, TechnologyCase, TechnologyCondition, TechnologyDocument

__all__ = [
    "Demand",
    "DemandEnergyUse",
    "DemandQuantity",
    "DistinctPair",
    "EnergyCarrier",
    "EnergySystem",
    "ImportBatch",
    "ImportRow",
    "Technology",
    "TechnologyCase",
    "TechnologyCondition",
    "TechnologyDocument",
    "TechnologyMerge",
]
