"""Readmission rule: emergency readmissions within 30 days are not paid.

Source: Department of Health, Payment by Results guidance 2011/12 (readmissions after an elective stay) and 2012/13 (the
share that is not paid follows from a local clinical review); National Tariff Payment System 2017/18 and 2018/19,
section on the 30-day readmission rule. Excluded there: activity without national price, maternity, cancer, chemotherapy
and radiotherapy, children under four, self-discharge, transfers, renal dialysis, transplants, multiple trauma, and
transport accidents. Transfers are told by their moment, see `paysim.payment.readmissions`, and children by their age;
the rest are for the term's `exempt` codes.
"""

from dataclasses import replace

from paysim.model.contract import Contract
from paysim.model.exact import exact
from paysim.model.terms import ReadmissionRule, Tariff
from paysim.payment.terms.refusal import refusal
from paysim.payment.terms.seen import Flow, Seen
from paysim.payment.terms.tariff import valuation
from paysim.payment.valuation import Readmissions, Valuation


def readmission_rule(term: ReadmissionRule, seen: Seen) -> list[Flow]:
    """Return what is taken back: the unpaid share of what the tariff paid for readmissions, month by month."""
    return [seen.by_row(term, -exact(term.unpaid))]


def readmissions_valuation(term: ReadmissionRule, contract: Contract) -> Valuation:
    """Return the tariff's own valuation, of readmissions only. Raises InputError unless the term names a tariff."""
    tariff = next((other for other in contract.terms if other.id == term.tariff), None)
    if not isinstance(tariff, Tariff):
        raise refusal(term, contract, f"found {term.tariff!r}", "expected a tariff of the same contract")
    asked = Readmissions(term.within_days, term.currencies, term.after, term.exempt, term.youngest)
    return replace(valuation(tariff, contract), readmissions=asked)
