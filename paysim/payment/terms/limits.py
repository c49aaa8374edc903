"""What terms pay that limit earlier terms, or share what is spent above or below an expected sum.

Each pays the adjustment: what the earlier terms paid plus the adjustment is the limited sum. It is settled after the
year, and rounded once, to whole pence. Of an incomplete year at the end of a run, the months' share of floors,
ceilings, limits and expected sums counts.

Sources: HFMA, "Payment models: sharing the risk" (25 March 2019), on caps, collars and marginal rates in NHS contracts;
Strategy Unit, "Risk and reward sharing for NHS integrated care systems" (June 2018), on sharing what priced activity
is above or below an expected level. No national numbers are known: bands, shares and limits are agreed locally and have
no default. That a year is settled two months after it unless stated is an assumption.
"""

from collections.abc import Iterable, Sequence
from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.limits import Band, CapAndCollar, Corridor, CostShare, FloorAndCeiling, RiskShare
from paysim.payment.terms.kinds import Pay, Values
from paysim.payment.terms.seen import Flow, Seen, Year, sum_of_year


def floor_and_ceiling(term: FloorAndCeiling, seen: Seen) -> list[Flow]:
    """Return what brings a year's payments up to the floor or down to the ceiling.

    Adjustment = min(max(paid, floor), ceiling) - paid.
    """
    adjustments = []
    for year, paid in _paid_by_year(seen, term.of):
        limited = paid
        if term.floor is not None:
            limited = max(limited, sum_of_year(term.floor, year))
        if term.ceiling is not None:
            limited = min(limited, sum_of_year(term.ceiling, year))
        adjustments.append(limited - paid)
    return _settled(seen, adjustments, term.settled_after_months)


def cap_and_collar(term: CapAndCollar, seen: Seen) -> list[Flow]:
    """Return what brings a year's payments within the collar below and the cap above the expected sum.

    Adjustment = min(max(paid, expected x (1 - collar)), expected x (1 + cap)) - paid.
    """
    adjustments = []
    for year, paid in _paid_by_year(seen, term.of):
        expected = sum_of_year(term.expected, year)
        least, most = expected * (1 - exact(term.collar)), expected * (1 + exact(term.cap))
        adjustments.append(min(max(paid, least), most) - paid)
    return _settled(seen, adjustments, term.settled_after_months)


def corridor(term: Corridor, seen: Seen) -> list[Flow]:
    """Return what brings a year's payments to the expected sum and the payer's part of the deviation from it.

    Adjustment = expected + payer's part of what is above - payer's part of what is below - paid, where the payer's
    part is the sum over bands of the payer's share x what of the deviation falls into the band.
    """
    adjustments = []
    for year, paid in _paid_by_year(seen, term.of):
        expected = sum_of_year(term.expected, year)
        above, below = max(paid - expected, Fraction(0)), max(expected - paid, Fraction(0))
        limited = expected + payers_part(term.above, expected, above) - payers_part(term.below, expected, below)
        adjustments.append(limited - paid)
    return _settled(seen, adjustments, term.settled_after_months)


def payers_part(bands: Sequence[Band], expected: Fraction, deviation: Fraction) -> Fraction:
    """Return the payer's part of a deviation: its share in each band x what of the deviation falls into the band."""
    part = Fraction(0)
    for band in bands:
        begin = exact(band.over) * expected
        end = deviation if band.up_to is None else min(deviation, exact(band.up_to) * expected)
        part += exact(band.payer) * max(end - begin, Fraction(0))
    return part


def risk_share(term: RiskShare, seen: Seen) -> list[Flow]:
    """Return the payee's share of over- and underspends: what the payee gives back (below zero) or is paid.

    The payer has paid the overspend and holds the underspend, so adjustment = (1 - payer's share of an underspend) x
    underspend - (1 - payer's share of an overspend) x overspend, within the limit either way.
    """
    adjustments = []
    for year, paid in _paid_by_year(seen, term.of):
        deviation = paid - sum_of_year(term.expected, year)
        payee_share = 1 - exact(term.payer_over if deviation > 0 else term.payer_under)
        adjustments.append(_within(term.limit, year, -payee_share * deviation))
    return _settled(seen, adjustments, term.settled_after_months)


def cost_share(term: CostShare, seen: Seen) -> list[Flow]:
    """Return the payer's share of costs above the expected, or (below zero) of what costs fall short of it.

    The payee has borne the costs, so adjustment = payer's share of an overspend x overspend - payer's share of an
    underspend x underspend, within the limit either way.
    """
    owners = (seen.contract.payee,) if term.organisations is None else term.organisations
    adjustments = []
    for year, cost in zip(seen.years, seen.by_year(seen.cost(owners)), strict=True):
        deviation = cost - sum_of_year(term.expected, year)
        payer_share = exact(term.payer_over if deviation > 0 else term.payer_under)
        adjustments.append(_within(term.limit, year, payer_share * deviation))
    return _settled(seen, adjustments, term.settled_after_months)


def _paid_by_year(seen: Seen, names: Iterable[str]) -> list[tuple[Year, Fraction]]:
    return list(zip(seen.years, map(Fraction, seen.by_year(seen.paid_under(names))), strict=True))


def _within(limit: tuple[int, ...] | None, year: Year, amount: Fraction) -> Fraction:
    if limit is None:
        return amount
    most = sum_of_year(limit, year)
    return min(max(amount, -most), most)


def _settled(seen: Seen, by_year: Iterable[Fraction], after_months: int) -> list[Flow]:
    return [seen.to_payee(seen.at_year_ends(by_year), due=after_months)]


PAYMENT: dict[type, Pay] = {
    FloorAndCeiling: floor_and_ceiling,
    CapAndCollar: cap_and_collar,
    Corridor: corridor,
    RiskShare: risk_share,
    CostShare: cost_share,
}
VALUATION: dict[type, Values] = {}
