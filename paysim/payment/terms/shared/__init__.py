"""What shared results pay: savings and losses against a target, shared."""

from paysim.model.terms.shared import (
    AcoReach,
    AlternativeQualityContract,
    EpisodeBundle,
    GainLossShare,
    MedicareSharedSavings,
)
from paysim.payment.terms.kinds import Pay, Values
from paysim.payment.terms.shared.bundle import episode_bundle
from paysim.payment.terms.shared.gain_share import gain_loss_share
from paysim.payment.terms.shared.medicare import medicare_shared_savings
from paysim.payment.terms.shared.quality_contract import alternative_quality_contract
from paysim.payment.terms.shared.reach import aco_reach

PAYMENT: dict[type, Pay] = {
    GainLossShare: gain_loss_share,
    MedicareSharedSavings: medicare_shared_savings,
    AcoReach: aco_reach,
    AlternativeQualityContract: alternative_quality_contract,
    EpisodeBundle: episode_bundle,
}
VALUATION: dict[type, Values] = {}
