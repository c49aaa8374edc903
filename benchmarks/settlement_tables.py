"""What the tariff's rules need, as plain tables, for settlement in Polars and pandas."""

from typing import NamedTuple

import numpy as np
from ten_arrangements import EMERGENCY, EXEMPT_CODES, WITHIN_DAYS, YOUNGEST, paid_by_tariff, price_lists

from paysim.model.calendar import period_starts
from paysim.model.price import Price
from paysim.model.system import System
from paysim.payment.ledger import Ledger

MILLION = 1_000_000
NO_TRIM_POINT = 2**31 - 1
SAME_MOMENT = 0.5 / 2**14

Values = dict[tuple[str, str, str], list[int]]
"""Pence by month, by price list, contract and term."""

TERMS = ("other", "emergency", "readmissions")

PRICE_LIST_OF_EACH = (0, 1, 2, 0, 1, 0, 0, 0, 1, 0)
"""Which price list each of the ten arrangements values activity at, in their order."""


class Tables(NamedTuple):
    """Tables by number of step, service, day, resident's cell, contract, and unit (currency and code)."""

    contracts: list[str]
    prices: list[str]
    admitted: np.ndarray
    counted: np.ndarray
    """0 by the step, 1 by the spell, 2 by the day, -1 without a currency; by step."""
    currency: np.ndarray
    emergency: np.ndarray
    """By currency."""
    organisation: np.ndarray
    """By service."""
    contract: np.ndarray
    """By place and service, -1 where no trust is paid."""
    factor: np.ndarray
    """Millionths, by contract."""
    month: np.ndarray
    """By day."""
    place_ends: list[int]
    """The first resident after each place's."""
    cell_ends: np.ndarray
    """The first resident after each cell's."""
    old_enough: np.ndarray
    """By cell."""
    rates: list[dict[str, np.ndarray]]
    """For each price list: price, short stay, trim point, long stay and addition, by unit."""
    codes: int
    exempt: int
    within_days: int


def tables_of(system: System) -> Tables:
    """Return the tables of a system and of the tariffs among the ten arrangements."""
    steps, currencies = list(system.steps.values()), list(system.currencies)
    counted = {currency.id: ("step", "spell", "day").index(currency.counted) for currency in system.currencies.values()}
    with_trusts = [contract for contract in system.arrangements["activity"].contracts if paid_by_tariff(contract)]
    organisations, population = list(system.organisations), system.population
    contract = np.full((len(system.places), len(system.services)), -1)
    for number, each in enumerate(with_trusts):
        (place,) = each.scope.places
        contract[list(system.places).index(place), [system.service_ids.index(id) for id in each.scope.services]] = (
            number
        )
    factors = [system.organisations[each.payee].market_forces_factor for each in with_trusts]
    starts = period_starts(system.start, 12)
    return Tables(
        contracts=[each.id for each in with_trusts],
        prices=[prices.id for prices in price_lists(system)],
        admitted=np.array([step.admitted for step in steps]),
        counted=np.array([counted[step.currency] if step.currency else -1 for step in steps]),
        currency=np.array([currencies.index(step.currency) if step.currency else -1 for step in steps]),
        emergency=np.array([currency in EMERGENCY for currency in currencies]),
        organisation=np.array([organisations.index(each.organisation) for each in system.services.values()]),
        contract=contract,
        factor=np.array([round(factor * MILLION) for factor in factors]),
        month=np.repeat(np.arange(12), np.diff(starts).astype(int)),
        place_ends=np.cumsum(population.by_place()).tolist(),
        cell_ends=np.cumsum(population.residents),
        old_enough=~population.mostly_below(YOUNGEST)[population.profile],
        rates=[_rates(system, prices.prices) for prices in price_lists(system)],
        codes=len(system.codes),
        exempt=EXEMPT_CODES,
        within_days=WITHIN_DAYS,
    )


def _rates(system: System, prices: dict[tuple[str, str], Price]) -> dict[str, np.ndarray]:
    units = [
        prices.get((currency, code)) or prices.get((currency, "")) or Price(0)
        for currency in system.currencies
        for code in (*system.codes, "")
    ]
    return {
        "price": np.array([unit.pence for unit in units]),
        "short_stay": np.array(
            [unit.pence if unit.short_stay_pence is None else unit.short_stay_pence for unit in units]
        ),
        "trim_point": np.array([NO_TRIM_POINT if u.trim_point_days is None else u.trim_point_days for u in units]),
        "long_stay": np.array([unit.long_stay_pence_per_day for unit in units]),
        "addition": np.array([unit.top_up_pence + unit.addition_pence for unit in units]),
    }


def of_one_list(tables: Tables, number: int) -> Tables:
    """Return the tables with one of the price lists alone."""
    return tables._replace(prices=tables.prices[number : number + 1], rates=tables.rates[number : number + 1])


def nothing_paid(tables: Tables) -> Values:
    """Return 0 for every price list, contract, term and month."""
    return {
        (prices, contract, term): [0] * 12
        for prices in tables.prices
        for contract in tables.contracts
        for term in TERMS
    }


def values_of(tables: Tables, ledgers: list[Ledger]) -> Values:
    """Return what the tariffs among the ledgers pay, and what the readmission rule takes back, as `Values`."""
    of_prices = dict(zip(tables.prices, ledgers, strict=False))
    found = nothing_paid(tables)
    for prices, contract, term in found:
        ledger, sign = of_prices[prices], -1 if term == "readmissions" else 1
        chosen = (ledger.contract == contract) & (ledger.term == term)
        found[prices, contract, term] = (ledger.amount_pence[chosen] * sign).tolist()
    return found
