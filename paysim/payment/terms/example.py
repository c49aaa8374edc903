"""A contract between a commissioner and a provider, to try a term on."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from functools import partial

import numpy as np

from paysim.model.calendar import MONTHS_PER_YEAR
from paysim.model.contract import Contract, Scope
from paysim.model.money import to_pence
from paysim.model.organisation import Organisation
from paysim.model.population import Place, Population
from paysim.model.service import CostStructure, Service
from paysim.model.system import StudyDefaults, System
from paysim.payment.terms.seen import Flow, Paid, Pence, PenceByResident, Seen

PAYER, PAYEE = "commissioner", "provider"
FUNDER, SUBCONTRACTOR = "funder", "subcontractor"

ByYear = float | Sequence[float]
"""Pounds in each financial year, or in the only one."""


def seen_of(
    *,
    values: Mapping[str, ByYear] | None = None,
    paid: Mapping[str, ByYear] | None = None,
    costs: Mapping[str, ByYear] | None = None,
    measures: Mapping[str, Sequence[Fraction | None]] | None = None,
    residents: int = 1000,
    partners: Sequence[str] = (),
    received: Mapping[str, ByYear] | None = None,
    paid_on: Mapping[str, ByYear] | None = None,
    values_by_resident: Mapping[str, Sequence[Sequence[float]]] | None = None,
    months: int = MONTHS_PER_YEAR,
) -> Seen:
    """Return what a term of a contract between PAYER and PAYEE sees.

    `values` is what its activity comes to at the prices of its terms, by term; `paid` is what PAYER paid PAYEE under
    earlier terms, by term, or under earlier contracts, by 'contract.term', to a partner by 'contract.term.partner';
    `costs` is what the services of each organisation cost: pounds by financial year, spread over its months as evenly
    as whole pence allow. `measures` are by financial year.

    `received` is what FUNDER paid PAYER, and `paid_on` what PAYEE paid SUBCONTRACTOR, under earlier contracts, by
    'contract.term'. `values_by_resident` is what each resident's activity comes to at the prices of a term: pounds by
    financial year.
    """
    organisations = (PAYER, PAYEE, FUNDER, SUBCONTRACTOR, *partners)
    contract = Contract("contract", PAYER, PAYEE, Scope((), ("town",)), ())
    cost = {f"{owner}_service": _spread(pounds, months) for owner, pounds in (costs or {}).items()}
    return Seen(
        system=_system(organisations, tuple(costs or {}), residents),
        contract=contract,
        periods=months,
        values={term: _spread(pounds, months) for term, pounds in (values or {}).items()},
        paid=(
            *(_paid(name, _spread(pounds, months)) for name, pounds in (paid or {}).items()),
            *(_between(FUNDER, PAYER, name, _spread(pounds, months)) for name, pounds in (received or {}).items()),
            *(
                _between(PAYEE, SUBCONTRACTOR, name, _spread(pounds, months))
                for name, pounds in (paid_on or {}).items()
            ),
        ),
        cost_of_services=lambda: cost,
        measures=lambda: {name: tuple(by_year) for name, by_year in (measures or {}).items()},
        by_resident={term: partial(_in_pence, pounds) for term, pounds in (values_by_resident or {}).items()},
    )


def in_pounds(flow: Flow) -> float:
    """Return all that a flow moves, in pounds."""
    return int(flow.pence.sum()) / 100


def _paid(name: str, pence: Pence) -> Paid:
    contract, _, rest = name.rpartition(".") if name.count(".") < 2 else name.partition(".")
    term, _, partner = rest.partition(".")
    return Paid(contract or "contract", term, Flow(PAYER, partner or PAYEE, pence))


def _between(payer: str, payee: str, name: str, pence: Pence) -> Paid:
    contract, _, term = name.partition(".")
    return Paid(contract, term, Flow(payer, payee, pence))


def _in_pence(pounds: Sequence[Sequence[float]]) -> PenceByResident:
    return np.array([[to_pence(amount) for amount in by_year] for by_year in pounds], dtype=np.int64)


def _spread(pounds: ByYear, months: int) -> Pence:
    by_year = [pounds] if isinstance(pounds, int | float) else pounds
    spread = np.zeros(months, dtype=np.int64)
    for number, amount in enumerate(by_year):
        first = number * MONTHS_PER_YEAR
        length = min(MONTHS_PER_YEAR, months - first)
        totals = [to_pence(amount) * month // length for month in range(length + 1)]
        spread[first : first + length] = np.diff(np.array(totals, dtype=np.int64))
    return spread


def _system(organisations: Sequence[str], with_services: Sequence[str], residents: int) -> System:
    services = [
        Service(f"{owner}_service", owner, owner, "acute", "beds", 1, (), "fifo", CostStructure())
        for owner in with_services
    ]
    nobody = np.zeros(1, dtype=np.int16)
    return System(
        title="A town",
        question="What does a term pay?",
        start=date(2017, 4, 1),
        price_year="2017-18",
        population=Population(("town",), ("0+",), nobody, nobody, np.array([residents], dtype=np.int64)),
        places={"town": Place("town", "Town")},
        organisations={id: Organisation(id, id, "provider") for id in organisations},
        services={service.id: service for service in services},
        currencies={},
        prices={},
        case_mixes={},
        timings={},
        pathways={},
        measures={},
        arrangements={},
        study=StudyDefaults((), 1, 1, 1, 1.0, 0, 1),
        sources={},
        parameters=(),
        fingerprint="",
    )
