"""Settlement: the same activity paid for under any number of arrangements."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction
from functools import cache, partial
from math import ceil

import numpy as np
from numpy.typing import NDArray

from paysim.model.activity import Activity
from paysim.model.calendar import period_labels, years_of
from paysim.model.contract import Arrangement, Contract
from paysim.model.errors import InputError
from paysim.model.money import scale_up
from paysim.model.terms import Term
from paysim.model.terms.own import file_of
from paysim.payment.by_resident import value_by_resident
from paysim.payment.classes import in_scope
from paysim.payment.costs import Costs, costs
from paysim.payment.ledger import Ledger
from paysim.payment.measures import measures_by_year
from paysim.payment.overflow import LARGEST_PENCE, refuse_overflow
from paysim.payment.prices import Priced, priced_terms
from paysim.payment.pricing import value
from paysim.payment.scopes import periods_within, sorts_within
from paysim.payment.survey import Survey, survey_of
from paysim.payment.terms import pay
from paysim.payment.terms.refusal import refusal
from paysim.payment.terms.returned import flows_of
from paysim.payment.terms.seen import Flow, Paid, Pence, Seen


def settle(activity: Activity, arrangement: Arrangement, threads: int = 1) -> Ledger:
    """Return every money flow that an arrangement makes of an activity; see `settle_many`."""
    return settle_many(activity, [arrangement], threads=threads)[0]


def settle_many(
    activity: Activity,
    arrangements: Sequence[Arrangement],
    *,
    survey: Survey | None = None,
    cost: Costs | None = None,
    threads: int = 1,
) -> tuple[Ledger, ...]:
    """Return the ledger of each arrangement, from one pass over the activity's rows.

    A step is paid in the period of its end, a spell in that of its discharge, whole. What depends on activity is
    added up in pence, multiplied by the activity's weight and rounded once a contract, term and period; blocks and
    capitation are for the whole population and are not scaled. Then the contracts' terms pay, one after the other in
    the order in which they are written. `survey`, made for these arrangements, saves a pass over the rows where it is
    at hand, and `cost`, what services cost, another; with both, an activity whose rows are gone settles as it did with
    them, unless terms look at rows, see `paysim.payment.rows_needed`. The number of threads changes nothing.

    Raises InputError where activity lies outside every contract of an arrangement, lacks a price, or does not belong
    to the system, where an amount is still to be set, and where a sum might not fit into 64 bits.
    """
    survey = survey_of(activity, arrangements, threads) if survey is None else survey
    for arrangement in arrangements:
        _refuse_uncovered(activity, survey, arrangement)
    years = years_of(activity.periods)
    contracts = [contract for arrangement in arrangements for contract in arrangement.contracts]
    priced = priced_terms(activity.system, contracts, years)
    sample = value(activity, survey, priced, threads)
    # Terms may add up all periods, each rounded by less than a penny.
    largest = int(abs(sample).sum(axis=1).max(initial=0)) * Fraction(activity.weight)
    refuse_overflow(ceil(largest) + activity.periods, 1, "activity weight")
    values = dict(zip(map(_place_of, priced), scale_up(sample, activity.weight), strict=True))
    by_place = dict(zip(map(_place_of, priced), priced, strict=True))
    cost_of_services = cache(lambda: _cost_of_services(costs(activity, survey) if cost is None else cost))

    def seen_by(contract: Contract) -> Seen:
        places = {term.id: (id(contract), term.id) for term in contract.terms}
        return Seen(
            system=activity.system,
            contract=contract,
            periods=activity.periods,
            values={term: values[place] for term, place in places.items() if place in values},
            activity=activity,
            cost_of_services=cost_of_services,
            measures=cache(lambda: _measured(activity, survey, contract)),
            by_resident={
                term: partial(value_by_resident, activity, survey, by_place[place])
                for term, place in places.items()
                if place in by_place
            },
        )

    return tuple(_ledger(activity, arrangement, seen_by) for arrangement in arrangements)


def _place_of(priced: Priced) -> tuple[int, str]:
    """Return what sets a term apart from those of other contracts, also where arrangements share a contract's name."""
    return id(priced.contract), priced.term.id


def _measured(activity: Activity, survey: Survey, contract: Contract) -> Mapping[str, tuple[Fraction | None, ...]]:
    """Return the measures that a contract's terms depend on, taken within its scope."""
    ids = dict.fromkeys(measure for term in contract.terms for measure in term.measures())
    return measures_by_year(activity, ids, contract.scope, survey)


def _cost_of_services(cost: Costs) -> Mapping[str, Pence]:
    return dict(zip(cost.services, cost.pence.T, strict=True))


def _refuse_uncovered(activity: Activity, survey: Survey, arrangement: Arrangement) -> None:
    """Raise InputError where activity lies outside the scope of every contract."""
    system, sorts, classes = activity.system, survey.sorts, survey.classes
    uncovered = survey.steps.copy()
    for contract in arrangement.contracts:
        scope = contract.scope
        inside = sorts_within(system, scope, sorts)
        groups = in_scope(classes, system.population, scope)
        uncovered[np.ix_(inside, groups, periods_within(scope, activity.periods))] = 0
    if uncovered.any():
        sort, group, _ = np.argwhere(uncovered)[0]
        service, place = sorts.service[sort], classes.place[group]
        alike = (sorts.service == service)[:, None] & (classes.place == place)[None, :]
        raise InputError(
            "",
            f"arrangement {arrangement.id}",
            f"found {uncovered.sum()} of {survey.steps.sum()} rows of activity outside the scope of its contracts, such"
            f" as {uncovered[alike].sum()} at service {system.service_ids[service]} for residents of"
            f" {system.population.places[place]}",
            "expected contracts that cover every service and place with activity",
        )


def _ledger(activity: Activity, arrangement: Arrangement, seen_by: Callable[[Contract], Seen]) -> Ledger:
    """Return the ledger of one arrangement: its terms evaluated one after the other."""
    system, periods = activity.system, activity.periods
    paid: list[Paid] = []
    moved = 0
    for contract in arrangement.contracts:
        seen = seen_by(contract)
        for term in contract.terms:
            flows = _flows(arrangement, term, replace(seen, paid=tuple(paid)))
            moved += sum(abs(pence) for flow in flows for pence in flow.pence.tolist())
            refuse_overflow(moved, 1, f"arrangement {arrangement.id}, contract {contract.id}, term {term.id}")
            paid.extend(Paid(contract.id, term.id, flow, contract.scope.places) for flow in flows)
    amounts = np.array([each.flow.pence for each in paid], dtype=np.int64).reshape(len(paid), periods)
    due = np.array([each.flow.due for each in paid], dtype=np.int16)
    return Ledger(
        arrangement=arrangement.id,
        organisations=tuple(system.organisations),
        periods=period_labels(system.start, periods),
        period=np.tile(np.arange(periods, dtype=np.int16), len(paid)),
        payer=_repeated([each.flow.payer for each in paid], periods),
        payee=_repeated([each.flow.payee for each in paid], periods),
        contract=_repeated([each.contract for each in paid], periods),
        term=_repeated([each.term for each in paid], periods),
        amount_pence=amounts.ravel(),
        due=np.tile(np.arange(periods, dtype=np.int16), len(paid)) + np.repeat(due, periods),
        by_row=tuple(each for each in paid if each.flow.by_row is not None),
        origin=activity.origin,
    )


def _flows(arrangement: Arrangement, term: Term, seen: Seen) -> list[Flow]:
    """Return what a term pays; whatever goes wrong tells under which arrangement."""
    try:
        return flows_of(pay(term, seen), term, seen)
    except InputError as error:
        told = error if error.key_path else refusal(term, seen.contract, error.found, error.expected)
        where = f"arrangement {arrangement.id}, {told.key_path}"
        raise InputError(told.file, where, told.found, told.expected) from error
    except OverflowError as error:
        where = f"arrangement {arrangement.id}, contract {seen.contract.id}, term {term.id}"
        expected = f"expected amounts of at most {LARGEST_PENCE} pence"
        raise InputError(file_of(type(term)), where, "found an amount beyond 64 bits", expected) from error
    except Exception as error:
        error.add_note(f"While paying arrangement {arrangement.id}, contract {seen.contract.id}, term {term.id}.")
        raise


def _repeated(labels: list[str], times: int) -> NDArray[np.str_]:
    return np.repeat(np.array(labels, dtype=np.str_), times)
