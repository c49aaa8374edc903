"""Whether the price lists of a contract have a price for everything that it pays for."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from itertools import product

from paysim.config.check.reach import Served
from paysim.config.document import Document, KeyPath
from paysim.model.contract import Arrangement, Contract
from paysim.model.errors import InputError
from paysim.model.lever import RecodeEffect
from paysim.model.pathway import Step
from paysim.model.price import PriceTable
from paysim.model.reach import Residents
from paysim.model.system import System
from paysim.model.terms import Term
from paysim.model.terms.form import ByYear, Named, Pounds, PriceList, parameters


@dataclass(frozen=True, slots=True)
class _Priced:
    """A price list of a term, and the currencies that it is for (None: all)."""

    path: KeyPath
    prices: PriceTable
    currencies: tuple[str, ...] | None

    def is_for(self, currency: str) -> bool:
        return self.currencies is None or currency in self.currencies

    def lists(self, currency: str, code: str) -> bool:
        """Return whether there is a price; one without code holds for all codes that have none of their own."""
        return self.is_for(currency) and bool({(currency, code), (currency, "")} & self.prices.prices.keys())


def contract_path(arrangement: Arrangement, contract: Contract) -> KeyPath:
    """Return the key path of the block that a contract comes from."""
    return "arrangement", arrangement.id, "contract", contract.id.partition(".")[0]


def check_prices(
    document: Document, system: System, arrangement: Arrangement, served: Served, reached: Mapping[str, Residents]
) -> None:
    """Raise InputError for price lists in a contract without services, or that lack some activity within its scope.

    The price lists of a contract must have a price together. Currencies that none of them is for are paid by the
    contract's terms that pay by other than prices, if there are any.
    """
    for contract in arrangement.contracts:
        path = (*contract_path(arrangement, contract), "terms")
        priced = [each for number, term in enumerate(contract.terms) for each in _price_lists(term, (*path, number))]
        if not priced:
            continue
        if not contract.scope.services:
            raise _without_services(document, system, contract, priced[0])
        otherwise = any(_pays_otherwise(term) for term in contract.terms)
        for currency, code, step in _activity(system, contract, served, reached):
            lists = [each for each in priced if each.is_for(currency)]
            if any(each.lists(currency, code) for each in lists) or (otherwise and not lists):
                continue
            if not lists:
                found = f"found no term that pays for currency {currency!r} (step {step!r})"
                raise document.refuse(path, found, "expected it among the currencies of one, or a term with an amount")
            coded = f", code {code!r}" if code else ""
            found = f"found no price of currency {currency!r}{coded} (step {step!r})"
            table = document.table(("prices", lists[0].prices.id)).file
            raise document.refuse(lists[0].path, found, f"expected one in {table}")


def _price_lists(term: Term, path: KeyPath) -> list[_Priced]:
    return [_Priced((*path, parameter), table, _currencies(term)) for parameter, table in term.price_tables().items()]


def _currencies(term: Term) -> tuple[str, ...] | None:
    """Return the currencies that a term names, None if it names none and is for all."""
    found: list[str] = []
    for parameter in parameters(type(term)):
        value = getattr(term, parameter.name)
        if isinstance(parameter.form, Named) and parameter.form.what == "currency" and value is not None:
            found.extend((value,) if isinstance(value, str) else value)
    return tuple(found) or None


def _pays_otherwise(term: Term) -> bool:
    """Return whether a term pays for activity by other than prices: it has none, or amounts beside them."""
    forms = [parameter.form for parameter in parameters(type(term))]
    amounts = any(isinstance(form.of if isinstance(form, ByYear) else form, Pounds) for form in forms)
    return term.pays_for_activity() and (amounts or not any(isinstance(form, PriceList) for form in forms))


def _without_services(document: Document, system: System, contract: Contract, priced: _Priced) -> InputError:
    number = priced.path[-2]
    assert isinstance(number, int)
    kind = contract.terms[number].KIND
    has_some = any(service.organisation == contract.payee for service in system.services.values())
    why = "the scope" if has_some else repr(contract.payee)
    found = f"found a {kind}, and {why} has no services"
    return document.refuse(priced.path[:-1], found, "expected a scope with services")


def _activity(
    system: System, contract: Contract, served: Served, reached: Mapping[str, Residents]
) -> Iterator[tuple[str, str, str]]:
    """Yield currency, code ('' for none) and step of all activity within a contract's scope."""
    within = product(contract.scope.services, contract.scope.places)
    names = dict.fromkeys(step for activity in within for step in served.get(activity, ()))
    for step in (system.steps[name] for name in names):
        if step.currency is not None and _is_inside(contract, step, reached):
            for code in _codes(system, step):
                yield step.currency, code, step.id


def _is_inside(contract: Contract, step: Step, reached: Mapping[str, Residents]) -> bool:
    """Return whether pathway and residents of a step are within a contract's scope."""
    scope = contract.scope
    if scope.pathways is not None and step.id.partition(".")[0] not in scope.pathways:
        return False
    return scope.residents is None or bool((reached[step.id] & (scope.residents > 0)).any())


def _codes(system: System, step: Step) -> list[str]:
    """Return the codes that a step can be recorded with: its own, and what levers record instead of them."""
    own = [step.code or ""]
    if step.case_mix is not None:
        own = [entry.code for entry in system.case_mixes[step.case_mix].entries if entry.share > 0]
    effects = [effect for lever in system.levers.values() for effect in lever.effects]
    recodings = [effect for effect in effects if isinstance(effect, RecodeEffect) and step.id in effect.steps]
    return own + [effect.recorded_as for effect in recodings if effect.code in own]
