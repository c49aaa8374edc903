"""The question what activity comes to at some prices."""

from dataclasses import dataclass
from typing import Protocol

from paysim.model.contract import Contract
from paysim.model.price import PriceTable


@dataclass(frozen=True, slots=True)
class Readmissions:
    """Only spells that begin within so many days of the same resident's discharge from an earlier spell.

    `of` names the currencies of the readmission and `after` those of the earlier spell (None: any), `exempt` the codes
    of the readmission that do not count, `youngest` the age in years from which residents count: all of a
    band unless at least half of its ages are below.
    """

    within_days: int
    of: tuple[str, ...] | None = None
    after: tuple[str, ...] | None = None
    exempt: tuple[str, ...] = ()
    youngest: int = 0


@dataclass(frozen=True, slots=True)
class Valuation:
    """What each unit of activity in a contract's scope is worth.

    Only these `currencies` (None: all), at the prices of the table (with top-ups where the payee is eligible), grown by
    `price_growth` year by year, times the payee's market forces factor if asked to; only `readmissions` if given.
    """

    prices: PriceTable
    market_forces_factor: bool = False
    price_growth: tuple[float, ...] = (0.0,)
    currencies: tuple[str, ...] | None = None
    top_ups: bool = False
    readmissions: Readmissions | None = None


class WithPrices(Protocol):
    """A term with the usual parameters of a price list."""

    @property
    def prices(self) -> PriceTable:
        """The price list."""

    @property
    def market_forces_factor(self) -> bool:
        """Whether prices are multiplied by the payee's factor."""

    @property
    def price_growth(self) -> tuple[float, ...]:
        """Growth of prices by financial year."""

    @property
    def currencies(self) -> tuple[str, ...] | None:
        """The only currencies that it is for, if any."""


def at_its_prices(term: WithPrices, contract: Contract) -> Valuation:
    """Return how a term with the usual parameters of a price list values activity."""
    return Valuation(term.prices, term.market_forces_factor, term.price_growth, term.currencies)
