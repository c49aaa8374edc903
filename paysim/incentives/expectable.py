"""What expected values cannot tell, refused before anything is worked out."""

from collections.abc import Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from paysim.model.contract import Arrangement
from paysim.model.errors import InputError
from paysim.model.pathway import Branch, Step
from paysim.model.system import System
from paysim.payment.lookups import NONE
from paysim.payment.prices import NO_TRIM_POINT, UNPRICED, Priced
from paysim.payment.rows_needed import looks_at_rows
from paysim.payment.survey import Sorts
from paysim.payment.terms import VALUATION
from paysim.simulation.traffic import expected_rows

_EXPECTED = "expected none, since expected values cannot tell: simulate instead"


def refuse_system(system: System) -> None:
    """Raise InputError where residents' need changes, beds are kept during delays, or episodes might never end."""
    if system.need is not None:
        raise InputError("", "need", "found residents whose need changes, or who die", _EXPECTED)
    for step in system.steps.values():
        if any(branch.holds and branch.to is not None and branch.delay.mean > 0.0 for branch in step.branches):
            raise InputError("", f"step {step.id}", "found a delay during which its server is kept", _EXPECTED)
    if not np.isfinite(expected_rows(system, 1, 1.0)):
        raise InputError("", "pathway", "found episodes that might never end", _EXPECTED)


def refuse_terms(system: System, arrangements: Sequence[Arrangement]) -> None:
    """Raise InputError for terms that look at single rows, or at readmissions."""
    for arrangement in arrangements:
        for contract in arrangement.contracts:
            for term in contract.terms:
                values = VALUATION.get(type(term))
                readmissions = values is not None and values(term, contract).readmissions is not None
                if readmissions or looks_at_rows(term, system):
                    where = f"arrangement.{arrangement.id}.contract.{contract.id}.{term.id}"
                    raise InputError(
                        "", where, f"found {term.KIND}, which looks at single residents or spells", _EXPECTED
                    )


def refuse_prices(system: System, sorts: Sorts, used: NDArray[np.bool_], priced: Sequence[Priced]) -> None:
    """Raise InputError where spells are priced that take several steps, or by more than their number.

    `used` says of each sort whether there is any of it.
    """
    currencies = {id: number for number, id in enumerate(system.currencies)}
    numbers = {id: number for number, id in enumerate(system.step_ids)}
    for step in system.steps.values():
        if step.currency is None or system.currencies[step.currency].counted != "spell":
            continue
        codes = sorts.code[(sorts.step == numbers[step.id]) & used]
        if not len(codes):
            continue
        if (next_step := next(_spell_goes_on(system, step), None)) is not None:
            found = f"found spells that go on with step {next_step}"
            raise InputError("", f"step {step.id}", found, "expected spells of one step each: simulate instead")
        for each in priced:
            for code in codes.tolist():
                if _priced_by_stay(each, currencies[step.currency], code):
                    recorded = "no code" if code == NONE else f"code {system.codes[code]}"
                    found = f"found a price of currency {step.currency} with {recorded} that depends on the stay"
                    expected = "expected one price for each spell, without additions: simulate instead"
                    raise InputError("", f"prices {each.valuation.prices.id}", found, expected)


def refuse_midnights(system: System, sorts: Sorts, used: NDArray[np.bool_], priced: Sequence[Priced]) -> None:
    """Raise InputError where midnights count of steps that begin at some times of day more than at others.

    Such steps do not cross as many midnights as they last days: a visit of minutes in open hours crosses none. `used`
    says of each sort whether it takes any time.
    """
    by_the_clock = _by_the_clock(system)
    for sort in np.flatnonzero(used).tolist():
        step, service = system.step_ids[sorts.step[sort]], system.service_ids[sorts.service[sort]]
        if step not in by_the_clock:
            continue
        for what in _counts_midnights(system, system.steps[step], service, priced):
            found = f"found {what}, where steps favour some times of day to begin, by the {by_the_clock[step]}"
            raise InputError("", f"step {step}", found, _EXPECTED)


def _by_the_clock(system: System) -> dict[str, str]:
    """Return the steps that begin at some times of day more than at others, each with what makes them do so."""
    causes: dict[str, str] = {}
    for step in system.steps.values():
        for id, shares in zip(step.service.services, step.service.shares.T, strict=True):
            if system.services[id].open_share < 1.0 and shares.any():
                causes[step.id] = f"opening hours of service {id}"
    for pathway in system.pathways.values():
        if pathway.demand is not None and len(set(system.timings[pathway.demand.timing].hours)) > 1:
            causes.setdefault(pathway.entry, f"timing {pathway.demand.timing}")
    ahead = list(causes)
    for id in ahead:
        for after in _after(system.steps[id]):
            if after not in causes:
                causes[after] = causes[id]
                ahead.append(after)
    return causes


def _after(step: Step) -> Iterator[str]:
    """Yield the steps that may come after a step, or in its place."""
    if step.not_attending is not None:
        yield step.not_attending.instead
    for branch in step.branches:
        if branch.to is not None and branch.probability.any():
            yield branch.to


def _counts_midnights(system: System, step: Step, service: str, priced: Sequence[Priced]) -> Iterator[str]:
    """Yield what depends on the midnights that a step crosses at a service."""
    if system.services[service].cost.per_day_pence != 0:
        yield f"a cost per day at service {service}"
    if step.currency is not None and system.currencies[step.currency].counted == "day":
        currency = list(system.currencies).index(step.currency)
        for each in priced:
            if np.any((each.rates.pence[currency] != UNPRICED) & (each.rates.pence[currency] != 0)):
                yield f"a price by the day of currency {step.currency}"
    for measure in system.measures.values():
        if measure.kind == "delayed" and step.id in (*measure.steps, *measure.base):
            yield f"midnights in measure {measure.id}"


def _priced_by_stay(priced: Priced, currency: int, code: int) -> bool:
    """Return whether a spell's price has a trim point, a price of short stays, or an addition."""
    rates, unit = priced.rates, (currency, code)
    if rates.pence[unit] == UNPRICED:
        return False
    trimmed = rates.trim_point[unit] != NO_TRIM_POINT and rates.long_stay[unit] != 0
    return bool(trimmed or rates.short_stay[unit] != rates.pence[unit] or rates.addition[unit] != 0)


def _spell_goes_on(system: System, step: Step) -> Iterator[str]:
    """Yield the admitted steps that may follow a step at once at one organisation."""
    owners = {system.services[id].organisation for id in step.service.services}
    for branch in step.branches:
        if branch.to is None or not _at_once(branch):
            continue
        after = system.steps[branch.to]
        there = {system.services[id].organisation for id in after.service.services}
        if after.admitted and owners & there:
            yield after.id


def _at_once(branch: Branch) -> bool:
    return branch.delay.mean == 0.0 and bool(branch.probability.any())
