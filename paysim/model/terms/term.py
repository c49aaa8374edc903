"""What all terms have in common, and the kinds of term that a contract can hold."""

from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from functools import cache
from typing import Any, ClassVar

from paysim.model.price import PriceTable
from paysim.model.terms.form import ByOrganisation, ByYear, Earlier, Level, Named, PriceList, Referred, Rows, parameters

Keys = tuple[str | int, ...]
"""Where a parameter stands in a term: its name, after the row that it is in."""


@dataclass(frozen=True)
class Term:
    """One payment rule. `id` is its name in the ledger, distinct within its contract.

    A kind of term is a frozen dataclass with the fields that `paysim.model.terms.form` makes.
    """

    KIND: ClassVar[str]
    id: str = field()

    def problem(self) -> tuple[str, str] | None:
        """Return what was found and what was expected if the parameters contradict each other, else None."""
        return None

    def problem_with_payer(self, payer: str) -> tuple[str, str] | None:
        """Return what was found and what was expected if the term contradicts who pays by it, else None."""
        return None

    def growth_of_neutral_amount(self) -> tuple[float, ...]:
        """Return the growth by year that its budget-neutral amount is paid with: none unless stated."""
        return (0.0,)

    def needs(self) -> tuple[str, ...]:
        """Return what the term must find paid before it: 'term', 'contract.term' or 'contract'."""
        found: list[str] = []
        for parameter in parameters(type(self)):
            value = getattr(self, parameter.name)
            if isinstance(parameter.form, Earlier) and value is not None:
                found.extend(value if parameter.form.several else [value])
        return tuple(found)

    def pays_for_activity(self) -> bool:
        """Return whether it pays for activity in its contract's scope, and does not only settle what was paid before.

        What depends on earlier payments settles them, unless its kind says otherwise. Nor do terms that pay for quality
        or share savings.
        """
        return not self.needs()

    def pays_without_prices(self) -> bool:
        """Return whether it pays for activity by other than prices: an amount, by the head, a part of what came in.

        Activity in a currency that no price list of the contract is for is then paid for by it. What pays for activity
        and has no price list does, unless its kind says otherwise; what only limits, withholds or shares does not.
        """
        return self.pays_for_activity() and not _price_lists(type(self))  # type: ignore[arg-type]

    def pays_by_the_head(self) -> bool:
        """Return whether it pays a sum for each of its payee's residents, who are its list: not unless stated."""
        return False

    def follows_residents(self) -> bool:
        """Return whether it pays, apart for some residents and for the others, what it pays for all of them.

        Not unless its kind says so.
        """
        return False

    def parties(self) -> tuple[str, ...]:
        """Return the organisations that the term may move money between, beside payer and payee."""
        found: list[str] = []
        for parameter in parameters(type(self)):
            value = getattr(self, parameter.name)
            if isinstance(parameter.form, ByOrganisation) and value is not None:
                found.extend(value)
        return tuple(found)

    def measures(self) -> tuple[str, ...]:
        """Return the measures that the term's payment depends on, each once."""
        return tuple(dict.fromkeys(_named(self, "measure")))

    def levels(self) -> tuple[tuple[str, Keys, float], ...]:
        """Return the numbers that measures are held against: the measure's id, the keys of the number, the number."""
        return tuple(_levels(self, (), ""))

    def price_tables(self) -> dict[str, PriceTable]:
        """Return the price tables that the term pays by, by parameter."""
        names = _price_lists(type(self))  # type: ignore[arg-type]
        return {name: table for name in names if (table := getattr(self, name)) is not None}


@cache
def _price_lists(kind: type[Term]) -> tuple[str, ...]:
    return tuple(parameter.name for parameter in parameters(kind) if isinstance(parameter.form, PriceList))


def _named(of: Any, what: Referred) -> list[str]:
    """Return what a term, or a row of one, refers to by name."""
    found: list[str] = []
    for parameter in parameters(type(of)):
        value = getattr(of, parameter.name)
        if isinstance(parameter.form, Rows):
            found.extend(name for row in value or () for name in _named(row, what))
        elif isinstance(parameter.form, Named) and parameter.form.what == what and value is not None:
            found.extend(value if parameter.form.several else [value])
    return found


def _levels(of: Any, keys: Keys, measure: str) -> Iterator[tuple[str, Keys, float]]:
    measure = next(iter(_named(of, "measure")), measure)
    for parameter in parameters(type(of)):
        here, value = (*keys, parameter.name), getattr(of, parameter.name)
        match parameter.form:
            case Level():
                yield measure, here, value
            case ByYear(of=Level()):
                yield from ((measure, here, each) for each in value)
            case Rows():
                for number, row in enumerate(value or ()):
                    yield from _levels(row, (*here, number), measure)


KINDS: dict[str, type[Term]] = {}
"""Kinds of term by the word that a config calls them."""


def add_kind(kind: type[Term]) -> None:
    """Add a kind of term.

    Raises ValueError where another one has its name, and for a class that is no dataclass or has a field without form
    or with the name of a method of terms.
    """
    if (
        "__dataclass_fields__" not in vars(kind)
        or not issubclass(kind, Term)
        or not isinstance(getattr(kind, "KIND", None), str)
    ):
        raise ValueError(f"{kind.__name__} is not a dataclass derived from Term with a KIND")
    known = {"id", *(parameter.name for parameter in parameters(kind))}
    for each in fields(kind):
        if each.name not in known:
            raise ValueError(f"field {each.name!r} of {kind.__name__} was not made by paysim.model.terms.form")
        if callable(getattr(Term, each.name, None)):
            raise ValueError(f"field {each.name!r} of {kind.__name__} has the name of a method that all terms have")
    if KINDS.setdefault(kind.KIND, kind) is not kind:
        raise ValueError(f"there is a kind of term {kind.KIND!r} already")
