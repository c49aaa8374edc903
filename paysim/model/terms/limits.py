"""Terms that limit what earlier terms pay, or share what is spent above or below an expected sum."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, ClassVar

from paysim.model.terms.form import SETTLEMENT, by_year, earlier, named, number, pounds, rows, share, whole
from paysim.model.terms.problems import Problem, in_pounds, negative
from paysim.model.terms.term import Term


def _of() -> Any:
    return earlier("The earlier terms whose payments count.")


def _expected() -> Any:
    return by_year(pounds("Pounds expected in each financial year of the run."))


def _settled() -> Any:
    return whole(
        "Months after the financial year in which it is settled.", most=24, default=2, default_source=SETTLEMENT
    )


@dataclass(frozen=True, slots=True)
class FloorAndCeiling(Term):
    """Brings what earlier terms pay in a year within a floor and a ceiling."""

    KIND: ClassVar[str] = "floor_and_ceiling"
    of: tuple[str, ...] = _of()
    floor: tuple[int, ...] | None = by_year(pounds("The least pounds paid in each financial year."), default=None)
    ceiling: tuple[int, ...] | None = by_year(pounds("The most pounds paid in each financial year."), default=None)
    settled_after_months: int = _settled()

    def problem(self) -> Problem | None:
        """Return a ceiling below the floor, or neither given."""
        if self.floor is None and self.ceiling is None:
            return "found neither floor nor ceiling", "expected at least one of them"
        if self.floor is None or self.ceiling is None:
            return None
        for year in range(max(len(self.floor), len(self.ceiling))):
            floor, ceiling = _of_year(self.floor, year), _of_year(self.ceiling, year)
            if ceiling < floor:
                found = f"found a floor of {in_pounds(floor)} above a ceiling of {in_pounds(ceiling)}"
                return found, f"expected a floor of at most the ceiling in year {year + 1}"
        return None


@dataclass(frozen=True, slots=True)
class CapAndCollar(Term):
    """Brings what earlier terms pay in a year within a share above and a share below an expected sum."""

    KIND: ClassVar[str] = "cap_and_collar"
    of: tuple[str, ...] = _of()
    expected: tuple[int, ...] = _expected()
    cap: float = number("The most paid above the expected sum, as a share of it.", most=10.0)
    collar: float = share("The most that payment falls short of the expected sum, as a share of it.")
    settled_after_months: int = _settled()

    def problem(self) -> Problem | None:
        """Return an expected sum below zero."""
        return negative("an expected sum", self.expected)


@dataclass(frozen=True, slots=True)
class Band:
    """A band of deviation from an expected sum, and the payer's share of what falls into it."""

    over: float = number("Where the band begins, as a share of the expected sum.", most=1000.0)
    payer: float = share("The share of the deviation within the band that the payer bears or keeps.")
    up_to: float | None = number("Where it ends; not given for the last band.", most=1000.0, default=None)


@dataclass(frozen=True, slots=True)
class Corridor(Term):
    """Pays for deviations from an expected sum at marginal rates, band by band."""

    KIND: ClassVar[str] = "corridor"
    of: tuple[str, ...] = _of()
    expected: tuple[int, ...] = _expected()
    above: tuple[Band, ...] = rows("Bands of what is paid above the expected sum.", Band)
    below: tuple[Band, ...] = rows("Bands of what is paid below the expected sum.", Band)
    settled_after_months: int = _settled()

    def problem(self) -> Problem | None:
        """Return an expected sum below zero, or bands with gaps."""
        return (
            negative("an expected sum", self.expected) or _bands_problem("above", self.above)
            or _bands_problem("below", self.below)
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class RiskShare(Term):
    """Shares between payer and payee what earlier terms pay in a year above or below an expected sum."""

    KIND: ClassVar[str] = "risk_share"
    of: tuple[str, ...] = _of()
    expected: tuple[int, ...] = _expected()
    payer_over: float = share(
        "The payer's share of what is paid above the expected sum; the payee gives back the rest."
    )
    payer_under: float = share("The payer's share of what is not spent of the expected sum; the payee gets the rest.")
    limit: tuple[int, ...] | None = by_year(
        pounds("The most pounds that the term moves either way in a financial year."), default=None
    )
    settled_after_months: int = _settled()

    def problem(self) -> Problem | None:
        """Return an expected sum or a limit below zero."""
        return negative("an expected sum", self.expected) or negative("a limit", self.limit or ())


@dataclass(frozen=True, slots=True)
class CostShare(Term):
    """Shares between payer and payee what services cost in a year above or below an expected cost."""

    KIND: ClassVar[str] = "cost_share"
    expected: tuple[int, ...] = by_year(pounds("Pounds that the services are expected to cost in each financial year."))
    payer_over: float = share("The payer's share of costs above the expected: paid to the payee.")
    payer_under: float = share("The payer's share of what costs fall short of the expected: given back by the payee.")
    organisations: tuple[str, ...] | None = named(
        "Whose services' costs count; the payee's unless given.", "organisation", several=True, default=None
    )
    limit: tuple[int, ...] | None = by_year(
        pounds("The most pounds that the term moves either way in a financial year."), default=None
    )
    settled_after_months: int = _settled()

    def pays_without_prices(self) -> bool:
        """Return that it does not: it shares what others have not paid for."""
        return False

    def problem(self) -> Problem | None:
        """Return an expected cost or a limit below zero."""
        return negative("an expected sum", self.expected) or negative("a limit", self.limit or ())


KINDS: tuple[type[Term], ...] = (FloorAndCeiling, CapAndCollar, Corridor, RiskShare, CostShare)


def _bands_problem(name: str, bands: Sequence[Band]) -> Problem | None:
    """Return what is wrong with bands that must follow one another from 0 and end open."""
    if not bands:
        return f"found no bands {name}", "expected at least one, from 0"
    if bands[0].over != 0:
        return f"found that the first band {name} begins at {bands[0].over}", "expected it to begin at 0"
    for before, after in pairwise(bands):
        if before.up_to is None or before.up_to <= before.over:
            found = f"found a band {name} from {before.over} to {before.up_to}"
            return found, "expected it to end above its beginning, as it is not the last one"
        if before.up_to != after.over:
            found = f"found a band {name} that ends at {before.up_to} and one after it that begins at {after.over}"
            return found, "expected each band to begin where the one before ends"
    if bands[-1].up_to is not None:
        return f"found that the last band {name} ends at {bands[-1].up_to}", "expected it to be open, without up_to"
    return None


def _of_year(by_year: Sequence[int], year: int) -> int:
    return by_year[min(year, len(by_year) - 1)]
