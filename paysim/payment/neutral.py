"""Budget-neutral amounts: set so that a payer expects to pay what it would pay under a reference arrangement."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import sqrt

import numpy as np

from paysim.model.contract import Arrangement, Contract
from paysim.model.errors import InputError
from paysim.model.neutrality import contracts_touched, holds_whole, neutral_amount, neutral_to, pays_anything
from paysim.model.population import Population
from paysim.model.terms import Term
from paysim.payment.ledger import Ledger
from paysim.payment.terms.capitation import weighted_heads
from paysim.payment.terms.seen import Pence, Year, grown, whole, years_within


@dataclass(frozen=True, slots=True)
class NeutralAmount:
    """One amount that was set, and how surely it is known.

    `annual_pence` is the sum a year, before any growth of the term, that pays over the run what is paid under the
    reference arrangement: the mean over the calibration replications, whose own values are `by_replication_pence`.
    `per_head_pence` is the sum a year per weighted head of a capitation, rounded to whole pence, so that what it pays
    in a year differs from `annual_pence` by up to half a penny a head, and `heads` are those heads; None for a block.
    """

    arrangement: str
    contract: str
    term: str
    payer: str
    payee: str
    annual_pence: int
    per_head_pence: int | None
    heads: Fraction | None
    by_replication_pence: tuple[Fraction, ...]

    @property
    def replications(self) -> int:
        """The number of calibration replications."""
        return len(self.by_replication_pence)

    @property
    def standard_error_pence(self) -> float | None:
        """The standard error of the mean over calibration replications; None where there is only one."""
        n = self.replications
        if n < 2:
            return None
        mean = sum(self.by_replication_pence, Fraction(0)) / n
        return sqrt(sum((value - mean) ** 2 for value in self.by_replication_pence) / (n - 1) / n)


NetPayments = Mapping[tuple[str, str], Pence]
"""What an organisation pays under a contract less what it receives under it, in pence by period."""


def net_payments(ledgers: Sequence[Ledger]) -> list[NetPayments]:
    """Return what each organisation pays under each contract, net of what it receives, for each ledger.

    Raises InputError without a ledger, or where they are not all of one arrangement and length.
    """
    if not ledgers or len({(ledger.arrangement, ledger.periods) for ledger in ledgers}) > 1:
        found = f"found {len(ledgers)} ledgers of {sorted({ledger.arrangement for ledger in ledgers})}"
        raise InputError("", "ledgers", found, "expected one a replication, all of the same arrangement and periods")
    return [_net_payments(ledger) for ledger in ledgers]


def _net_payments(ledger: Ledger) -> NetPayments:
    net: dict[tuple[str, str], Pence] = {}
    periods = len(ledger.periods)
    labels = (column[::periods].tolist() for column in (ledger.contract, ledger.payer, ledger.payee))
    for contract, payer, payee, pence in zip(*labels, ledger.amount_pence.reshape(-1, periods), strict=True):
        for organisation, sign in ((payer, 1), (payee, -1)):
            net[contract, organisation] = net.get((contract, organisation), 0) + sign * pence
    return net


def set_neutral(
    arrangement: Arrangement, reference: Arrangement, ledgers: Sequence[Ledger], population: Population
) -> tuple[Arrangement, tuple[NeutralAmount, ...]]:
    """Return an arrangement with every amount set that is neutral to the reference, and what was set.

    `ledgers` are the reference arrangement's, one for each calibration replication. A contract's amount, with the
    growth that its term puts on it, pays in the periods of its scope what its payer pays in them within the scope under
    the reference, less what it is paid back: the mean over replications. Where the payer pays nothing at all there (a
    lead provider, or a payer that is new), it is what all payees are paid within the scope by anyone, less what they
    pay on to each other. Amounts that are neutral to another arrangement stay as they are.

    Raises InputError where no contract of the reference lies within the scope, where one lies only partly within it,
    where a neutral amount is not the contract's only term, or where its growth leaves nothing of it.
    """
    payments, periods = net_payments(ledgers), len(ledgers[0].periods)
    contracts, amounts = [], []
    for contract in arrangement.contracts:
        if any(neutral_to(term) == reference.id for term in contract.terms):
            term, amount = _set_amount(arrangement, contract, reference, payments, periods, population)
            contract = replace(contract, terms=(term,))
            amounts.append(amount)
        contracts.append(contract)
    return replace(arrangement, contracts=tuple(contracts)), tuple(amounts)


def set_alone(arrangement: Arrangement, amounts: Sequence[NeutralAmount], replication: int) -> Arrangement:
    """Return an arrangement with the amounts that were set as one calibration replication alone would have set them.

    `arrangement` is as it was before; one without such amounts is returned itself. Pence are not rounded here, so that
    two replications differ by nothing but chance.
    """
    of_contract = {amount.contract: amount for amount in amounts if amount.arrangement == arrangement.id}
    if not of_contract:
        return arrangement
    contracts = []
    for contract in arrangement.contracts:
        if amount := of_contract.get(contract.id):
            pence = amount.by_replication_pence[replication] / (amount.heads or 1)
            contract = replace(contract, terms=(_with_amount(contract.terms[0], pence),))
        contracts.append(contract)
    return replace(arrangement, contracts=tuple(contracts))


def _with_amount(term: Term, pence: Fraction | int) -> Term:
    to_set = neutral_amount(term)
    assert to_set is not None
    return replace(term, **{to_set.parameter: pence})  # type: ignore[arg-type]


def _set_amount(
    arrangement: Arrangement,
    contract: Contract,
    reference: Arrangement,
    payments: Sequence[NetPayments],
    periods: int,
    population: Population,
) -> tuple[Term, NeutralAmount]:
    if len(contract.terms) > 1:
        found = f"found a budget-neutral amount beside {len(contract.terms) - 1} other terms"
        raise InputError("", _path(arrangement, contract), found, "expected it to be the contract's only term")
    within = _contracts_within(arrangement, contract, reference)
    paid = _paid(contract, pays_anything(contract, reference), within, payments, periods)
    term, per_head, heads = contract.terms[0], None, None
    years = _years_paid(term, years_within(contract.scope, periods))
    if not years and any(paid):
        found = "found growth that leaves nothing of a budget-neutral amount"
        raise InputError("", _path(arrangement, contract), found, "expected growth above -1 up to its first year")
    by_replication = [pence / (years or 1) for pence in paid]
    annual = sum(by_replication, Fraction(0)) / len(by_replication)
    to_set = neutral_amount(term)
    assert to_set is not None
    if to_set.per_head:
        heads = weighted_heads(population, term.weights, contract.scope)  # type: ignore[attr-defined]
        if heads <= 0:
            raise InputError("", _path(arrangement, contract), "found no weighted heads", "expected some to pay for")
        per_head = whole(annual / heads)
    term = _with_amount(term, whole(annual) if per_head is None else per_head)
    return term, NeutralAmount(
        arrangement=arrangement.id,
        contract=contract.id,
        term=term.id,
        payer=contract.payer,
        payee=contract.payee,
        annual_pence=whole(annual),
        per_head_pence=per_head,
        heads=heads,
        by_replication_pence=tuple(by_replication),
    )


def _years_paid(term: Term, years: Sequence[Year]) -> Fraction:
    """Return for how many years an amount is paid in all, each counted by what the term's growth makes of it."""
    growth = term.growth_of_neutral_amount()
    return sum((grown(growth, year.number) * year.share for year in years), Fraction(0))


def _paid(
    contract: Contract, by_payer: bool, within: Sequence[Contract], payments: Sequence[NetPayments], periods: int
) -> list[Fraction]:
    """Return what the contract's payer pays under these contracts, or all their payees are paid, by replication.

    Payments in the periods of the contract's scope count.
    """
    organisations, sign = ({contract.payer}, 1) if by_payer else ({other.payee for other in within}, -1)
    nothing = np.zeros(periods, dtype=np.int64)
    first, stop = contract.scope.periods or (0, periods)
    return [
        Fraction(
            sign
            * sum(
                int(of_one.get((other.id, organisation), nothing)[first:stop].sum())
                for other in within
                for organisation in organisations
            )
        )
        for of_one in payments
    ]


def _contracts_within(arrangement: Arrangement, contract: Contract, reference: Arrangement) -> list[Contract]:
    """Return the reference contracts that a contract stands in for."""
    candidates = contracts_touched(contract, reference)
    where = _path(arrangement, contract)
    if not candidates:
        pays = pays_anything(contract, reference)
        who = f"{contract.payer} pays nothing" if pays else "nobody pays anything"
        found = f"found that under arrangement {reference.id} {who} within the contract's scope"
        raise InputError("", where, found, "expected a scope that the reference pays for")
    for other in candidates:
        if not holds_whole(contract, other):
            found = f"found that contract {other.id} of arrangement {reference.id} lies only partly within its scope"
            raise InputError("", where, found, "expected a scope that holds the reference's contracts whole")
    return candidates


def _path(arrangement: Arrangement, contract: Contract) -> str:
    return f"arrangement.{arrangement.id}.contract.{contract.id}"
