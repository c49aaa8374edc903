"""An invented comparison the size of a real one: fourteen organisations, three arrangements, ten replications."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from typing import Any

import numpy as np
import pandas as pd
import pytest

from paysim.intervals import mean_interval
from paysim.model.calendar import period_labels
from paysim.model.contract import Arrangement, Contract, Scope
from paysim.model.evidence import Parameter, Source
from paysim.model.measure import Measure
from paysim.model.organisation import Organisation
from paysim.model.population import Place, Population
from paysim.model.service import CostStructure, OpenHours, SemiFixed, Service
from paysim.model.system import StudyDefaults, System
from paysim.model.terms import Block, BudgetNeutral
from paysim.report.figures import Picture, pictures
from paysim.study.comparison import Comparison
from paysim.study.settings import Settings

BOROUGHS = {"bd": "Barking & Dagenham", "havering": "Havering", "redbridge": "Redbridge"}
ARRANGEMENTS = {"block": "Block", "activity": "Activity-based tariff", "capitation": "Capitation"}
LEAD = "nelft"

# Yearly tariff value and cost in £m; the share of both that moves with activity; the spread of that activity.
PROVIDERS = {
    "bhrut": ("Barking, Havering and Redbridge University Hospitals NHS Trust", 401.0, 448.0, 0.020),
    "barts": ("Barts Health NHS Trust", 148.0, 151.0, 0.030),
    "nelft": ("North East London NHS Foundation Trust", 182.0, 178.0, 0.010),
    **{f"gp_{b}": (f"General practice in {name}", 31.0, 29.5, 0.006) for b, name in BOROUGHS.items()},
}
COUNCILS = {f"council_{b}": (f"London Borough of {name}", 62.0, 61.0, 0.015) for b, name in BOROUGHS.items()}


SETTINGS = Settings(tuple(ARRANGEMENTS), years=1, replications=10, seed=1, sample=1.0, engine="compiled",
                    calibration_replications=4)  # fmt: skip


def invented_system() -> System:
    organisations = {
        "nhs_england": Organisation("nhs_england", "NHS England", "funder"),
        "taxation": Organisation("taxation", "Local taxation", "funder"),
        **{f"ccg_{b}": Organisation(f"ccg_{b}", f"NHS {name} CCG", "commissioner") for b, name in BOROUGHS.items()},
        **{i: Organisation(i, name, "council") for i, (name, *_) in COUNCILS.items()},
        **{i: Organisation(i, name, "provider") for i, (name, *_) in PROVIDERS.items()},
    }
    sources = {
        "accounts": Source("accounts", "NHS Improvement, Provider accounts <2017/18>", "2017-18", "cited"),
        "costs": Source(
            "costs", "NHS Improvement, Reference costs, https://example.org/a", "2016-17", "derived", "sum"
        ),
        "panel": Source("panel", "Assumed: split by bed numbers & hours", "2017-18", "assumed"),
    }
    kinds = [sources["accounts"], sources["costs"], sources["panel"], None]
    paths = [f"{block}.{i}.{key}" for block, ids in (("service", _services()), ("pathway", ("emergency", "planned")))
             for i in ids for key in ("capacity", "cost", "duration")]  # fmt: skip
    parameters = tuple(Parameter(path, str(n), kinds[n % len(kinds)]) for n, path in enumerate(paths))
    cells = range(len(BOROUGHS) * 2 * 5)
    population = Population(
        tuple(BOROUGHS),
        ("all ages",),
        np.array([c // 10 for c in cells], dtype=np.int16),
        np.array([c % 10 for c in cells], dtype=np.int16),
        np.array([25_618] * len(cells), dtype=np.int64),
    )
    services = _services()
    arrangements = {i: _arrangement(i, name, tuple(services)) for i, name in ARRANGEMENTS.items()}
    measures = [
        Measure("gp", "GP consultations", "rate", (), None, 0.03),
        Measure("ae", "A&E attendances", "rate", (), None, 0.03),
        Measure("stay", "Mean stay of non-elective long stays", "stay", (), None, 0.05),
        Measure("readmission", "Emergency readmission within 30 days", "readmission", (), None, 0.01, absolute=True),
        Measure("four_hour", "Four-hour standard", "within", (), None, None, explanation="Queues for beds: left out"),
        Measure("occupancy", "Bed occupancy", "occupancy", (), None, None),
    ]
    return System(
        "Barking & Dagenham, Havering and Redbridge", "What would each organisation keep?", date(2017, 4, 1), "2017-18",
        population, {b: Place(b, name) for b, name in BOROUGHS.items()}, organisations, services, {}, {}, {}, {}, {},
        {m.id: m for m in measures}, arrangements, StudyDefaults(tuple(ARRANGEMENTS), 1, 10, 1, 1.0, 60, 4),
        sources, parameters, "f" * 64,
    )  # fmt: skip


def _services() -> dict[str, Service]:
    hours = tuple(OpenHours(day * 24 + 8, day * 24 + 18.5) for day in range(5))
    wards = CostStructure(120_000_000_00, SemiFixed(28, 3_000_000_00, 6), 12_000, 9_500)
    small = CostStructure(2_000_000_00, None, 3_600)
    return {
        "wards": Service("wards", "Queen's and King George wards", "bhrut", "acute", "beds", 892, (), "fifo", wards),
        "ed": Service("ed", "Emergency department", "bhrut", "urgent care", "cubicles", 90, (), "priority", small),
        "other": Service("other", "Wards at Barts Health", "barts", "acute", "beds", 260, (), "fifo", wards),
        "crisis": Service("crisis", "Crisis team", "nelft", "mental health", "clinicians", 40, (), "fifo", small),
        "nurses": Service("nurses", "Community nursing", "nelft", "community", "nurses", 160, hours, "fifo", small),
        **{f"surgery_{b}": Service(f"surgery_{b}", f"Surgeries in {n}", f"gp_{b}", "general practice", "clinicians",
                                   310, hours, "fifo", small) for b, n in BOROUGHS.items()},
        **{f"care_{b}": Service(f"care_{b}", f"Home care in {n}", f"council_{b}", "social care", "carers",
                                900, (), "fifo", small) for b, n in BOROUGHS.items()},
    }  # fmt: skip


def _arrangement(id: str, name: str, services: tuple[str, ...]) -> Arrangement:
    scope = Scope(services, tuple(BOROUGHS))
    terms = (Block("sum", BudgetNeutral("activity")),)
    return Arrangement(id, name, tuple(Contract(f"{b}_{id}", f"ccg_{b}", "bhrut", scope, terms) for b in BOROUGHS))


def invented_flows(settings: Settings) -> tuple[pd.DataFrame, dict[tuple[int, str, str], int]]:
    """Flows, and the cost in pence by (replication, period, organisation)."""
    random = np.random.default_rng(settings.seed)
    periods = period_labels(date(2017, 4, 1), settings.years * 12)
    rows, costs = [], {}
    for replication in range(settings.replications):
        for period in periods:
            for i, (_, value, cost, spread) in (PROVIDERS | COUNCILS).items():
                factor = 1 + random.normal(0, spread * 3)
                costs[replication, period, i] = round(cost * 1e8 / 12 * (0.8 + 0.2 * factor))
                borough = i.split("_")[1] if "_" in i else None
                for arrangement in settings.arrangements:
                    paid = value * 1e8 / 12 * (factor if arrangement == "activity" else 1.0)
                    key = (arrangement, replication, period)
                    if i in COUNCILS:
                        rows.append((*key, "taxation", i, f"social_{borough}", "sum", round(paid)))
                        continue
                    if i in ("bhrut", "barts"):
                        rows.append((*key, "nhs_england", i, "specialised", "tariff", round(paid * 0.2)))
                        paid *= 0.8
                    lead = arrangement == "capitation" and i != LEAD
                    for b in [borough] if borough else BOROUGHS:
                        share = paid if borough else paid / 3
                        rows.append((*key, f"ccg_{b}", LEAD if lead else i, f"care_{b}", "sum", round(share)))
                    if lead:
                        rows.append((*key, LEAD, i, "sub", "tariff", round(paid * (0.25 * factor + 0.73))))
    names = ["arrangement", "replication", "period", "payer", "payee", "contract", "term", "amount_pence"]
    return pd.DataFrame(rows, columns=names), costs


def accounts_of(system: System, settings: Settings, flows: pd.DataFrame, costs: dict[Any, int]) -> pd.DataFrame:
    keys = ["arrangement", "replication", "period"]
    got = flows.groupby([*keys, "payee"])["amount_pence"].sum().to_dict()
    gave = flows.groupby([*keys, "payer"])["amount_pence"].sum().to_dict()
    rows = []
    for arrangement in settings.arrangements:
        for replication in range(settings.replications):
            for period in period_labels(system.start, settings.years * 12):
                for o in system.organisations:
                    key = (arrangement, replication, period, o)
                    income, cost = got.get(key, 0) - gave.get(key, 0), costs.get(key[1:], 0)
                    rows.append((*key, income, cost, income - cost))
    return pd.DataFrame(rows, columns=[*keys, "organisation", "income_pence", "cost_pence", "surplus_pence"])


def surplus_of(settings: Settings, accounts: pd.DataFrame) -> pd.DataFrame:
    keys = ["organisation", "arrangement", "replication"]
    pence = accounts.groupby(keys)[["income_pence", "cost_pence", "surplus_pence"]].sum()
    yearly = pence.unstack("replication") / 100 / settings.years
    rows = []
    for o in dict.fromkeys(accounts["organisation"]):
        for a in settings.arrangements:
            income, cost, kept = (yearly.loc[(o, a), part].to_numpy() for part in pence.columns)
            first = yearly.loc[(o, settings.arrangements[0]), "surplus_pence"].to_numpy()
            row = (o, a, income.mean(), cost.mean(), *mean_interval(kept), *mean_interval(kept - first))
            rows.append((*row, settings.replications))
    names = ["organisation", "arrangement", "income", "cost", "surplus", "surplus_low", "surplus_high", "difference",
             "difference_low", "difference_high", "replications"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


def risk_of(settings: Settings, accounts: pd.DataFrame) -> pd.DataFrame:
    year = accounts.groupby("period").ngroup() // 12
    keys = ["organisation", "arrangement"]
    outcomes = accounts.groupby([*keys, "replication", year.rename("year")])["surplus_pence"].sum() / 100
    rows = []
    for o in dict.fromkeys(accounts["organisation"]):
        for a in settings.arrangements:
            kept = outcomes.loc[(o, a)]
            away = kept - kept.groupby("year").transform("mean")
            spread = np.sqrt((away**2).sum() / (len(away) - settings.years)) if settings.replications > 1 else np.nan
            scale = np.sqrt(settings.sample)
            low = kept.mean() + away.quantile(0.05) * scale if settings.replications > 1 else np.nan
            rows.append((o, a, kept.mean(), spread * scale, low, settings.replications))
    names = [*keys, "surplus", "standard_deviation", "fifth_percentile", "replications"]
    return pd.DataFrame(rows, columns=names)


def reconciliation_rows(single: bool) -> pd.DataFrame:
    nan = float("nan")
    rows = [
        ("gp", "GP consultations", "rate", 5.21, 5.18, 5.24, 5.16, 0.0097, 0.03, True, ""),
        ("ae", "A&E attendances", "rate", 0.462, 0.455, 0.469, 0.425, 0.087, 0.03, False, "Walk-in centres: counted"),
        ("stay", "Mean stay of non-elective long stays", "stay", 8.9, 8.7, 9.1, 8.8, 0.0114, 0.05, True, ""),
        ("readmission", "Emergency readmission within 30 days", "readmission", 0.142, 0.139, 0.145, 0.138, 0.004,
         0.01, True, ""),
        ("four_hour", "Four-hour standard", "within", 0.93, 0.92, 0.94, 0.80, 0.1625, nan, None, "Queues for beds"),
        ("occupancy", "Bed occupancy", "occupancy", 0.91, 0.90, 0.92, nan, nan, nan, None, ""),
    ]  # fmt: skip
    names = ["measure", "name", "kind", "simulated", "low", "high", "reference", "difference", "tolerance",
             "within_tolerance", "explanation"]  # fmt: skip
    table = pd.DataFrame(rows, columns=names)
    table = table.assign(absolute=table["kind"] == "readmission", replications=1 if single else 10)
    return table.assign(low=nan, high=nan) if single else table


def activity_rows(system: System, settings: Settings) -> pd.DataFrame:
    random = np.random.default_rng(2)
    rows = []
    for service in system.services:
        busy = random.uniform(0.35, 0.99)
        rows += [(service, place, count := random.uniform(9e3, 1e6), count / 256_180, random.exponential(2.0),
                  random.exponential(0.3), busy, settings.replications) for place in system.places]  # fmt: skip
    names = ["service", "place", "count", "rate_per_head", "mean_wait_days", "mean_stay_days", "utilisation",
             "replications"]  # fmt: skip
    return pd.DataFrame(rows, columns=names)


NO_CASH = pd.DataFrame(columns=["arrangement", "replication", "month", "organisation", "cash_pence"])


def invent(**changes: Any) -> Comparison:
    settings, system = replace(SETTINGS, **changes), invented_system()
    flows, costs = invented_flows(settings)
    accounts = accounts_of(system, settings, flows, costs)
    neutral = pd.DataFrame(
        [("block", "care_bd", "sum", 211_345_678.9, float("nan"), 345_000.0, 4),
         ("capitation", "care_bd", "sum", 233_345_678.9, 1101.25, 345_000.0, 4)],
        columns=["arrangement", "contract", "term", "annual", "per_head", "standard_error", "replications"],
    )  # fmt: skip
    provenance = {"paysim": "0.1.0", "python": "3.11", "config": {"sha256": system.fingerprint, "files": ["a", "b"]}}
    return Comparison(
        system, settings, flows, accounts, surplus_of(settings, accounts), activity_rows(system, settings),
        reconciliation_rows(settings.replications == 1), neutral, risk_of(settings, accounts), NO_CASH, provenance,
    )  # fmt: skip


@pytest.fixture(scope="session")
def comparison() -> Comparison:
    return invent()


@pytest.fixture(scope="session")
def drawn(comparison: Comparison) -> tuple[Picture, ...]:
    return pictures(comparison)


@pytest.fixture(scope="session")
def other() -> Callable[..., Comparison]:
    """Make a comparison with other settings."""
    return invent
