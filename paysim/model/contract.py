"""Contracts: who pays whom, for what, by which terms."""

from dataclasses import dataclass

from paysim.model.population import ByResident
from paysim.model.terms import Term


@dataclass(frozen=True, slots=True)
class Scope:
    """The activity that a contract pays for: these services, for residents of these places.

    Narrowed, unless None, to steps of some `pathways`, to the kinds of `residents` above zero (by the segment that they
    begin in), and to `periods`, numbers of months from the first to before the second.
    """

    services: tuple[str, ...]
    places: tuple[str, ...]
    pathways: tuple[str, ...] | None = None
    residents: ByResident | None = None
    periods: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """Payer, payee, scope and the terms that add up to the payment."""

    id: str
    payer: str
    payee: str
    scope: Scope
    terms: tuple[Term, ...]


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A named set of contracts that pays for the whole system."""

    id: str
    name: str
    contracts: tuple[Contract, ...]
