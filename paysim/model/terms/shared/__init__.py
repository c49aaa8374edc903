"""Shared results: terms that share what is saved, or overspent, against a target."""

from paysim.model.terms.shared.bundle import EpisodeBundle
from paysim.model.terms.shared.gain_share import Band, GainLossShare
from paysim.model.terms.shared.medicare import MedicareSharedSavings
from paysim.model.terms.shared.quality_contract import AlternativeQualityContract, Gate
from paysim.model.terms.shared.reach import AcoReach
from paysim.model.terms.term import Term

KINDS: tuple[type[Term], ...] = (
    GainLossShare,
    MedicareSharedSavings,
    AcoReach,
    AlternativeQualityContract,
    EpisodeBundle,
)

__all__ = [
    "KINDS",
    "AcoReach",
    "AlternativeQualityContract",
    "Band",
    "EpisodeBundle",
    "GainLossShare",
    "Gate",
    "MedicareSharedSavings",
]
