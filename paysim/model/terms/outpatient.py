"""Terms: outpatient attendances."""

from dataclasses import dataclass
from typing import ClassVar

from paysim.model.price import PriceTable
from paysim.model.terms.form import flag, named, number, prices, share
from paysim.model.terms.problems import Problem
from paysim.model.terms.term import Term


@dataclass(frozen=True, slots=True)
class OutpatientTariff(Term):
    """Pays for outpatient attendances, with a share of the follow-ups' price moved into that of first attendances."""

    KIND: ClassVar[str] = "outpatient_tariff"
    prices: PriceTable = prices("The price list, before anything is moved.")
    first: str = named("Currency of first attendances.", "currency")
    follow_up: str = named("Currency of follow-up attendances.", "currency")
    moved: float = share("Share of the follow-ups' price that is moved.")
    follow_ups_per_first: float = number("Follow-ups for each first attendance that the prices are set for.")
    market_forces_factor: bool = flag("Whether prices are multiplied by the payee's factor.")

    def problem(self) -> Problem | None:
        """Return a code whose follow-ups have a price of their own and lose a share of it to no first attendance."""
        alone = sorted(self._codes(self.follow_up) - self._codes(self.first))
        if self.moved == 0 or not alone:
            return None
        found = f"found a price of {self.follow_up} with code {alone[0]!r}, and none of {self.first} with that code"
        return found, "expected one, as the share moved belongs to first attendances of the same code"

    def _codes(self, currency: str) -> set[str]:
        """Return the codes that have a price of their own in a currency."""
        return {code for of, code in self.prices.prices if of == currency and code}

    def follows_residents(self) -> bool:
        """Return that it does."""
        return True
