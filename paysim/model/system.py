"""The whole system: everything that a config says, resolved."""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from datetime import date
from functools import cached_property

from paysim.model.contract import Arrangement
from paysim.model.digest import digest_of
from paysim.model.errors import InputError
from paysim.model.evidence import Parameter, Source
from paysim.model.health import NO_HEALTH, Health
from paysim.model.lever import Lever
from paysim.model.measure import Measure
from paysim.model.need import Need
from paysim.model.objective import Objective
from paysim.model.organisation import Organisation
from paysim.model.pathway import CaseMix, Pathway, Step, Timing
from paysim.model.population import Place, Population
from paysim.model.price import Currency, PriceTable
from paysim.model.service import CostStructure, Service


@dataclass(frozen=True, slots=True)
class StudyDefaults:
    """What `compare` does unless told otherwise. `sample` is the share of residents simulated."""

    arrangements: tuple[str, ...]
    years: int
    replications: int
    seed: int
    sample: float
    warm_up_days: int
    calibration_replications: int


_WHERE_FROM = ("fingerprint", "configured", "sources", "parameters", "own_terms")


@dataclass(frozen=True, eq=False)
class System:
    """A local health and care system. Mappings are keyed by id and keep the order of the config.

    Of each name there is one price table: terms of its arrangements pay by that of `prices`, where it has the name.

    `fingerprint` is the SHA-256 of the resolved config and its tables; results carry it as provenance. Without `need`
    residents keep their segment and nobody dies. `own_terms` are the paths of the Python files that define terms of its
    own. `configured` is the `content` that the config gave it, empty without one.
    """

    title: str
    question: str
    start: date
    price_year: str
    population: Population
    places: Mapping[str, Place]
    organisations: Mapping[str, Organisation]
    services: Mapping[str, Service]
    currencies: Mapping[str, Currency]
    prices: Mapping[str, PriceTable]
    case_mixes: Mapping[str, CaseMix]
    timings: Mapping[str, Timing]
    pathways: Mapping[str, Pathway]
    measures: Mapping[str, Measure]
    arrangements: Mapping[str, Arrangement]
    study: StudyDefaults
    sources: Mapping[str, Source]
    parameters: tuple[Parameter, ...]
    fingerprint: str
    need: Need | None = None
    own_terms: tuple[str, ...] = ()
    levers: Mapping[str, Lever] = field(default_factory=dict)
    health: Health = NO_HEALTH
    objectives: Mapping[str, Objective] = field(default_factory=dict)
    configured: str = ""

    def __post_init__(self) -> None:
        paying = (
            (arrangement, contract, term, table)
            for arrangement in self.arrangements.values()
            for contract in arrangement.contracts
            for term in contract.terms
            for table in term.price_tables().values()
        )
        for arrangement, contract, term, table in paying:
            if (listed := self.prices.get(table.id, table)) is not table and listed != table:
                where = f"arrangement {arrangement.id}, contract {contract.id}, term {term.id}"
                expected = "expected one table of a name, as paysim.with_prices gives it to both"
                raise InputError("", f"prices.{table.id}", f"found another table than {where} pays by", expected)

    @cached_property
    def content(self) -> str:
        """The SHA-256 of all that the system says, apart from where its config came from."""
        names = [each.name for each in fields(self) if each.name not in _WHERE_FROM]
        return digest_of({name: getattr(self, name) for name in names})

    @property
    def altered(self) -> bool:
        """Whether the system says something else than its config, as where it was changed in Python."""
        return self.configured != "" and self.content != self.configured

    def __repr__(self) -> str:
        # The whole of it would be megabytes, in every notebook that shows a system or what holds one.
        parts = ("organisations", "services", "pathways", "arrangements")
        sizes = ", ".join(f"{name}={len(getattr(self, name))}" for name in parts)
        residents, digest = self.population.total, self.fingerprint[:12]
        return f"System(title={self.title!r}, residents={residents}, {sizes}, fingerprint={digest!r})"

    @cached_property
    def simulated(self) -> str:
        """The SHA-256 of what residents live through, money aside."""
        services = {id: replace(service, cost=CostStructure()) for id, service in self.services.items()}
        timing = (self.start, self.study.warm_up_days, self.timings)
        return digest_of((self.population, self.need, services, self.pathways, self.case_mixes, timing))

    @cached_property
    def steps(self) -> Mapping[str, Step]:
        """All steps by id, pathway after pathway: the order behind the activity's step numbers."""
        return {step.id: step for pathway in self.pathways.values() for step in pathway.steps}

    @cached_property
    def codes(self) -> tuple[str, ...]:
        """All codes that a step can be recorded with, or has a price: the order behind the activity's code numbers."""
        codes = {step.code for step in self.steps.values() if step.code}
        codes |= {entry.code for mix in self.case_mixes.values() for entry in mix.entries}
        codes |= {code for table in self.prices.values() for _, code in table.prices if code}
        return tuple(sorted(codes))

    @cached_property
    def service_ids(self) -> tuple[str, ...]:
        """The services' ids: the order behind the activity's service numbers."""
        return tuple(self.services)

    @cached_property
    def step_ids(self) -> tuple[str, ...]:
        """The steps' ids: the order behind the activity's step numbers."""
        return tuple(self.steps)
