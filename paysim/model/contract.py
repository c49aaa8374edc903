"""Contracts: who pays whom, for what, by which terms."""

from collections.abc import Iterable
from dataclasses import dataclass

from paysim.model.population import ByResident
from paysim.model.terms import Term


@dataclass(frozen=True, slots=True)
class Scope:
    """The activity that a contract pays for, which must meet all that is said; None says nothing.

    It is at these services, by steps of these pathways, for residents of these places and these kinds (by the segment
    that they begin in; 1 in scope, 0 not, as for all residents of other places), in periods from the first to before
    the second.
    """

    services: tuple[str, ...]
    places: tuple[str, ...]
    pathways: tuple[str, ...] | None = None
    residents: ByResident | None = None
    periods: tuple[int, int] | None = None

    @property
    def narrowed(self) -> bool:
        """Whether anything but services and places is said."""
        return self.pathways is not None or self.residents is not None or self.periods is not None

    def touches(self, other: "Scope") -> bool:
        """Return whether some activity may be in both."""
        return bool(
            set(self.services) & set(other.services)
            and set(self.places) & set(other.places)
            and (self.pathways is None or other.pathways is None or set(self.pathways) & set(other.pathways))
            and (self.periods is None or other.periods is None or _overlap(self.periods, other.periods))
            and (self.residents is None or other.residents is None or (self.residents * other.residents).any())
        )

    def holds(self, other: "Scope") -> bool:
        """Return whether all activity in the other is in this one."""
        return (
            set(other.services) <= set(self.services)
            and set(other.places) <= set(self.places)
            and (self.pathways is None or (other.pathways is not None and set(other.pathways) <= set(self.pathways)))
            and (self.periods is None or (other.periods is not None and _within(other.periods, self.periods)))
            and (self.residents is None or (other.residents is not None and _fewer(other.residents, self.residents)))
        )


def _overlap(one: tuple[int, int], other: tuple[int, int]) -> bool:
    return one[0] < other[1] and other[0] < one[1]


def _within(inner: tuple[int, int], outer: tuple[int, int]) -> bool:
    return outer[0] <= inner[0] and inner[1] <= outer[1]


def _fewer(inner: ByResident, outer: ByResident) -> bool:
    return bool((inner <= outer).all())


@dataclass(frozen=True, slots=True)
class Contract:
    """Payer, payee, scope and the terms that add up to the payment."""

    id: str
    payer: str
    payee: str
    scope: Scope
    terms: tuple[Term, ...]

    @property
    def only_settles(self) -> bool:
        """Whether it pays for no activity: all its terms settle what earlier terms have paid."""
        return not any(term.pays_for_activity() for term in self.terms)

    @property
    def paid(self) -> frozenset[str]:
        """The organisations that it pays for activity: the payee, and those that its terms divide payment among."""
        parties = (party for term in self.terms if term.pays_for_activity() for party in term.parties())
        return frozenset({self.payee, *parties}) - {self.payer}

    @property
    def pays_by_prices_alone(self) -> bool:
        """Whether it pays for activity by price lists and by nothing else: what has no currency is then unpaid."""
        by_prices = any(term.price_tables() for term in self.terms if term.pays_for_activity())
        return by_prices and not any(term.pays_without_prices() for term in self.terms)

    def pays_otherwise_for(self, currency: str, price_lists: Iterable[tuple[str, ...] | None]) -> bool:
        """Return whether it pays for activity in a currency by other than prices.

        It does where none of its `price_lists` is for that currency and a term pays without prices. Each price list
        stands here as the currencies that it is for, None for all.
        """
        is_priced = any(currencies is None or currency in currencies for currencies in price_lists)
        return not is_priced and any(term.pays_without_prices() for term in self.terms)


def stands_for(name: str, contract: str, term: str) -> bool:
    """Return whether a name, 'contract' or 'contract.term', stands for what is paid under a contract's term.

    The id of a contract that is written once for several places or payees goes on with those: 'hospitals.hill' is one
    of 'hospitals'.
    """
    of_term = f".{term}"
    return _is_of(name, contract) or (name.endswith(of_term) and _is_of(name.removesuffix(of_term), contract))


def _is_of(name: str, contract: str) -> bool:
    return contract == name or contract.startswith(f"{name}.")


@dataclass(frozen=True, slots=True)
class Arrangement:
    """A named set of contracts that pays for the whole system."""

    id: str
    name: str
    contracts: tuple[Contract, ...]
