"""Whether an arrangement pays for everything, and for nothing twice."""

from collections.abc import Mapping, Sequence
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from paysim.config.check.reach import Residents, Served
from paysim.config.document import Document
from paysim.config.resolve.kinds_of_resident import kind_of_resident
from paysim.model.calendar import MONTHS_PER_YEAR, period_labels
from paysim.model.contract import Arrangement, Contract
from paysim.model.system import System

Span = tuple[int, int]
"""Periods from one to before another."""


def check_payment(
    document: Document, system: System, arrangement: Arrangement, served: Served, reached: Mapping[str, Residents]
) -> None:
    """Raise InputError unless exactly one contract pays each organisation for all that occurs.

    Contracts with other payees may cover the same activity: a lead provider is paid for what it pays others for. So may
    contracts that only settle what others have paid.
    """
    by_payee: dict[str, list[Contract]] = {}
    for contract in arrangement.contracts:
        if not contract.only_settles:
            for payee in contract.paid:
                by_payee.setdefault(payee, []).append(contract)
    for (service, place), steps in served.items():
        organisation = system.services[service].organisation
        there = [
            contract
            for contract in by_payee.get(organisation, ())
            if service in contract.scope.services and place in contract.scope.places
        ]
        activity = f"{organisation!r} for service {service!r} and residents of {place!r}"
        paying, detail, step = there, "", steps[0]
        if any(contract.scope.narrowed for contract in there):
            wrong = _wrongly_paid(system, there, place, steps, reached)
            if wrong is None:
                continue
            paying, detail, step = wrong
        path = ("arrangement", arrangement.id)
        if not paying:
            found = f"no contract pays {activity}{detail} (step {step!r})"
            raise document.refuse(path, found, "expected exactly one")
        if len(paying) > 1:
            found = f"contracts {', '.join(repr(contract.id) for contract in paying)} all pay {activity}{detail}"
            raise document.refuse(path, found, "expected exactly one")


def _wrongly_paid(
    system: System, contracts: Sequence[Contract], place: str, steps: Sequence[str], reached: Mapping[str, Residents]
) -> tuple[list[Contract], str, str] | None:
    """Return the contracts that pay for some activity, unless it is one; which activity, and its step."""
    years = system.study.years * MONTHS_PER_YEAR
    row = system.population.places.index(place)
    for step in steps:
        pathway = step.partition(".")[0]
        candidates = [each for each in contracts if each.scope.pathways is None or pathway in each.scope.pathways]
        spans = _spans(candidates, years)
        paid = sum((_paid(each, row, spans, system) for each in candidates), start=_nothing(spans, system))
        expected = reached[step][row][:, None] & np.array([first < years for first, _ in spans])
        wrong = np.argwhere(reached[step][row][:, None] & ((paid > 1) | (expected & (paid == 0))))
        if len(wrong):
            profile, number = (int(index) for index in wrong[0])
            paying = [each for each in candidates if _paid(each, row, spans, system)[profile, number]]
            who = kind_of_resident(system.population, row, profile).partition(", ")[2]
            month = period_labels(system.start, spans[number][0] + 1)[-1]
            return paying, f" ({who}; pathway {pathway!r}; from {month})", step
    return None


def _spans(contracts: Sequence[Contract], years: int) -> list[Span]:
    """Return the spans of periods in which the same contracts pay: those of the study, and what contracts name."""
    cuts = {0, years, *(period for each in contracts if each.scope.periods for period in each.scope.periods)}
    return list(pairwise(sorted(cuts)))


def _nothing(spans: Sequence[Span], system: System) -> NDArray[np.int64]:
    return np.zeros((system.population.profiles, len(spans)), dtype=np.int64)


def _paid(contract: Contract, place: int, spans: Sequence[Span], system: System) -> NDArray[np.int64]:
    """Return 1 for every profile and span that a contract pays for, 0 for the others."""
    paid, scope = _nothing(spans, system), contract.scope
    then = [scope.periods is None or (scope.periods[0] <= first and stop <= scope.periods[1]) for first, stop in spans]
    who = True if scope.residents is None else scope.residents[place][:, None] > 0
    paid[:] = np.array(then) & who
    return paid
