"""What a contract may refer to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from paysim.model.organisation import Organisation
from paysim.model.population import Population
from paysim.model.price import PriceTable
from paysim.model.service import Service
from paysim.model.terms.form import Referred


@dataclass(frozen=True)
class ContractNames:
    """What a contract may refer to, by id."""

    start: date
    population: Population
    organisations: Mapping[str, Organisation]
    services: Mapping[str, Service]
    prices: Mapping[str, PriceTable]
    currencies: Mapping[str, object]
    codes: Mapping[str, object]
    pathways: Mapping[str, object]
    measures: Mapping[str, object]
    arrangements: Mapping[str, object]

    @property
    def places(self) -> Mapping[str, object]:
        """The population's places."""
        return dict.fromkeys(self.population.places)

    def of(self, what: Referred) -> Mapping[str, object]:
        """Return what a term may name, by id."""
        known: dict[str, Mapping[str, object]] = {
            "organisation": self.organisations,
            "service": self.services,
            "measure": self.measures,
            "currency": self.currencies,
            "code": self.codes,
            "place": self.places,
            "pathway": self.pathways,
        }
        return known[what]
