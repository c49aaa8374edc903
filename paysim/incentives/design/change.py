"""An arrangement with some of its numbers set to others."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from paysim.incentives.design.parameters import Numeric, Parameter, parameters_named, parameters_of
from paysim.model.contract import Arrangement, Contract
from paysim.model.exact import exact
from paysim.model.money import to_pence
from paysim.model.terms import Term
from paysim.model.terms.form import ByOrganisation, ByYear, Form, Number, Pounds, Rows, Whole, parameters
from paysim.model.terms.problems import Problem, total_of

DECIMALS = 12
"""A number's decimals: as many as always make the shortest decimal form of a share, so that shares add up exactly."""


def arrangement_with(arrangement: Arrangement, values: Mapping[str, float]) -> Arrangement:
    """Return an arrangement with its parameters of these addresses at these values, money in pounds.

    All years get the value. Of shares that must add up to 1, those of other organisations (or rows) give or take in
    proportion. Raises InputError for an address that the arrangement lacks; whether values are legal is for `problem`.
    """
    known = parameters_of(arrangement)
    by_term: dict[tuple[str, str], dict[Parameter, float]] = {}
    for name, value in values.items():
        for parameter in parameters_named(arrangement, name):
            by_term.setdefault((parameter.contract, parameter.term), {})[parameter] = value
    contracts = tuple(
        replace(
            contract,
            terms=tuple(
                _term_with(term, by_term[contract.id, term.id], _of_term(known, contract, term))
                if (contract.id, term.id) in by_term
                else term
                for term in contract.terms
            ),
        )
        if any(contract.id == of for of, _ in by_term)
        else contract
        for contract in arrangement.contracts
    )
    return replace(arrangement, contracts=contracts)


def problem(arrangement: Arrangement) -> tuple[str, Problem] | None:
    """Return the first term whose parameters contradict each other, and how; None where none does."""
    for contract in arrangement.contracts:
        for term in contract.terms:
            found = term.problem() or term.problem_with_payer(contract.payer)
            if found is not None:
                return f"{contract.id}.{term.id}", found
    return None


def settable(form: Numeric, value: float) -> float:
    """Return the value nearest to this one that a parameter can have: whole numbers, whole pence, twelve decimals."""
    match form:
        case Whole():
            return float(round(value))
        case Pounds():
            return to_pence(value) / 100
        case _:
            return round(float(value), DECIMALS)


def _of_term(known: Sequence[Parameter], contract: Contract, term: Term) -> list[Parameter]:
    return [parameter for parameter in known if (parameter.contract, parameter.term) == (contract.id, term.id)]


def _term_with(term: Term, values: Mapping[Parameter, float], known: Sequence[Parameter]) -> Term:
    """Return a term with its parameters at these values, and shares beside them so that they add up."""
    complete = dict(values)
    for parameter in values:
        siblings = [other for other in known if parameter.is_sibling(other)]
        if must_add_up(term, siblings):
            complete |= _others(siblings, values)
    for parameter, value in complete.items():
        term = _set(term, parameter.place, value)
    return term


def must_add_up(term: Term, siblings: Sequence[Parameter]) -> bool:
    """Return whether shares must add up to 1: they do, and the term objects if one of them alone is lower."""
    if not siblings or any(not isinstance(each.form, Number) or not each.present for each in siblings):
        return False
    if total_of(each.present[0] for each in siblings) != 1 or term.problem() is not None:
        return False
    largest = max(siblings, key=lambda each: each.present[0])
    return _set(term, largest.place, largest.present[0] / 2).problem() is not None


def _others(siblings: Sequence[Parameter], values: Mapping[Parameter, float]) -> dict[Parameter, float]:
    """Return what is left of 1 to the siblings that are not set, in proportion to what they have now.

    Exact in decimals: the largest of them takes what rounding leaves. Where they have nothing now there is nothing to
    be in proportion to, and they stay.
    """
    others = [each for each in siblings if each not in values]
    now = total_of(each.present[0] for each in others)
    left = 1 - total_of(round(values[each], DECIMALS) for each in siblings if each in values)
    if not now:
        return {}
    shares = {each: exact(round(float(left * total_of(each.present) / now), DECIMALS)) for each in others}
    largest = max(others, key=lambda each: each.present[0])
    shares[largest] += left - sum(shares.values())
    return {each: float(share) for each, share in shares.items()}


def _set(of: Any, place: Sequence[str], value: float) -> Any:
    """Return a term, or a row of one, with one of its numbers at a value."""
    forms = {parameter.name: parameter.form for parameter in parameters(type(of))}
    name, *rest = place
    return replace(of, **{name: _changed(forms[name], getattr(of, name), rest, value)})


def _changed(form: Form, old: Any, place: Sequence[str], value: float) -> Any:
    match form:
        case Pounds():
            return to_pence(value)
        case Whole():
            return round(value)
        case Number():
            return round(float(value), DECIMALS)
        case ByYear(of=each):
            return (_changed(each, None, place, value),) * len(old or (None,))
        case ByOrganisation(of=each):
            return {**old, place[0]: _changed(each, old[place[0]], place[1:], value)}
        case Rows():
            return tuple(
                _set(row, place[1:], value) if str(number) == place[0] else row for number, row in enumerate(old)
            )
    raise AssertionError(form)
