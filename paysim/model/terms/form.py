"""The parameters of a term: what each one means and how a config writes it, said once, where the term is defined.

A term is a frozen dataclass whose fields are made by the functions below. Config floors read the forms to check and
resolve what is written, and documentation quotes the meanings.
"""

from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from functools import cache
from typing import Any, Literal

from paysim.model.evidence import NEUTRAL, Source, assumption
from paysim.model.limits import LARGEST_NUMBER

Referred = Literal["organisation", "service", "measure", "currency", "code", "place", "pathway"]


@dataclass(frozen=True, slots=True)
class Pounds:
    """Whole pence (int), written in pounds or `{ by_place }`; where `neutral`, also `{ neutral_to }`.

    What is `per_head` is for each weighted resident; the weights are the term's `weights`.
    """

    neutral: bool
    per_head: bool = False


@dataclass(frozen=True, slots=True)
class Number:
    """A number (float) from `least` to `most`."""

    least: float
    most: float


@dataclass(frozen=True, slots=True)
class Level(Number):
    """A number that the measure named beside it, or above its row, is held against."""


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number (int) from `least` to `most`."""

    least: int
    most: int


@dataclass(frozen=True, slots=True)
class Flag:
    """True or false."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One of some words (str)."""

    words: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ByKind:
    """A number of at least 0 for each kind of resident (array by place and profile, or None)."""


@dataclass(frozen=True, slots=True)
class PriceList:
    """A PriceTable, written as its id."""


@dataclass(frozen=True, slots=True)
class Named:
    """The id of something in the system (str), or several (tuple of str)."""

    what: Referred
    several: bool


@dataclass(frozen=True, slots=True)
class Earlier:
    """What was paid before (str), or several (tuple of str).

    Written as 'term' for an earlier term of the same contract, 'contract.term' or 'contract' for an earlier contract.
    It is what the contract's payer, or its payee, had a part in.
    """

    several: bool
    party: Literal["payer", "payee"] = "payer"


@dataclass(frozen=True, slots=True)
class ByYear:
    """A value for each financial year of the run (tuple), the last one holding on; written as a list, or one value."""

    of: "Form"


@dataclass(frozen=True, slots=True)
class ByOrganisation:
    """A value for each of some organisations (mapping)."""

    of: "Form"


@dataclass(frozen=True, slots=True)
class Rows:
    """Several rows of named values (tuple of instances of a dataclass whose fields have forms)."""

    row: type


Form = Pounds | Number | Whole | Flag | OneOf | ByKind | PriceList | Named | Earlier | ByYear | ByOrganisation | Rows


@dataclass(frozen=True, slots=True)
class Parameter:
    """One parameter of a term: its form, its meaning, whether it must be given, and where its default comes from.

    A default of None may stand for a number: `stands_for` says it in words.
    """

    name: str
    form: Form
    meaning: str
    required: bool
    default: Any
    default_source: Source | None
    stands_for: str


EVERY_HEAD = "1 for each kind of resident"
"""What weights are where none are given."""

SETTLEMENT = assumption("When a year is settled: contracts agree it, and no published rule was found")
"""Of the months from a year's end until what it comes to is settled."""


def parameters(of: type) -> tuple[Parameter, ...]:
    """Return the parameters of a term class, or of a row of one, in the order of its fields."""
    return _parameters(of)


@cache
def _parameters(of: type) -> tuple[Parameter, ...]:
    return tuple(_parameter(each) for each in fields(of) if "form" in each.metadata)


def _parameter(each: Field[Any]) -> Parameter:
    required = each.default is MISSING and each.default_factory is MISSING
    default = each.default_factory() if each.default_factory is not MISSING else each.default
    return Parameter(each.name, required=required, default=None if required else default, **each.metadata)


def pounds(
    meaning: str,
    *,
    neutral: bool = False,
    per_head: bool = False,
    default: Any = MISSING,
    default_source: Source | None = None,
) -> Any:
    """Return a field for an amount of money: whole pence, written in pounds."""
    return _field(Pounds(neutral, per_head), meaning, default, default_source)


def share(meaning: str, *, default: Any = MISSING, default_source: Source | None = None) -> Any:
    """Return a field for a share from 0 to 1."""
    return _field(Number(0.0, 1.0), meaning, default, default_source)


def number(
    meaning: str,
    *,
    least: float = 0.0,
    most: float = 1e12,
    default: Any = MISSING,
    default_source: Source | None = None,
) -> Any:
    """Return a field for a number."""
    return _field(Number(least, most), meaning, default, default_source)


def level(meaning: str) -> Any:
    """Return a field for a number that the measure named beside it, or above its row, is held against."""
    return _field(Level(0.0, LARGEST_NUMBER), meaning, MISSING)


def whole(
    meaning: str,
    *,
    least: int = 0,
    most: int = 2**31 - 1,
    default: Any = MISSING,
    default_source: Source | None = None,
) -> Any:
    """Return a field for a whole number."""
    return _field(Whole(least, most), meaning, default, default_source)


def flag(meaning: str, *, default: bool = False) -> Any:
    """Return a field for true or false."""
    return _field(Flag(), meaning, default)


def one_of(meaning: str, *words: str, default: Any = MISSING) -> Any:
    """Return a field for one of some words."""
    return _field(OneOf(words), meaning, default)


def by_kind(meaning: str, *, stands_for: str = "", default_source: Source | None = NEUTRAL) -> Any:
    """Return a field for a number by kind of resident, None unless given, which stands for a number in words."""
    return _field(ByKind(), meaning, None, default_source, stands_for)


def prices(meaning: str) -> Any:
    """Return a field for a price list."""
    return _field(PriceList(), meaning, MISSING)


def named(meaning: str, what: Referred, *, several: bool = False, default: Any = MISSING) -> Any:
    """Return a field for the id of something in the system, or for several."""
    return _field(Named(what, several), meaning, default)


def earlier(
    meaning: str, *, several: bool = True, party: Literal["payer", "payee"] = "payer", default: Any = MISSING
) -> Any:
    """Return a field for what the contract's payer, or its payee, paid or received before."""
    return _field(Earlier(several, party), meaning, default)


def by_year(of: Any, *, default: Any = MISSING, default_source: Source | None = None) -> Any:
    """Return a field for a value by financial year; `of` is the field for one."""
    return _field(ByYear(of.metadata["form"]), of.metadata["meaning"], default, default_source)


def growth_by_year(meaning: str) -> Any:
    """Return a field for growth since the year before, by financial year: -1 to 1, nothing unless given."""
    return by_year(number(meaning, least=-1.0, most=1.0), default=(0.0,), default_source=NEUTRAL)


def by_organisation(of: Any, *, default: Any = MISSING) -> Any:
    """Return a field for a value by organisation; `of` is the field for one."""
    return _field(ByOrganisation(of.metadata["form"]), of.metadata["meaning"], default)


def rows(meaning: str, row: type, *, default: Any = MISSING) -> Any:
    """Return a field for rows of named values."""
    return _field(Rows(row), meaning, default)


def _field(form: Form, meaning: str, default: Any, default_source: Source | None = None, stands_for: str = "") -> Any:
    metadata: Mapping[str, Any] = {
        "form": form,
        "meaning": meaning,
        "default_source": default_source,
        "stands_for": stands_for,
    }
    if default is MISSING:
        return field(metadata=metadata)
    return field(metadata=metadata, default=default)
