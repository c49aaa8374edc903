"""A small town made by hand: two places, a practice, two hospitals, and a step for every way of counting."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

import numpy as np

from paysim.model.activity import Activity, Run
from paysim.model.contract import Arrangement, Contract, Scope
from paysim.model.organisation import Organisation
from paysim.model.pathway import CaseMix, CaseMixEntry, Pathway, ServiceChoice, Step
from paysim.model.population import Place, Population
from paysim.model.price import Currency, Price, PriceTable
from paysim.model.service import CostStructure, Service
from paysim.model.system import StudyDefaults, System
from paysim.model.terms import Tariff, Term

PLACES = ("hill", "vale")
COMMISSIONERS = {"hill": "hill_ccg", "vale": "vale_ccg"}
PROVIDERS = ("practice", "hospital", "infirmary")
SERVICES = {
    "surgery": "practice",
    "medicine": "hospital",
    "surgical": "hospital",
    "infirmary": "infirmary",
}
CODES = ("AA22C", "LA04S")
RESIDENTS = 1_000
"""600 in hill (numbers 0 to 599: 500 below 65, then 100 of 65 and over), 400 in vale."""

PROFILES = 20
"""Two age bands, two sexes, five quintiles."""

STEPS = {
    # step: (currency, admitted)
    "consultation": ("consultation", False),
    "ward": ("non_elective", True),
    "theatre": ("elective", True),
    "awaiting_care": (None, True),
    "rehabilitation": ("bed_day", True),
    "call": (None, False),
}
COUNTED = {"consultation": "step", "non_elective": "spell", "elective": "spell", "bed_day": "day"}

# National Tariff Payment System 2017/18, Annex A: the spells of AA22C and LA04S (elective LA04S without its trim point,
# to have one such). The others are made up.
PRICES = {
    ("consultation", ""): Price(37_00),
    ("non_elective", "AA22C"): Price(9_766_00, 98, 240_00),
    ("non_elective", "LA04S"): Price(861_00, 8, 216_00),
    ("elective", "AA22C"): Price(8_207_00, 117, 240_00),
    ("elective", "LA04S"): Price(464_00),
    ("bed_day", ""): Price(213_45),
}
NATIONAL = PriceTable("national", "National prices", PRICES)


@dataclass(frozen=True)
class Row:
    """One step, for an Activity made by hand; times in days."""

    step: str
    service: str
    start: float
    stay: float
    episode: int = 0
    resident: int = 0
    code: str | None = None
    wait: float = 0.0


def town(market_forces_factor: float = 1.0976, costs: Mapping[str, CostStructure] | None = None) -> System:
    steps = tuple(
        Step(
            id=id,
            name=id,
            service=ServiceChoice(id, tuple(SERVICES), np.full((2, len(SERVICES)), 1 / len(SERVICES))),
            duration=None,
            currency=currency,
            code=None,
            case_mix="medical" if admitted else None,
            admitted=admitted,
            priority=1,
            branches=(),
        )
        for id, (currency, admitted) in STEPS.items()
    )
    organisations = [Organisation(ccg, ccg, "commissioner") for ccg in COMMISSIONERS.values()] + [
        Organisation(provider, provider, "provider", market_forces_factor if provider == "hospital" else 1.0)
        for provider in PROVIDERS
    ]
    services = [
        Service(id, id, owner, "acute", "beds", 10, (), "fifo", (costs or {}).get(id, CostStructure()))
        for id, owner in SERVICES.items()
    ]
    return System(
        title="A town",
        question="What does it cost?",
        start=date(2017, 4, 1),
        price_year="2017-18",
        population=Population(
            places=PLACES,
            age_bands=("0-64", "65+"),
            place=np.array([0, 0, 1], dtype=np.int16),
            profile=np.array([0, 10, 4], dtype=np.int16),
            residents=np.array([500, 100, 400]),
        ),
        places={place: Place(place, place) for place in PLACES},
        organisations={organisation.id: organisation for organisation in organisations},
        services={service.id: service for service in services},
        currencies={id: Currency(id, id, counted) for id, counted in COUNTED.items()},
        prices={"national": NATIONAL},
        case_mixes={"medical": CaseMix("medical", tuple(CaseMixEntry(code, 0.5, None) for code in CODES))},
        timings={},
        pathways={"care": Pathway("care", "Care", "consultation", None, steps)},
        measures={},
        arrangements={},
        study=StudyDefaults((), 1, 1, 1, 1.0, 0, 1),
        sources={},
        parameters=(),
        fingerprint="",
    )


def activity(system: System, rows: Iterable[Row], years: int = 1, weight: float = 1.0) -> Activity:
    """Return the rows as an Activity, in order of their end."""
    ordered = sorted(rows, key=lambda row: (row.start + float(np.float32(row.stay)), row.start, row.episode))
    codes = {code: index for index, code in enumerate(system.codes)} | {None: -1}

    def column(dtype: type, values: Iterable[float]) -> np.ndarray:
        return np.array(list(values), dtype=dtype)

    return Activity(
        system=system,
        run=Run(years, 1, 0, 1 / weight, "by hand", months=12 * years),
        weight=weight,
        resident=column(np.int32, (row.resident for row in ordered)),
        episode=column(np.int32, (row.episode for row in ordered)),
        step=column(np.int16, (system.step_ids.index(row.step) for row in ordered)),
        service=column(np.int16, (system.service_ids.index(row.service) for row in ordered)),
        code=column(np.int16, (codes[row.code] for row in ordered)),
        start=column(np.float64, (row.start for row in ordered)),
        wait=column(np.float32, (row.wait for row in ordered)),
        stay=column(np.float32, (row.stay for row in ordered)),
    )


def rows_of(whole: Activity, chosen: np.ndarray) -> Activity:
    """Return an activity with these rows only, in the order given."""
    columns = ("resident", "episode", "step", "service", "code", "start", "wait", "stay")
    return replace(whole, **{column: getattr(whole, column)[chosen] for column in columns})


def scope(*providers: str, places: tuple[str, ...] = PLACES) -> Scope:
    return Scope(tuple(service for service, owner in SERVICES.items() if owner in providers), places)


def arrangement(id: str, *contracts: Contract) -> Arrangement:
    return Arrangement(id, id, contracts)


def contract(payer: str, payee: str, *terms: Term, scope: Scope) -> Contract:
    return Contract(f"{payer}:{payee}", payer, payee, scope, terms)


def by_commissioner(*terms: Term, id: str = "activity") -> Arrangement:
    """Return an arrangement in which each place's commissioner pays each provider by these terms."""
    return arrangement(
        id,
        *(
            contract(ccg, provider, *terms, scope=scope(provider, places=(place,)))
            for place, ccg in COMMISSIONERS.items()
            for provider in PROVIDERS
        ),
    )


def tariff(prices: PriceTable = NATIONAL, market_forces_factor: bool = True) -> Tariff:
    return Tariff("tariff", prices, market_forces_factor)
