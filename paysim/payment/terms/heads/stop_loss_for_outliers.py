"""Stop-loss for outliers: the payer bears a share of what single residents cost above an attachment point.

Source: Centers for Medicare and Medicaid Services, ACO REACH Model: Financial Methodology Updates (webinar, 28
March 2022), on residual stop-loss reinsurance. Bands and a charge per head are the general form of such reinsurance.
"""

from fractions import Fraction
from itertools import pairwise

import numpy as np

from paysim.model.exact import exact
from paysim.model.terms.heads import StopLossForOutliers
from paysim.payment.terms.heads.lists import weighted_list
from paysim.payment.terms.seen import Flow, PenceByResident, Seen, whole


def stop_loss_for_outliers(term: StopLossForOutliers, seen: Seen) -> list[Flow]:
    """Return what a stop-loss pays: for each resident and year, the payer's share of the value within each band.

    A band reaches from its attachment point to the next one. In a year of which the run has a part, attachment points
    count in that part, rounded to whole pence. The year's payment is rounded once, and scaled from a sample to the
    population. The charge for the cover is paid back monthly.
    """
    values = seen.values_by_resident(term.id)
    weight = Fraction(1) if seen.activity is None else Fraction(seen.activity.weight)
    by_year = []
    for year in seen.years:
        points = [whole(band.above * year.share) for band in term.bands]
        in_bands = values_within(values[:, year.number], points)
        shares = (exact(band.payer_share) for band in term.bands)
        by_year.append(weight * sum(share * value for share, value in zip(shares, in_bands, strict=True)))
    paid = seen.to_payee(seen.at_year_ends(by_year), due=term.settled_after_months)
    if not term.charge_per_head:
        return [paid]
    charge = seen.in_instalments(term.charge_per_head * weighted_list(seen) for _ in seen.years)
    return [Flow(seen.contract.payee, seen.contract.payer, charge), paid]


def values_within(of_residents: PenceByResident, points: list[int]) -> list[int]:
    """Return what residents' values come to in each band from one point to the next, and above the last one."""
    above = [int(np.maximum(of_residents - point, 0).sum()) for point in points]
    return [each - further for each, further in pairwise([*above, 0])]
