"""What terms pay: by the head, for lists, populations and parts of them."""

from paysim.model.terms.heads import (
    GlobalSum,
    QualityAndOutcomesFramework,
    RegisteredListCapitation,
    StopLossForOutliers,
    SubCapitation,
    WholePopulationAnnualPayment,
)
from paysim.payment.terms.heads.global_sum import global_sum
from paysim.payment.terms.heads.quality_and_outcomes_framework import quality_and_outcomes_framework
from paysim.payment.terms.heads.registered_list_capitation import registered_list_capitation
from paysim.payment.terms.heads.stop_loss_for_outliers import stop_loss_for_outliers
from paysim.payment.terms.heads.sub_capitation import sub_capitation
from paysim.payment.terms.heads.whole_population_annual_payment import whole_population_annual_payment
from paysim.payment.terms.kinds import Pay, Values
from paysim.payment.valuation import at_its_prices

PAYMENT: dict[type, Pay] = {
    GlobalSum: global_sum,
    RegisteredListCapitation: registered_list_capitation,
    QualityAndOutcomesFramework: quality_and_outcomes_framework,
    WholePopulationAnnualPayment: whole_population_annual_payment,
    StopLossForOutliers: stop_loss_for_outliers,
    SubCapitation: sub_capitation,
}
VALUATION: dict[type, Values] = {StopLossForOutliers: at_its_prices}
