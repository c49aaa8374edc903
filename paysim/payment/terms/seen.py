"""What a term sees: its contract, the activity at its prices, and everything that was paid before it."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from itertools import accumulate
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.contract import Contract, Scope, stands_for
from paysim.model.errors import InputError
from paysim.model.exact import exact
from paysim.model.system import System
from paysim.model.terms import Term
from paysim.payment.terms.refusal import refusal

Pence = NDArray[np.int64]
"""Whole pence by period."""

PenceByResident = NDArray[np.int64]
"""Whole pence by resident and financial year: shape (residents, years)."""

Value = TypeVar("Value")

WHOLE = Fraction(1)


@dataclass(frozen=True, slots=True)
class ByRow:
    """How a flow pays row by row: a share of what each row comes to at the prices of a term of its contract."""

    prices_of: str
    share: Fraction


@dataclass(frozen=True, slots=True)
class Flow:
    """Money from payer to payee by period, in pence; below zero it flows back.

    A period's money moves `due` months after it: 0 for what is paid on account, more for what is settled afterwards.
    `by_row` says how it is made up of rows, None where it settles a total.
    """

    payer: str
    payee: str
    pence: Pence
    due: int = 0
    by_row: ByRow | None = None


@dataclass(frozen=True, slots=True)
class Paid:
    """A flow, the contract and term that it was paid under, and the places of the contract's scope (none: all)."""

    contract: str
    term: str
    flow: Flow
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Year:
    """A financial year, or as much of it as the run and the contract have: periods from `first` to before `stop`."""

    number: int
    first: int
    stop: int

    @property
    def start(self) -> int:
        """The period of its April."""
        return self.number * MONTHS_PER_YEAR

    @property
    def share(self) -> Fraction:
        """The part of twelve months that there is of it."""
        return Fraction(self.stop - self.first, MONTHS_PER_YEAR)


@dataclass(frozen=True, eq=False)
class Seen:
    """What a term's payment may depend on. Terms are pure: the same Seen always gives the same flows.

    `periods` is the number of months that the activity has, from April of the run's first financial year: 12 for one
    year, 36 for three. A flow has pence for each of them, whatever months the contract's scope has.

    `values` is what the contract's activity comes to at the prices of its terms that have any, by term: pence by
    period, for the whole population. `paid` are all flows of the arrangement so far, in order. Costs, measures, values
    `by_resident` and whatever else takes a pass over the activity are worked out when they are asked for.
    """

    system: System
    contract: Contract
    periods: int
    values: Mapping[str, Pence] = field(default_factory=dict)
    paid: tuple[Paid, ...] = ()
    activity: Activity | None = None
    cost_of_services: Callable[[], Mapping[str, Pence]] = dict
    measures: Callable[[], Mapping[str, tuple[Fraction | None, ...]]] = dict
    by_resident: Mapping[str, Callable[[], PenceByResident]] = field(default_factory=dict)

    @property
    def years(self) -> tuple[Year, ...]:
        """The financial years of the run in the contract's scope, as far as its periods go; the last may be incomplete.

        A year's number is that in the run, from 0, whatever the contract's first is.
        """
        return years_within(self.contract.scope, self.periods)

    def value(self, term: Term) -> Pence:
        """Return what the activity comes to at a term's prices, by period; raise InputError for a term without any."""
        if term.id not in self.values:
            expected = "expected one that is registered with its valuation, see paysim.register_term"
            raise refusal(term, self.contract, "found no value of its activity: the term has no prices", expected)
        return self.values[term.id]

    def paid_under(self, names: Iterable[str], payees: Iterable[str] | None = None) -> Pence:
        """Return the net pence that this contract's payer has paid under earlier terms, by period.

        Each name is 'term' for a term of this contract, else 'contract.term' or 'contract' for those of an earlier one.
        Of contracts that are written once for several places, those that share a place with this one count. All payees
        count unless some are given; what they pay back to the payer counts against it.
        """
        total = np.zeros(self.periods, dtype=np.int64)
        wanted = None if payees is None else set(payees)
        for flow in self._paid_under(names):
            if flow.payer == self.contract.payer and (wanted is None or flow.payee in wanted):
                total += flow.pence
            elif flow.payee == self.contract.payer and (wanted is None or flow.payer in wanted):
                total -= flow.pence
        return total

    def received(self, organisation: str, names: Iterable[str]) -> dict[int, Pence]:
        """Return the net pence that an organisation has received under earlier terms, by period.

        Names are as in `paid_under`; what the organisation pays under them counts against it. What is due at once and
        what is settled afterwards stand apart, by the months that they are due after their period.
        """
        total: dict[int, Pence] = {}
        for flow in self._paid_under(names):
            sign = (flow.payee == organisation) - (flow.payer == organisation)
            if sign:
                total[flow.due] = total.get(flow.due, np.zeros(self.periods, dtype=np.int64)) + sign * flow.pence
        return total

    def cost(self, organisations: Iterable[str]) -> Pence:
        """Return what the services of some organisations cost, by period.

        Raises InputError for an organisation that the system has not.
        """
        owners, costs = set(organisations), self.cost_of_services()
        for unknown in owners - self.system.organisations.keys():
            raise _unknown(f"seen.cost of {unknown!r}", "organisations of the system", self.system.organisations)
        total = np.zeros(self.periods, dtype=np.int64)
        for service in self.system.services.values():
            if service.organisation in owners:
                total += costs[service.id]
        return total

    def measured(self, measure: str) -> tuple[Fraction | None, ...]:
        """Return the value of a measure by the number of the financial year, None where nothing was observed.

        Raises InputError for a measure that no term of the contract names among its parameters.
        """
        measures = self.measures()
        if measure not in measures:
            raise _unknown(f"seen.measured({measure!r})", "a measure that a term of the contract names", measures)
        return measures[measure]

    def values_by_resident(self, term: str) -> PenceByResident:
        """Return what the contract's activity of each resident comes to at the prices of the term of this id, by year.

        Pence are of the rows that were seen, so a sample's are not scaled up to the population. Residents without any
        activity may be left out. It takes a pass over the activity, so only terms that need it should call it. Raises
        InputError for an id that no term with prices has.
        """
        if term not in self.by_resident:
            called = f"seen.values_by_resident({term!r})"
            raise _unknown(called, "the id of a term of the contract with prices", self.by_resident)
        return self.by_resident[term]()

    def by_year(self, pence: Pence) -> list[int]:
        """Return the sum of each of `years`."""
        return [int(pence[year.first : year.stop].sum()) for year in self.years]

    def to_payee(self, pence: Pence, due: int = 0) -> Flow:
        """Return a flow from the contract's payer to its payee."""
        return Flow(self.contract.payer, self.contract.payee, pence, due)

    def by_row(self, term: Term, share: Fraction = WHOLE) -> Flow:
        """Return a flow that pays for each row a share of what it comes to at a term's prices, rounded by period.

        So it is known what every single row was paid. A share below zero takes back.
        """
        flow = self.to_payee(share_of_each(self.value(term), share))
        return replace(flow, by_row=ByRow(term.id, share))

    def at_year_ends(self, by_year: Iterable[Fraction | int]) -> Pence:
        """Return annual amounts of pence, each rounded once (halves up), in the last period of its year."""
        pence = np.zeros(self.periods, dtype=np.int64)
        for year, amount in zip(self.years, by_year, strict=True):
            pence[year.stop - 1] = whole(amount)
        return pence

    def in_instalments(self, by_year: Iterable[Fraction | int]) -> Pence:
        """Return full years' amounts of pence, each rounded once (halves up), in equal monthly instalments.

        Month m of a year gets the m-th difference of the rounded running total, so twelve add up to the year's amount
        and none differs from another by more than a penny. Of an incomplete year, the months there are get theirs.
        """
        pence = np.zeros(self.periods, dtype=np.int64)
        for year, amount in zip(self.years, by_year, strict=True):
            annual = whole(amount)
            months = range(year.first - year.start, year.stop - year.start + 1)
            totals = [(annual * month * 2 + 12) // 24 for month in months]
            pence[year.first : year.stop] = np.diff(np.array(totals, dtype=np.int64))
        return pence

    def by_running_total(self, amounts: Iterable[Fraction | int], share: Fraction = WHOLE) -> Pence:
        """Return a share of an amount for each period, rounded by the running total of its year (halves up).

        So a year's pence add up to the year's amounts rounded once, and no period is off by more than a penny.
        """
        exact_amounts = list(amounts)
        pence = np.zeros(self.periods, dtype=np.int64)
        for year in self.years:
            totals = [0, *(whole(total, share) for total in accumulate(exact_amounts[year.start : year.stop]))]
            pence[year.first : year.stop] = np.diff(np.array(totals, dtype=np.int64))[year.first - year.start :]
        return pence

    def _paid_under(self, names: Iterable[str]) -> Iterator[Flow]:
        """Yield the flows that were paid under what the names stand for, as this contract sees it, each once.

        A term of this contract has its name to itself, even where an earlier contract is called the same.
        """
        own = {paid.term for paid in self.paid if paid.contract == self.contract.id}
        wanted = set(names)
        of_others = wanted - own
        for paid in self.paid:
            if paid.contract == self.contract.id:
                named = paid.term in wanted
            else:
                near = not paid.places or bool(set(paid.places) & set(self.contract.scope.places))
                named = near and any(stands_for(name, paid.contract, paid.term) for name in of_others)
            if named:
                yield paid.flow


def _unknown(call: str, wanted: str, known: Iterable[str]) -> InputError:
    """Return the exception for a name that a term asks for in vain; who settles says which term it is."""
    return InputError("", "", f"found {call}", f"expected {wanted}: {', '.join(known) or 'there is none'}")


def years_within(scope: Scope, periods: int) -> tuple[Year, ...]:
    """Return the financial years of a run of so many months in a scope, as far as its periods go."""
    first, stop = scope.periods or (0, periods)
    spans = [
        (max(start, first), min(start + MONTHS_PER_YEAR, stop, periods)) for start in range(0, periods, MONTHS_PER_YEAR)
    ]
    return tuple(Year(number, *span) for number, span in enumerate(spans) if span[0] < span[1])


def whole(pence: Fraction | int, share: Fraction = WHOLE) -> int:
    """Return an amount, or a share of it, as whole pence, halves up."""
    numerator, denominator = pence.numerator * share.numerator, pence.denominator * share.denominator
    return (2 * numerator + denominator) // (2 * denominator)


def of_year(by_year: tuple[Value, ...], year: int) -> Value:
    """Return a year's value of a parameter by year; the last one holds on."""
    return by_year[min(year, len(by_year) - 1)]


def grown(by_year: tuple[float, ...], year: int) -> Fraction:
    """Return what a growth by year makes of 1 by some year: the product of 1 + growth up to and with that year."""
    product = Fraction(1)
    for number in range(year + 1):
        product *= 1 + exact(of_year(by_year, number))
    return product


def whole_each(pence: Pence, share: Fraction) -> Pence:
    """Return each period's pence times a share, rounded once, halves up."""
    return np.array([whole(each, share) for each in pence.tolist()], dtype=np.int64)


def share_of_each(pence: Pence, share: Fraction) -> Pence:
    """Return a share of each amount; what is taken back, a share below zero, is rounded as if it were paid."""
    if share == WHOLE:
        return pence.copy()
    return whole_each(pence, share) if share >= 0 else -whole_each(pence, -share)


def sum_of_year(by_year: tuple[int, ...], year: Year) -> Fraction:
    """Return a year's sum of a parameter by year, in pence, as much of it as the run has of the year."""
    return of_year(by_year, year.number) * year.share
