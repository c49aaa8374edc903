"""Contract parameters by address: which numbers of an arrangement can be set free, and what they are now.

An address is CONTRACT.TERM.FIELD, followed by the organisation or by row and field where a field holds several. A
contract that is written once for several places or payees is named in full ('trusts.havering.bhrut') or as it is
written ('trusts'), and `*` stands for any characters.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from fnmatch import fnmatchcase
from typing import Any

from paysim.model.contract import Arrangement
from paysim.model.errors import InputError
from paysim.model.limits import LARGEST_NUMBER
from paysim.model.money import PENCE_PER_POUND
from paysim.model.terms import BudgetNeutral
from paysim.model.terms.form import ByOrganisation, ByYear, Form, Number, Pounds, Rows, Whole, parameters

Numeric = Number | Pounds | Whole

_LISTED = 6

_SHARED = 2
"""Parts of a place at which siblings differ: field, then organisation or row."""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A number of a term. `place` leads to it within the term, `present` is its value by year, pounds for money.

    `present` is () where the config gives none, and `neutral_to` the arrangement that an amount is neutral to.
    """

    contract: str
    term: str
    place: tuple[str, ...]
    form: Numeric
    meaning: str
    present: tuple[float, ...]
    neutral_to: str | None = None

    @property
    def address(self) -> str:
        """CONTRACT.TERM.FIELD, and KEY where the field holds several."""
        return ".".join((self.contract, self.term, *self.place))

    @property
    def unit(self) -> str:
        """What its values count: pounds, or nothing."""
        return "pounds" if isinstance(self.form, Pounds) else ""

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the most that a config may give."""
        if isinstance(self.form, Pounds):
            return 0.0, LARGEST_NUMBER
        return float(self.form.least), float(self.form.most)

    def goes_by(self, name: str) -> bool:
        """Return whether an address, perhaps with wildcards and with the contract as it is written, means this one."""
        parts = self.contract.split(".")
        written = (".".join(parts[:length]) for length in range(len(parts), 0, -1))
        return any(fnmatchcase(".".join((contract, self.term, *self.place)), name) for contract in written)

    def is_sibling(self, other: "Parameter") -> bool:
        """Return whether another one is the same number of another organisation, or of another row, or this one."""
        return (
            (self.contract, self.term, self.place[0]) == (other.contract, other.term, other.place[0])
            and len(self.place) == len(other.place) >= _SHARED
            and self.place[_SHARED:] == other.place[_SHARED:]
        )


def parameters_of(arrangement: Arrangement) -> tuple[Parameter, ...]:
    """Return every number of an arrangement's terms that has an address, those that are budget-neutral included."""
    return tuple(
        Parameter(contract.id, term.id, place, form, meaning, present, neutral_to)
        for contract in arrangement.contracts
        for term in contract.terms
        for parameter in parameters(type(term))
        for place, form, meaning, present, neutral_to in _numbers(
            parameter.form, getattr(term, parameter.name), (parameter.name,), parameter.meaning
        )
    )


_Found = tuple[tuple[str, ...], Numeric, str, tuple[float, ...], str | None]


def _numbers(form: Form, value: Any, place: tuple[str, ...], meaning: str) -> Iterator[_Found]:
    """Yield place, form, meaning, value and neutral arrangement of every number that a value holds."""
    match form:
        case Pounds() if isinstance(value, BudgetNeutral):
            yield place, form, meaning, (), value.to
        case Number() | Pounds() | Whole():
            yield place, form, meaning, () if value is None else (_shown(form, value),), None
        case ByYear(of=Number() | Pounds() | Whole() as each):
            yield place, each, meaning, tuple(_shown(each, one) for one in value or ()), None
        case ByOrganisation(of=each):
            for name, one in (value or {}).items():
                yield from _numbers(each, one, (*place, name), meaning)
        case Rows(row=row):
            for number, one in enumerate(value or ()):
                for parameter in parameters(row):
                    here = (*place, str(number), parameter.name)
                    yield from _numbers(parameter.form, getattr(one, parameter.name), here, parameter.meaning)


def _shown(form: Numeric, value: float) -> float:
    return value / PENCE_PER_POUND if isinstance(form, Pounds) else float(value)


def parameters_named(arrangement: Arrangement, name: str) -> tuple[Parameter, ...]:
    """Return the parameters that an address means: one, or the same one of several contracts.

    Raises InputError where the arrangement has none, where they are different ones, and for budget-neutral amounts.
    """
    known = parameters_of(arrangement)
    meant = tuple(parameter for parameter in known if parameter.goes_by(name))
    if not meant:
        found = f"found {name!r}, which arrangement {arrangement.id} lacks"
        raise InputError("", "free", found, f"expected one of {listed(arrangement, name)}")
    others = [parameter for parameter in meant if parameter.place != meant[0].place]
    if others:
        found = f"found {name!r}, which means both {meant[0].address} and {others[0].address}"
        raise InputError("", "free", found, "expected one parameter, of one contract or of several")
    for parameter in meant:
        if parameter.neutral_to is not None:
            found = f"found {parameter.address}, which is budget-neutral to arrangement {parameter.neutral_to}"
            raise InputError("", "free", found, "expected a parameter with a value of its own")
    return meant


def listed(arrangement: Arrangement, name: str = "") -> str:
    """Return the addresses of the parameters that can be free, the nearest to a name first, a few of them."""
    known = dict.fromkeys(parameter.address for parameter in parameters_of(arrangement) if not parameter.neutral_to)
    ordered = sorted(known, key=lambda address: -SequenceMatcher(None, name, address).ratio())
    more = f" and {len(ordered) - _LISTED} more, which `--free help` lists" if len(ordered) > _LISTED else ""
    return (", ".join(ordered[:_LISTED]) or "none: it has no number") + more
