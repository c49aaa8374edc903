"""Whole population annual payment: one sum for all care of a population.

Source: NHS England, "ACO Contract: Finance and payment approach for ACOs" (document 7, August 2017): an integrated
budget set from what was spent on the services in scope, with growth and efficiency; services that stay outside the
contract, such as general practice under contracts of its own, are carved out.
"""

from fractions import Fraction

from paysim.model.exact import exact
from paysim.model.terms.heads import WholePopulationAnnualPayment
from paysim.payment.terms.heads.lists import weighted_list
from paysim.payment.terms.seen import Flow, Seen, grown, of_year


def whole_population_annual_payment(term: WholePopulationAnnualPayment, seen: Seen) -> list[Flow]:
    """Return what is paid for a whole population: base spend by head, grown, less what is carved out, in twelfths.

    base per head x weighted residents x growth of population x growth per head x (1 - efficiency), each year by year,
    - carve-outs, - what the payer pays elsewhere, in the months in which it does so and due when that is due.

    The annual sum is rounded once. Below zero, the payee pays the difference back.
    """
    base = term.base_per_head * weighted_list(seen, term.weights)
    grow = sum(each.annual for each in term.carve_outs if each.grows)
    stay = sum(each.annual for each in term.carve_outs if not each.grows)
    annual = seen.in_instalments((base - grow) * factor(term, year.number) - stay for year in seen.years)
    elsewhere = seen.received(seen.contract.payer, term.paid_elsewhere)
    return [
        seen.to_payee(annual),
        *(seen.to_payee(seen.by_running_total(pence.tolist()), due) for due, pence in elsewhere.items()),
    ]


def factor(term: WholePopulationAnnualPayment, year: int) -> Fraction:
    """Return what growth and efficiency have made of 1 by a financial year of the run."""
    efficient = Fraction(1)
    for number in range(year + 1):
        efficient *= 1 - exact(of_year(term.efficiency, number))
    return grown(term.population_growth, year) * grown(term.growth, year) * efficient
