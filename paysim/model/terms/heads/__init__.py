"""Terms that pay by the head: general practice, whole populations, and the limits and parts of such payments."""

from paysim.model.terms.heads.general_practice import (
    GlobalSum,
    ListCount,
    QofIndicator,
    QualityAndOutcomesFramework,
    RegisteredListCapitation,
)
from paysim.model.terms.heads.population import (
    CarveOut,
    StopLossBand,
    StopLossForOutliers,
    SubCapitation,
    WholePopulationAnnualPayment,
)
from paysim.model.terms.term import Term

KINDS: tuple[type[Term], ...] = (
    GlobalSum,
    RegisteredListCapitation,
    QualityAndOutcomesFramework,
    WholePopulationAnnualPayment,
    StopLossForOutliers,
    SubCapitation,
)

__all__ = [
    "KINDS",
    "CarveOut",
    "GlobalSum",
    "ListCount",
    "QofIndicator",
    "QualityAndOutcomesFramework",
    "RegisteredListCapitation",
    "StopLossBand",
    "StopLossForOutliers",
    "SubCapitation",
    "WholePopulationAnnualPayment",
]
